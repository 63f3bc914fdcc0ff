/**
 * Where the command line looks for what the user names, and where it keeps what it writes.
 *
 * A task runs in the checkout's root, wherever the user stands. Paths that a user types are relative to the folder where the
 * user stands. The folders `runs/` and `dist/` are in the home folder: `WEFT_HOME`, or the current folder if the process may
 * write there, or the checkout. A path in the current folder stays relative, so that messages are short.
 */
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { host } from "../host/mod.ts";
import { EXPORT_DIR, RUNS_DIR } from "../run_log/shared/file_names.ts";
import { quoted } from "../run_log/search/trial_command.ts";

/** The folder of main.ts and deno.json. */
export const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url)).replace(/(.)[/\\]$/, "$1");

/** What Weft may own in its home folder. */
const CACHE = join("data", "cache");
const KEPT = [RUNS_DIR, EXPORT_DIR];
const WRITTEN = [...KEPT, CACHE];

/** The value of a variable; undefined if it is empty or this process may not read it. */
export function variable(name: string): string | undefined {
  const { state } = host.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? host.env.get(name) || undefined : undefined;
}

/** The folder where the user stands: `deno task` leaves it in INIT_CWD and then goes to the checkout. */
export function userFolder(): string {
  const current = host.cwd();
  const called = variable("INIT_CWD");
  // Elsewhere, the variable is left over from a task that started something that started this.
  return called && isAbsolute(called) && isSame(current, CHECKOUT) ? called : current;
}

function homeFolder(): string {
  const named = variable("WEFT_HOME");
  if (named) return resolve(userFolder(), named);
  const current = host.cwd();
  // Relative paths of flags mean the current folder, and those of deno.json's permission sets mean the checkout.
  const candidates = [current, CHECKOUT];
  return candidates.find((folder) => WRITTEN.some((name) => mayWrite(join(folder, name)))) ??
    // What only reads looks where there is something.
    candidates.find((folder) => KEPT.some((name) => exists(join(folder, name)))) ?? current;
}

/** A path that the user typed, relative to where the user stands. A slash at its end stays. */
export function userPath(path: string): string {
  if (path === "" || isAbsolute(path) || isSame(host.cwd(), userFolder())) return path;
  const end = /[/\\]$/.test(path) ? "/" : "";
  return resolve(userFolder(), path) + end;
}

/** The path of a folder of Weft's own, such as `dist/`. */
export function homePath(name: string): string {
  const home = homeFolder();
  return isSame(host.cwd(), home) ? name : join(home, name);
}

let runsGiven: string | undefined;

/** Takes the value of `--runs`, a path that `userPath` has read; undefined stands for the default. */
export function useRunsFolder(folder: string | undefined): void {
  runsGiven = folder;
}

/** The folder of all runs, without a slash at its end. */
export function runsFolder(): string {
  return runsGiven?.replace(/(.)[/\\]+$/, "$1") ?? homePath(RUNS_DIR);
}

/** What a command to type has after the name of a run: nothing if that is in the default folder. */
export function runsArgument(): string {
  return runsGiven === undefined ? "" : ` --runs ${quoted(runsFolder())}`;
}

/** Where downloaded data is kept; undefined if the default is right, the checkout's `data/cache`. */
export function cacheFolder(): string | undefined {
  return variable("WEFT_HOME") ? join(homeFolder(), CACHE) : undefined;
}

/** The data folder that WEFT_DATA_DIR names. */
export function dataFolderOfEnvironment(): string | undefined {
  const named = variable("WEFT_DATA_DIR");
  return named === undefined ? undefined : userPath(named);
}

/** Whether this process may write to a path, as far as Deno's permissions say. */
export function mayWrite(path: string): boolean {
  return host.permissions.querySync({ name: "write", path }).state === "granted";
}

function exists(path: string): boolean {
  if (host.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  try {
    host.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return host.realPathSync(a) === host.realPathSync(b);
  } catch {
    return false;
  }
}
