/**
 * The command line of both hosts: `[--port N] [--runs DIR]`. Reads it, listens, and says in one line why it cannot.
 *
 * Exit codes: 1 failed, 2 unusable arguments. Ctrl-C ends it.
 */

import { Command, CommanderError, Option } from "commander";
import { VERSION, withoutSeparator } from "../../lib/cli/arguments.ts";
import { print, printErrorLine } from "../../lib/cli/output.ts";
import { homePath, userPath } from "../../lib/cli/places.ts";
import { withSuggestion } from "../../lib/cli/suggestions.ts";
import { UsageError, WeftError } from "../../lib/errors.ts";
import type { Handler } from "../../lib/local_server/server.ts";
import { RUNS_DIR } from "../../lib/run_log/shared/file_names.ts";
import { RunStore } from "../store/run_store.ts";
import { listen } from "./listen.ts";

interface Options {
  readonly port: number;
  readonly runs: string;
}

function readOptions(name: string, args: string[]): Options {
  const program = new Command(name)
    .description(
      "Show runs on a local page: watch them train, compare them, see what they get wrong.",
    )
    .allowExcessArguments(false)
    .version(VERSION, "--version", "print Weft's version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text.replace(/\n$/, "")),
      outputError: (text) =>
        printErrorLine(
          `${withSuggestion(text.trim().replace(/\s*\n\s*/g, " "), known())}; see "${name} --help"`,
        ),
      // Asking whether the terminal has colors would take leave to read the environment.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addOption(
      new Option("--port <n>", "port to listen at; the next free one if it is taken")
        .default(8421).argParser(readPort),
    )
    .addOption(
      new Option("--runs <dir>", "folder of runs").argParser(userPath)
        .default(homePath(RUNS_DIR), JSON.stringify(RUNS_DIR)),
    );
  const known = () => program.options.map(({ long }) => long ?? undefined);
  return program.parse(withoutSeparator(args), { from: "user" }).opts();
}

function exists(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
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

/**
 * Runs a host until it is ended.
 *
 * @param name of the command, for its help
 * @param makeHandler is given the runs, and makes what answers requests
 */
export async function runCommand(
  name: string,
  makeHandler: (store: RunStore) => Handler | Promise<Handler>,
): Promise<void> {
  try {
    const { port, runs } = readOptions(name, Deno.args);
    const store = new RunStore(runs);
    const served = listen(port, await makeHandler(store));
    // Reads the folder now, so that the first page need not wait for it.
    store.list();
    if (store.problem) printErrorLine(`error: ${store.problem}`);
    else if (!exists(runs)) {
      printErrorLine(`note: there is no folder ${runs} yet; its runs are shown once it is there`);
    }
    await served;
  } catch (error) {
    // Commander has said why already; 0 stands for --help.
    if (error instanceof CommanderError) Deno.exit(error.exitCode === 0 ? 0 : 2);
    if (!(error instanceof WeftError)) throw error;
    printErrorLine(`error: ${error.message}`);
    Deno.exit(error.exitCode);
  }
}
