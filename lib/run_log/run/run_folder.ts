/**
 * Names and makes the folder of a run, `runs/NAME/`. A name is never reused, so no run overwrites
 * another.
 */

import { host } from "../../host/mod.ts";
import { UsageError } from "../../errors.ts";
import { syncFolder } from "../shared/atomic_file.ts";
import { removeAbandoned } from "../shared/folder_claim.ts";
import { ioFailure } from "../shared/io_failure.ts";

/** Long enough for a sentence, short enough for every file system and for a table of runs. */
const MAX_NAME_LENGTH = 100;

/** Names to try for a run without one before giving up: as many runs started in the same second. */
const MAX_SUFFIX = 1000;

/** What a run's folder is called when nobody says. */
export interface DefaultName {
  readonly preset: string;
  readonly startedAt: Date;
}

/** What a comparison's folder is called when nobody says. */
interface DefaultComparisonName {
  readonly comparedAt: Date;
}

/** What a search's folder is called when nobody says. */
interface DefaultSearchName {
  readonly searchedAt: Date;
}

/** A folder that was just made. */
export interface RunFolder {
  readonly name: string;
  readonly path: string;
}

/**
 * Makes the folder of a new run, and `root` where it is missing.
 *
 * @param root The folder of all runs.
 * @param name What the user called the run, or what to make a name of:
 *     `2026-11-23_193107_baseline`, in local time because that is the clock a user remembers a run
 *     by, or `compare-2026-11-23_193107`, `search-2026-11-23_193107`; a taken one gets `-2`, `-3`
 *     and so on.
 * @throws {UsageError} If the user's name cannot be a folder's name, or is taken.
 * @throws {WeftError} If the folder cannot be made.
 */
export function createRunFolder(
  root: string,
  name: string | DefaultName | DefaultComparisonName | DefaultSearchName,
): RunFolder {
  if (typeof name === "string") {
    checkRunName(name);
    const folder = tryToCreate(root, name);
    if (folder === null) throw taken(root, name);
    return folder;
  }
  const stem = "preset" in name
    ? `${timestamp(name.startedAt)}_${name.preset}`
    : "comparedAt" in name
    ? `compare-${timestamp(name.comparedAt)}`
    : `search-${timestamp(name.searchedAt)}`;
  for (let suffix = 1; suffix <= MAX_SUFFIX; suffix++) {
    const folder = tryToCreate(root, suffix === 1 ? stem : `${stem}-${suffix}`);
    if (folder !== null) return folder;
  }
  throw new UsageError(
    `Cannot find a free name for the run: ${root}/${stem} to ${stem}-${MAX_SUFFIX} exist; ` +
      "choose a name.",
  );
}

/**
 * Checks a name before anything is trained.
 *
 * @throws {UsageError} If `name` cannot be the name of a run.
 */
export function checkRunName(name: string): void {
  const reason = whyNotARunName(name);
  if (reason === null) return;
  throw new UsageError(
    `Cannot name a run ${JSON.stringify(name.slice(0, MAX_NAME_LENGTH))}: ${reason}; ` +
      'use letters from A to Z, digits, "_", "-" and "." only, for example "wide-net_2".',
  );
}

/**
 * Checks, before anything is computed, that a folder of that name can be made. Making it is what
 * decides.
 *
 * @throws {UsageError} If `name` cannot be the name of a run, or is taken.
 */
export function requireFreeRunName(root: string, name: string): void {
  checkRunName(name);
  removeAbandoned(`${root}/${name}`);
  try {
    host.lstatSync(`${root}/${name}`); // A link to nowhere is something, too.
  } catch {
    return;
  }
  throw taken(root, name);
}

function taken(root: string, name: string): UsageError {
  return new UsageError(
    `Cannot start a run named "${name}": ${root}/${name} exists, and a name is never reused; ` +
      "choose another name.",
  );
}

function whyNotARunName(name: string): string | null {
  if (name === "") return "a name cannot be empty";
  if (name.length > MAX_NAME_LENGTH) {
    return `a name has at most ${MAX_NAME_LENGTH} characters, and this one has ${name.length}`;
  }
  if (/[/\\]/.test(name)) return "a name is not a path";
  if (name.includes("..")) return 'a name cannot contain ".."';
  if (/^[.-]/.test(name)) return `a name cannot start with "${name[0]}"`;
  if (name.endsWith(".")) return 'a name cannot end with "."'; // Windows drops such a full stop.
  const stranger = /[^A-Za-z0-9._-]/u.exec(name);
  return stranger === null ? null : `a name cannot contain ${JSON.stringify(stranger[0])}`;
}

/**
 * Null where the name is taken. `mkdir` decides, so two runs started at once cannot get one folder.
 */
function tryToCreate(root: string, name: string): RunFolder | null {
  const path = `${root}/${name}`;
  try {
    host.mkdirSync(root, { recursive: true });
  } catch (error) {
    // A trial may write its own folder alone; the search has made the one around it.
    if (!(error instanceof host.errors.NotCapable)) {
      throw ioFailure(`make the folder of runs ${root}`, error);
    }
  }
  try {
    host.mkdirSync(path);
    syncFolder(root);
  } catch (error) {
    if (error instanceof host.errors.AlreadyExists) return null;
    throw ioFailure(`make the folder of the run ${path}`, error);
  }
  return { name, path };
}

/** 2026-11-23_193107, in local time. */
function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}_` +
    two(date.getHours()) + two(date.getMinutes()) + two(date.getSeconds());
}
