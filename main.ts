/**
 * Weft's command line. Exit codes: 0 done, 1 failed, 2 unusable arguments, 130 interrupted.
 */
import { CommanderError } from "commander";
import { withoutSeparator } from "./lib/cli/arguments.ts";
import { printError, printErrorLine } from "./lib/cli/output.ts";
import { makeProgram } from "./lib/cli/program.ts";
import { WeftError } from "./lib/errors.ts";

/** Runs the command that `args` name and returns the exit code. */
async function main(args: string[]): Promise<number> {
  let exitCode = 0;
  try {
    await makeProgram((code) => exitCode = code).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said why already; 0 stands for --help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = error instanceof WeftError;
    const forbidden = error instanceof Deno.errors.NotCapable;
    if (args.includes("--debug")) printError(Deno.inspect(error));
    else if (known) printErrorLine(`error: ${error.message}`);
    else if (forbidden) printErrorLine(`error: ${error.message}; ${hint(args)}`);
    else printErrorLine(`error: ${error} (this is a defect of Weft; add --debug for the details)`);
    return known ? error.exitCode : 1;
  }
}

/** Who runs this file by hand has to grant what the tasks do. */
function hint([command = "train"]: readonly string[]): string {
  return `"deno task ${command}" has the permissions that it takes`;
}

if (import.meta.main) Deno.exit(await main(withoutSeparator(Deno.args)));
