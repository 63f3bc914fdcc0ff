/**
 * Weft's command line. Exit codes: 0 done, 1 failed, 2 unusable arguments, 130 interrupted.
 */
import { CommanderError } from "commander";
import { host } from "./lib/host/mod.ts";
import { withoutSeparator } from "./lib/cli/arguments.ts";
import { printError, printErrorLine } from "./lib/cli/output.ts";
import { makeProgram } from "./lib/cli/program.ts";
import { WeftError } from "./lib/errors.ts";

/** Runs the command that `args` name and returns the exit code. */
export async function main(args: string[]): Promise<number> {
  let exitCode = 0;
  try {
    await makeProgram((code) => exitCode = code).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said why already; 0 stands for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // A command that says nothing has handed over to what started it.
    if (error instanceof WeftError && error.message === "") return error.exitCode;
    if (args.includes("--debug")) printError(host.inspect(error));
    else printErrorLine(`error: ${explain(error, args)}`);
    return error instanceof WeftError ? error.exitCode : 1;
  }
}

/** What an error of Weft's says, or what kind of defect this is. */
function explain(error: unknown, [command = "train"]: readonly string[]): string {
  if (error instanceof WeftError) return error.message;
  if (error instanceof host.errors.NotCapable) {
    // Who runs this file by hand has to grant what the tasks do.
    return `${error.message}; "deno task ${command}" has the permissions that it takes`;
  }
  return `${error} (this is a defect of Weft; add --debug for the details)`;
}

if (import.meta.main) host.exit(await main(withoutSeparator(host.args)));
