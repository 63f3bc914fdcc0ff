/**
 * Shows runs on a local page: `deno task dashboard [--port N] [--runs DIR]`. The npm host; see fresh.ts for the other.
 *
 * Exit codes: 1 failed, 2 unusable arguments. Ctrl-C ends it.
 */

import { Command, CommanderError, Option } from "commander";
import { messageOf, UsageError, WeftError } from "../lib/errors.ts";
import { site } from "./build/site.ts";
import { createApp } from "./host/app.tsx";
import { Assets } from "./host/assets.ts";
import { listen } from "./host/listen.ts";
import { sortRoutes } from "./host/site.ts";
import { RunStore } from "./store/run_store.ts";

interface Options {
  readonly port: number;
  readonly runs: string;
}

const here = new URL("./", import.meta.url);

function readOptions(args: string[]): Options {
  const program = new Command("deno task dashboard")
    .description(
      "Show runs on a local page: watch them train, compare them, see what they get wrong.",
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, " ")}\n`),
      // Asking whether the terminal has colours would take leave to read the environment.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addOption(
      new Option("--port <n>", "port to listen at; the next free one where it is taken")
        .default(8421).argParser(readPort),
    )
    .addOption(new Option("--runs <dir>", "folder of runs").default("runs"));
  return program.parse(args, { from: "user" }).opts();
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(
    `Cannot read --port ${
      JSON.stringify(text)
    }: it must be a whole number from 0 to 65535, and 0 takes any free one`,
  );
}

async function main(args: string[]): Promise<void> {
  const { port, runs } = readOptions(args);
  const store = new RunStore(runs);
  const app = createApp({
    routes: sortRoutes(site.routes),
    client: { entry: site.entry, islands: new Map(site.islands), imports: site.imports },
    assets: new Assets(here.pathname),
    store,
    onError: (error) => console.error(error),
  });
  const server = listen(port, app.fetch);
  // Reads the folder now, so that the first page need not wait for it.
  store.list();
  if (store.problem) console.error(`error: ${store.problem}`);
  await server.finished;
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    // Commander has said why already; 0 stands for --help.
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : 2);
    if (!(error instanceof WeftError)) throw error;
    console.error(`error: ${messageOf(error)}`);
    Deno.exit(error.exitCode);
  }
}
