/**
 * Starts commands in processes of their own, which may do less than the one that starts them: they may read, no more than
 * they are told to write, use no network and start no program. What is run is this Deno with this main.ts; a file that
 * the user brings decides about nothing before its name, and after it about options of the command alone.
 */
import { fileURLToPath } from "node:url";
import { RUNS_DIR } from "../run_log/file_names.ts";
import { checkRunName } from "../run_log/run_folder.ts";
import { denoProgram } from "./deno_program.ts";
import { FETCHES_VARIABLE } from "./first_start.ts";

const [MAIN, CONFIG] = ["../../main.ts", "../../deno.json"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)));

const COLORS = ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"];

/**
 * A trial. It may write the run's folder and nothing else.
 *
 * @param run its name, which `checkRunName` has found good
 * @param args of `train`
 */
export function startTrain(run: string, args: readonly string[]): Deno.ChildProcess {
  checkRunName(run);
  const write = `--allow-write=${RUNS_DIR}/${run}`;
  return startWeft([write, allowEnv("WEFT_DATA_DIR", "XDG_RUNTIME_DIR")], ["train", ...args]);
}

/** `data --json`, which may write nothing. */
export function startData(args: readonly string[]): Deno.ChildProcess {
  return startWeft([allowEnv("WEFT_DATA_DIR", FETCHES_VARIABLE)], ["data", "--json", ...args]);
}

function allowEnv(...names: string[]): string {
  return `--allow-env=${[...names, ...COLORS].join()}`;
}

function startWeft(permissions: readonly string[], args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(denoProgram(), {
    args: [
      ...["run", "-q", "--no-prompt", "--allow-read", ...permissions],
      ...["--config", CONFIG, MAIN, ...args],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
