/** Writes a model as a file that other tools read. */
import { dirname } from "node:path";
import { type FileInfo, host } from "../../host/mod.ts";
import { WeftError } from "../../errors.ts";
import { encodeOnnx } from "../../interchange/onnx.ts";
import type { Model } from "../../model/model.ts";
import { encodeModel } from "../../model/model_file.ts";
import { writeFileAtomically } from "../../run_log/shared/atomic_file.ts";
import { EXPORT_DIR, MODEL_FILE } from "../../run_log/shared/file_names.ts";
import { ioFailure } from "../../run_log/shared/io_failure.ts";
import { requireNoLinksBelow } from "../../run_log/shared/open_file.ts";
import { homePath } from "../places.ts";
import { requireLeave, withWayOut } from "../task_line.ts";

/**
 * The file to write.
 *
 * @param out a file, or a folder with a slash at its end: a file in it is then named after the
 * model's run, or after the model's file where that is no run's
 * @param modelPath where the model is from
 * @param extension without its full stop
 */
export function exportPath(out: string, modelPath: string, extension: string): string {
  if (!out.endsWith("/")) return out;
  const [file, folder] = modelPath.split(/[/\\]/).reverse();
  const isRun = file === MODEL_FILE && folder && !/^\.+$/.test(folder);
  const name = isRun ? folder : file.replace(/(.)\.[^.]*$/, "$1");
  return `${out}${name}.${extension}`;
}

/**
 * Writes an ONNX file.
 *
 * @returns how many bytes it has
 * @throws {WeftError} one line, where something of that name exists, it cannot be written, or the
 * model is too large for the format
 */
export async function exportOnnx(model: Model, path: string): Promise<number> {
  return await writeNewFile(path, () => encodeOnnx(model));
}

/**
 * Writes a safetensors file: the same bytes as a run's model file.
 *
 * @returns how many bytes it has
 * @throws {WeftError} one line, where something of that name exists or it cannot be written
 */
export async function exportSafetensors(model: Model, path: string): Promise<number> {
  return await writeNewFile(path, () => encodeModel(model));
}

/** Node takes it for a module wherever it lies. */
export const MODULE_EXTENSION = "mjs";

/** Where the types of a module lie, for TypeScript to find them; another name gets another ending. */
export function typesPath(module: string): string {
  return module.replace(/(?:\.([mc]?)js)?$/, (_, kind = "") => `.d.${kind}ts`);
}

/**
 * Writes files that belong together.
 *
 * @throws {WeftError} one line, where something of one of the names exists, or one cannot be written
 */
export async function writeNewFiles(
  files: readonly (readonly [path: string, contents: Uint8Array])[],
): Promise<void> {
  for (const [path] of files) await requireNothingAt(path);
  for (const [path, contents] of files) await writeNewFile(path, () => contents);
}

async function writeNewFile(path: string, encode: () => Uint8Array): Promise<number> {
  requireLeave(
    dirname(path), // A part of the file comes to be beside it.
    `Cannot export to ${path || '""'}: the task may write below ${EXPORT_DIR} only; ` +
      "name a file there with --out",
  );
  await requireNothingAt(path);
  const check = () => requireNoLinksBelow(homePath(EXPORT_DIR), path);
  check();
  const bytes = encode();
  try {
    const folder = path.replace(/[^/\\]*$/, "");
    if (folder !== "") await host.mkdir(folder, { recursive: true });
  } catch (error) {
    const failure = ioFailure(`make the folder of ${path}`, error);
    const explained = withWayOut(failure, "--out", EXPORT_DIR);
    if (explained !== failure) throw explained;
    // Else writing the file says what is wrong.
  }
  try {
    await writeFileAtomically(path, bytes, check);
  } catch (error) {
    throw withWayOut(error, "--out", EXPORT_DIR);
  }
  return bytes.length;
}

/** What is there may be somebody's only copy. A link to nowhere is something, too. */
async function requireNothingAt(path: string): Promise<void> {
  let found: FileInfo;
  try {
    found = await host.lstat(path);
  } catch {
    return; // Nothing, or nothing that can be seen: writing the file says what is wrong.
  }
  if (found.isDirectory) {
    throw new WeftError(
      `Cannot export to ${path}: it is a folder; name a file in it, or put / at its end`,
    );
  }
  throw new WeftError(
    `Cannot export to ${path}: it exists, and nothing is overwritten; name another file with --out`,
  );
}
