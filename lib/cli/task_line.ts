/** What to type where a task may not write: an option cannot change a task's permissions, but `deno run` can. */
import { join, resolve } from "node:path";
import { host } from "../host/mod.ts";
import config from "../../deno.json" with { type: "json" };
import { messageOf, WeftError } from "../errors.ts";
import { quoted } from "../run_log/search/trial_command.ts";
import { RUNS_DIR } from "../run_log/shared/file_names.ts";
import { createRunFolder } from "../run_log/run/run_folder.ts";
import { CHECKOUT, mayWrite, runsFolder, userFolder, variable } from "./places.ts";

type Named<T> = Readonly<Record<string, T>>;
const TASKS: Named<{ readonly command: string }> = config.tasks;

/**
 * The line of a shell that runs this command with leave for more than its task has.
 *
 * @param leave a flag of Deno's, which replaces the list of the task's set
 * @param extra arguments to add
 */
function lineWithLeave(leave: string, extra: readonly string[] = []): string {
  const [command = "train", ...args] = host.args;
  const task = TASKS[command]?.command ?? "";
  const set = /-P=(\S+)/.exec(task)?.[1] ?? "train";
  const lock = /--lock=(\S+)/.exec(task)?.[1];
  const home = variable("WEFT_HOME");
  return [
    ...(home ? [`WEFT_HOME=${word(home)}`] : []),
    `deno run -q -P=${set} ${leave}`,
    ...(lock ? [`--lock=${word(join(CHECKOUT, lock))}`] : []),
    word(join(CHECKOUT, "main.ts")),
    ...[command, ...args, ...extra].map(word),
  ].join(" ");
}

/** The same for leave to write to a folder, which is absolute or as a shell makes it of variables. */
function lineThatMayWrite(folder: string, extra?: readonly string[]): string {
  return lineWithLeave(`--allow-write=${word(folder)}`, extra);
}

/** The same for leave to read a folder and what the command itself takes. */
export function lineThatMayRead(folder: string, needed: readonly string[]): string {
  const folders = [resolve(folder), ...needed.map((name) => join(CHECKOUT, name))];
  return lineWithLeave(`--allow-read=${word(folders.join())}`);
}

/** As a shell takes it; `$HOME` stays a variable. */
function word(text: string): string {
  return text.startsWith("$HOME/") ? `"${text}"` : quoted(text);
}

/**
 * Refuses, before anything is computed, where this process may not write. What the operating system says comes later.
 *
 * @param folder to write to
 * @param refusal what cannot be done, why not, and what to do without leave
 * @throws {WeftError} with the refusal, and the line that has leave
 */
export function requireLeave(folder: string, refusal: string): void {
  if (folder === "" || mayWrite(folder)) return;
  const path = resolve(folder);
  // A comma separates two folders, and Deno has no way to say one that is a part of a name; a control character is not shown.
  throw new WeftError(
    /[,\p{Cc}]/u.test(path) || isAroundWeft(path)
      ? refusal
      : `${refusal}, or run: ${lineThatMayWrite(path)}`,
  );
}

/** Whether leave to write to a folder would be leave to change Weft itself, or the whole disk. */
function isAroundWeft(folder: string): boolean {
  return `${CHECKOUT}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/**
 * Refuses where this process may not write runs.
 *
 * @param name of the run, if it has one: a trial may write its own run and no other
 */
export function requireLeaveForRuns(name?: string): void {
  const runs = runsFolder();
  if (name !== undefined && mayWrite(join(runs, name))) return;
  requireLeave(
    runs,
    `Cannot keep runs in ${runs}: the task may write to ${join(CHECKOUT, RUNS_DIR)} only; ` +
      "leave out --runs and WEFT_HOME",
  );
}

/**
 * Makes the folder of a new run.
 *
 * @throws {WeftError} as `createRunFolder`; where the system forbids it, with the line that keeps runs elsewhere
 */
export function makeRunFolder(
  name: Parameters<typeof createRunFolder>[1],
): ReturnType<typeof createRunFolder> {
  try {
    return createRunFolder(runsFolder(), name);
  } catch (error) {
    throw withWayOut(error, "--runs", RUNS_DIR);
  }
}

/**
 * What to throw instead of an error of a folder that the operating system forbids to write to: it says how to write to
 * another. Other errors stay as they are.
 *
 * @param option that names another folder
 * @param name of the folder by default
 */
export function withWayOut(error: unknown, option: "--runs" | "--out", name: string): unknown {
  const cause = error instanceof WeftError ? error.cause : undefined;
  if (!isForbidden(cause)) return error;
  const reason = messageOf(error).replace(/; [^;]*$/, "");
  const isGiven = host.args.some((arg) => arg === option || arg.startsWith(`${option}=`));
  if (isGiven) {
    return new WeftError(`${reason}; name a folder that you may write to with ${option}`, {
      cause,
    });
  }
  const folder = placeElsewhere(name.replace(/\/$/, ""));
  // A slash at its end stays: some commands tell a folder from a file by it.
  const value = name.endsWith("/") ? `${folder}/` : folder;
  const line = lineThatMayWrite(folder, [option, value]);
  return new WeftError(`${reason}; to write elsewhere, run: ${line}`, { cause });
}

/** Whether the operating system said no: the folder is another's, or the file system is read-only. */
function isForbidden(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return error instanceof host.errors.PermissionDenied || code === "EROFS";
}

/** A folder that is likely to be the user's own. */
function placeElsewhere(name: string): string {
  const folder = userFolder();
  const isOutside = folder !== CHECKOUT && !folder.startsWith(join(CHECKOUT, "/"));
  return isOutside ? join(folder, name) : `$HOME/weft-${name}`;
}
