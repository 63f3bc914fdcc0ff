/**
 * Runs a command where Fashion-MNIST is not in the cache: `deno run --allow-run=deno first_start.ts ARGUMENTS...` is
 * `deno ARGUMENTS...`, except that a command which needs the data is given again once they have been fetched. Tasks
 * begin with it on a machine's first start only. It is apart so that the process which may start others reads nothing,
 * imports no package, and hands on its arguments without a look; and so that the one which fetches may not do more.
 */
import { fileURLToPath } from "node:url";
import { type ChildProcess, host, type Signal } from "../host/mod.ts";
import { WeftError } from "../errors.ts";
import { denoProgram } from "./deno_program.ts";

/** Says to a command that what started it fetches Fashion-MNIST. */
export const FETCHES_VARIABLE = "WEFT_FETCHES";

/** Exit code of a command that needs Fashion-MNIST to be fetched. */
export const NEEDS_DATA = 75;

const [FETCH, CONFIG] = ["./fetch_main.ts", "../../deno.json"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)));

const FETCH_ARGUMENTS = ["run", "-q", "--no-prompt", "-P=fetch", "--config", CONFIG, FETCH];

async function runWithData(command: readonly string[]): Promise<number> {
  const code = await runDeno(command, { [FETCHES_VARIABLE]: "1" });
  if (code !== NEEDS_DATA) return code;
  const fetchCode = await runDeno(FETCH_ARGUMENTS);
  return fetchCode === 0 ? await runDeno(command) : fetchCode;
}

async function runDeno(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const child = new host.Command(denoProgram(), { args: [...args], env }).spawn();
  using _ = signalsTo(child);
  return (await child.status).code;
}

/** Hands on what asks a process to end. From a terminal, Ctrl-C comes to every process that it shows. */
export function signalsTo(child: ChildProcess): Disposable {
  const isShown = [host.stdin, host.stdout, host.stderr].some((stream) => stream.isTerminal());
  const windows = host.build.os === "windows";
  const listeners: [Signal, () => void][] = [
    ["SIGINT", () => isShown || windows || child.kill("SIGINT")],
    windows ? ["SIGBREAK", () => {}] : ["SIGTERM", () => child.kill("SIGTERM")],
  ];
  for (const [name, listener] of listeners) host.addSignalListener(name, listener);
  return {
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) host.removeSignalListener(name, listener);
    },
  };
}

if (import.meta.main) {
  try {
    host.exit(await runWithData(host.args));
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    console.error(`error: ${error.message}`);
    host.exit(error.exitCode);
  }
}
