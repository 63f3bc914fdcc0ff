/**
 * Weft's command line. Exit codes: 0 done, 1 failed, 2 unusable arguments, 130 interrupted.
 */
import { CommanderError } from "commander";
import { printError } from "./lib/cli/output.ts";
import { makeProgram } from "./lib/cli/program.ts";
import { WeftError } from "./lib/errors.ts";

/** Runs the command that `args` name and returns the exit code. */
async function main(args: string[]): Promise<number> {
  const debug = args.includes("--debug");
  let exitCode = 0;
  try {
    const program = makeProgram((code) => exitCode = code);
    await program.parseAsync(args.filter((arg) => arg !== "--debug"), { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (debug) printError(String((error as Error)?.stack ?? error));
    else if (error instanceof WeftError) printError(`error: ${error.message}`);
    else printError(`error: ${error} (this is a defect of Weft; add --debug for the details)`);
    return error instanceof WeftError ? error.exitCode : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
