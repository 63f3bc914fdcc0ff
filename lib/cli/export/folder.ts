/** Writes the folder of an exported predictor, and nothing into anybody else's. */
import { join } from "node:path";
import { host } from "../../host/mod.ts";
import { FIRST_LINE } from "../../edge/export/bundle.ts";
import { FILE_NAMES, type FileName } from "../../edge/export/predictor_files.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { EXPORT_DIR } from "../../run_log/shared/file_names.ts";
import { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { homePath } from "../places.ts";
import { requireLeave, withWayOut } from "../task_line.ts";
import { ioFailure } from "../../run_log/shared/io_failure.ts";
import { isBelow, NoOwnFileError, requireNoLinksBelow } from "../../run_log/shared/open_file.ts";

/**
 * @throws {UsageError} where the name is empty
 * @throws {WeftError} where the folder holds files, and no earlier export's; where it is a link; or may not be written to
 */
export async function requireOwnFolder(out: string): Promise<void> {
  if (out === "") {
    throw new UsageError('Cannot export to "": the name of the folder is empty; name a folder');
  }
  requireLeave(
    out,
    `Cannot export to ${out}: the task may write to ${EXPORT_DIR} and to folders in it; ` +
      `name one of those with --out, such as ${EXPORT_DIR}wide`,
  );
  requireNoLinks(out);
  const [first] = filesIn(out);
  if (first === undefined || await isPredictor(out)) return;
  throw new WeftError(
    `Cannot export to ${out}: it holds ${JSON.stringify(first)} and no earlier export; ` +
      "name another folder with --out",
  );
}

/** All of the exports may lie behind a link, but none of them. */
function requireNoLinks(out: string): void {
  try {
    requireNoLinksBelow(EXPORT_DIR, out);
  } catch (error) {
    if (!(error instanceof NoOwnFileError)) throw error;
    throw new WeftError(
      `Cannot export to ${out}: ${error.message}; name another folder with --out`,
    );
  }
}

/**
 * Writes the files; the folder comes to be where it is not.
 *
 * @throws {WeftError} where they cannot be written, or the folder is removed or replaced meanwhile
 */
export async function writeFolder(
  out: string,
  files: ReadonlyMap<FileName, Uint8Array>,
): Promise<void> {
  try {
    await host.mkdir(out, { recursive: true });
  } catch (error) {
    throw withWayOut(ioFailure(`make the folder ${out}`, error), "--out", EXPORT_DIR);
  }
  try {
    await requireOwnFolder(out); // Somebody may have put something there since.
    const folder = isBelow(homePath(EXPORT_DIR), out) ? HeldFolder.at(out) : HeldFolder.root(out);
    for (const name of FILE_NAMES) await folder.write(name, files.get(name)!);
  } catch (error) {
    throw withWayOut(error, "--out", EXPORT_DIR);
  }
}

/** What lies in a folder under the names of a predictor's files. */
function filesIn(folder: string): string[] {
  try {
    const names = Array.from(host.readDirSync(folder), ({ name }) => name);
    return names.filter((name) => FILE_NAMES.some((own) => own === name)).sort();
  } catch (error) {
    if (error instanceof host.errors.NotFound) return [];
    throw ioFailure(`export to ${folder}`, error);
  }
}

/** Whether its module begins as those of exports do. */
export async function isPredictor(folder: string): Promise<boolean> {
  const text = await host.readTextFile(join(folder, "predictor.js")).catch(() => "");
  return text.startsWith(FIRST_LINE);
}
