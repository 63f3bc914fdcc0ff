/** Finds and reads the model that a command is to use. */
import { UsageError, WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { decodeModel } from "../model/model_file.ts";
import { MODEL_FILE, RUNS_DIR } from "./run_files.ts";

/**
 * @param named a model file or the name of a run; the newest run where left out
 * @throws {UsageError} where there is no such file
 * @throws {WeftError} where it cannot be read or is not a model
 */
export async function loadModel(
  named: string | undefined,
): Promise<{ model: Model; path: string }> {
  const path = named === undefined ? await newestModel() : await modelPath(named);
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(
        `Cannot read the model ${path}: there is no such file; name a model file, or a run below ${RUNS_DIR}/`,
      );
    }
    throw new WeftError(`Cannot read the model ${path}: ${(error as Error).message}`);
  }
  return { model: decodeModel(bytes, path), path };
}

async function modelPath(named: string): Promise<string> {
  const info = await Deno.stat(named).catch(() => null);
  if (info?.isFile) return named;
  if (info?.isDirectory) return `${named}/${MODEL_FILE}`;
  const isName = !named.includes("/") && !named.includes("\\") && !named.includes("..");
  return isName && !named.endsWith(".safetensors") ? `${RUNS_DIR}/${named}/${MODEL_FILE}` : named;
}

async function newestModel(): Promise<string> {
  let newest: { path: string; time: number } | null = null;
  const runs = await Array.fromAsync(Deno.readDir(RUNS_DIR)).catch(() => []);
  for (const { name } of runs) {
    const path = `${RUNS_DIR}/${name}/${MODEL_FILE}`;
    const time = (await Deno.stat(path).catch(() => null))?.mtime?.getTime();
    if (time !== undefined && (!newest || time > newest.time)) newest = { path, time };
  }
  if (newest) return newest.path;
  throw new UsageError(
    `Cannot choose a model: no run below ${RUNS_DIR}/ has one; run "deno task train" first, or name a file with --model`,
  );
}
