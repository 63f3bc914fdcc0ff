/** Finds and reads the model that a command is to use. */
import { host, installation } from "../host/mod.ts";
import { WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { decodeModel } from "../model/model_file.ts";
import { readNamedFile } from "./read_file.ts";
import { MODEL_FILE } from "../run_log/shared/file_names.ts";
import { requireOwnFile } from "../run_log/shared/open_file.ts";
import { runsFolder, userPath } from "./places.ts";

/**
 * @param named the name of a run, a model file, or a folder with one; the newest run by default
 * @throws {WeftError} where there is none, or it cannot be read or is not a model
 */
export async function loadModel(
  named: string | undefined,
): Promise<{ model: Model; path: string }> {
  const path = named === undefined ? newestModel() : await modelPath(named);
  const remedy = `name a model file, or a run below ${runsFolder()}/ that has one`;
  return { model: decodeModel(await readNamedFile(path, "the model", remedy), path), path };
}

/** A run goes before a file of the same name: runs are what users name most. */
async function modelPath(named: string): Promise<string> {
  if (named === "") {
    throw new WeftError('Cannot read the model "": the name is empty; name a run or a model file');
  }
  const path = userPath(named);
  const folders = isModelPath(named) ? [path] : [`${runsFolder()}/${named}`, path];
  for (const folder of folders) {
    const info = await host.stat(folder).catch(() => null);
    if (info?.isDirectory) return `${folder}/${MODEL_FILE}`;
  }
  return path;
}

/** Whether a model is named by its path, and not by its run. */
export function isModelPath(named: string): boolean {
  return /^\.|[/\\]/.test(named);
}

/** When a model was written, in milliseconds; undefined where there is none of Weft's own. */
function timeOf(path: string): number | undefined {
  try {
    return requireOwnFile(path).mtime?.getTime();
  } catch {
    return undefined;
  }
}

function runNames(): string[] {
  try {
    return Array.from(host.readDirSync(runsFolder()), ({ name }) => name);
  } catch {
    return [];
  }
}

function newestModel(): string {
  let newest: { path: string; time: number } | null = null;
  for (const name of runNames()) {
    const path = `${runsFolder()}/${name}/${MODEL_FILE}`;
    const time = timeOf(path);
    if (time !== undefined && (!newest || time > newest.time)) newest = { path, time };
  }
  if (newest) return newest.path;
  throw new WeftError(
    `Cannot choose a model: no run below ${runsFolder()}/ has one; ` +
      `run "${installation.program} train" first, or name a file with --model`,
  );
}
