/**
 * Makes the folder of a trial's run so that it never exists without the record that says whose it is. The folder is filled
 * under another name and then renamed: however its process is killed, `runs/NAME/` is a trial's only if its log says so,
 * and what a search has to clear away never has the name of a run.
 */

import { host } from "../../host/mod.ts";
import { syncFolder } from "../shared/atomic_file.ts";
import { LOG_FILE } from "../shared/file_names.ts";
import { ioFailure } from "../shared/io_failure.ts";
import { requireFreeRunName, type RunFolder } from "../run/run_folder.ts";
import type { RunRecord, TrialMark } from "../run/records.ts";
import { isBeingWritten, RunLogWriter } from "../run/writer.ts";

/** The folder and its log, which holds the record. */
interface StartedTrial {
  readonly folder: RunFolder;
  readonly log: RunLogWriter;
}

/**
 * @param root the folder of all runs
 * @param record the run's first record
 * @param mark what the search handed to the trial; it is in the record, and in the name of the folder while it is filled
 * @throws {UsageError} if the name is taken; what has it is not touched
 * @throws {WeftError} if the folder cannot be made
 */
export function startTrial(root: string, record: RunRecord, mark: TrialMark): StartedTrial {
  const { name } = record;
  const path = `${root}/${name}`;
  requireFreeRunName(root, name);
  const unfinished = `${root}/${unfinishedName(name, mark)}`;
  clearUnfinished(root, name, mark);
  try {
    // The search, which has made the folder of all runs, lets a trial write to these two alone.
    host.mkdirSync(unfinished);
  } catch (error) {
    throw ioFailure(`make the folder of the run ${path}`, error);
  }
  let log: RunLogWriter | undefined;
  try {
    log = RunLogWriter.create(`${unfinished}/${LOG_FILE}`);
    log.write(record);
    log.moveTo(`${path}/${LOG_FILE}`, () => {
      // A rename would take the place of an empty folder.
      requireFreeRunName(root, name);
      try {
        host.renameSync(unfinished, path);
      } catch (error) {
        throw ioFailure(`make the folder of the run ${path}`, error);
      }
    });
    syncFolder(root);
    return { folder: { name, path }, log };
  } catch (error) {
    log?.close();
    removeUnfinished(unfinished);
    throw error;
  }
}

/** Whether a run is that trial's, by what the trial wrote into its log; a copy under another name is not. */
export function isTrial(record: RunRecord, name: string, { search, trial }: TrialMark): boolean {
  const mark = record.trial;
  return record.name === name && mark?.search === search && mark.trial === trial;
}

/**
 * Clears away what a process left that was killed while it filled a trial's folder. Such a folder has the search's own
 * random mark in its name and nothing but a log in it; any other one stays.
 */
export function clearUnfinished(root: string, name: string, mark: TrialMark): void {
  const path = `${root}/${unfinishedName(name, mark)}`;
  if (!isBeingWritten(`${path}/${LOG_FILE}`)) removeUnfinished(path);
}

/** What a trial's folder is called while it is filled; no run's name begins with a full stop. */
export function unfinishedName(name: string, { search, trial }: TrialMark): string {
  return `.${name}.${search}.${trial}`;
}

/** Not recursively: a folder with anything else in it stays. */
function removeUnfinished(path: string): void {
  try {
    const names = Array.from(host.readDirSync(path), ({ name }) => name);
    if (names.some((name) => name !== LOG_FILE)) return;
    if (names.length > 0) host.removeSync(`${path}/${LOG_FILE}`);
    host.removeSync(path);
  } catch {
    // It is in nobody's way: no run has such a name.
  }
}
