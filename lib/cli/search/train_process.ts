/**
 * Starts commands in processes of their own, which may do less than the one that starts them: they may read, no more than
 * they are told to write, use no network and start no program. What is run is this Deno with this main.ts; a file that
 * the user brings decides about nothing before its name, and after it about options of the command alone.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChildProcess, host, installation } from "../../host/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { RUNS_DIR } from "../../run_log/shared/file_names.ts";
import { checkRunName } from "../../run_log/run/run_folder.ts";
import type { TrialMark } from "../../run_log/run/records.ts";
import { unfinishedName } from "../../run_log/search/trial_folder.ts";
import { denoProgram } from "../deno_program.ts";
import { FETCHES_VARIABLE } from "../first_start.ts";
import { runsFolder } from "../places.ts";

const [MAIN, CONFIG] = ["../../../main.ts", "../../../deno.json"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** Node and Bun have none to give to a process. */
const hasPermissions = "Deno" in globalThis;

/** What every command reads: where the user stands, and where Weft keeps its files. */
const VARIABLES = ["INIT_CWD", "WEFT_HOME", "WEFT_DATA_DIR"];

/**
 * A trial. It may write the run's folder, under the name that this has while it is filled too, and nothing else.
 *
 * @param run its name, which `checkRunName` has found good
 * @param args of `train`
 * @param launcher a program that starts it, and its arguments; none by default
 * @throws {WeftError} where the system has no room for another process
 */
export function startTrain(
  run: string,
  mark: TrialMark | null,
  args: readonly string[],
  launcher: readonly string[] = [],
): ChildProcess {
  checkRunName(run);
  const runs = runsFolder();
  const elsewhere = runs === RUNS_DIR ? [] : ["--runs", resolve(runs)];
  const folders = [run, ...(mark ? [unfinishedName(run, mark)] : [])];
  const write = `--allow-write=${folders.map((name) => `${runs}/${name}`).join()}`;
  return startWeft(
    [write, allowEnv("XDG_RUNTIME_DIR")],
    ["train", ...args, ...elsewhere],
    launcher,
  );
}

/** `data --json`, which may write nothing. */
export function startData(args: readonly string[]): ChildProcess {
  return startWeft([allowEnv(FETCHES_VARIABLE)], ["data", "--json", ...args]);
}

function allowEnv(...names: string[]): string {
  return `--allow-env=${[...VARIABLES, ...names].join()}`;
}

/** @throws {UsageError} if this process may not start a program */
export function requireMayStart(program: string): void {
  if (host.permissions.querySync({ name: "run", command: program }).state === "granted") return;
  throw new UsageError(
    `Cannot start trials with ${program}: the task may start deno and srun only, and there must be such a program; ` +
      `for another, run main.ts with "deno run -P=search --allow-run=deno,${program}"`,
  );
}

function startWeft(
  permissions: readonly string[],
  args: readonly string[],
  launcher: readonly string[] = [],
): ChildProcess {
  const config = installation.main === null ? ["--config", CONFIG] : [];
  const main = installation.main ?? MAIN;
  const deno = ["run", "-q", "--no-prompt", "--allow-read", ...permissions, ...config];
  const [program, ...first] = [...launcher, hasPermissions ? denoProgram() : host.execPath()];
  const command = new host.Command(program, {
    args: [...first, ...(hasPermissions ? deno : []), main, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    return command.spawn();
  } catch (error) {
    if (!(error instanceof host.errors.WouldBlock)) throw error;
    throw new WeftError(
      "Cannot start a trial: the system allows no more processes (ulimit -u, or a container's limit); " +
        "train fewer at once with --workers",
    );
  }
}
