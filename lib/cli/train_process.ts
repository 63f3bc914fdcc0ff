/** Starts `train` in a process of its own, which may do less than the one that starts it. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WeftError } from "../errors.ts";
import { RUNS_DIR } from "../run_log/file_names.ts";
import { runsFolder } from "./places.ts";

const [MAIN, CONFIG] = ["../../main.ts", "../../deno.json"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** What the set `train` in deno.json lets it read. */
const VARIABLES = [
  "INIT_CWD",
  "WEFT_HOME",
  "WEFT_DATA_DIR",
  "XDG_RUNTIME_DIR",
  "NO_COLOR",
  "FORCE_COLOR",
  "CLICOLOR_FORCE",
];

/**
 * It may read, and write runs. It fetches no data and starts no programs: whoever starts it has found the data.
 *
 * @param args of `train`
 * @throws {WeftError} where the system has no room for another process
 */
export function startTrain(args: readonly string[]): Deno.ChildProcess {
  const runs = runsFolder();
  const command = new Deno.Command(denoProgram(), {
    args: [
      ...["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${runs}`],
      ...[
        `--allow-env=${VARIABLES.join()}`,
        "--config",
        CONFIG,
        MAIN,
        "train",
        ...args,
        ...(runs === RUNS_DIR ? [] : ["--runs", resolve(runs)]),
      ],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  try {
    return command.spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    throw new WeftError(
      "Cannot start a trial: the system allows no more processes (ulimit -u, or a container's limit); " +
        "train fewer at once with --workers",
    );
  }
}

/**
 * This Deno. Leave is given for the `deno` of the path; where that is a script which starts another file, as npx leaves
 * it, its name is what may be run.
 */
function denoProgram(): string {
  const command = Deno.execPath();
  return Deno.permissions.querySync({ name: "run", command }).state === "granted"
    ? command
    : "deno";
}
