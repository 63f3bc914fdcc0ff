/** Writes the folder of an exported predictor, and nothing into anybody else's. */
import { FIRST_LINE } from "../edge/export/bundle.ts";
import { FILE_NAMES, type FileName } from "../edge/export/predictor_files.ts";
import { UsageError, WeftError } from "../errors.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import { ioFailure } from "../run_log/io_failure.ts";

/**
 * @throws {UsageError} where the name is empty
 * @throws {WeftError} where something else than an earlier export, or an empty folder, is there
 */
export async function requireOwnFolder(out: string): Promise<void> {
  if (out === "") {
    throw new UsageError('Cannot export to "": the name of the folder is empty; name a folder');
  }
  const names = await namesIn(out);
  const strangers = names.filter((name) => !FILE_NAMES.includes(name as FileName));
  const isOwn = strangers.length === 0 && (names.length === 0 || await isPredictor(out));
  if (isOwn) return;
  const what = strangers[0] ?? names[0];
  throw new WeftError(
    `Cannot export to ${out}: the folder holds ${JSON.stringify(what)}, which no export made; ` +
      "name a new folder with --out, or empty this one",
  );
}

/** Writes the files; the folder comes to be where it is not. */
export async function writeFolder(
  out: string,
  files: ReadonlyMap<FileName, Uint8Array>,
): Promise<void> {
  try {
    await Deno.mkdir(out, { recursive: true });
  } catch (error) {
    throw ioFailure(`make the folder ${out}`, error);
  }
  for (const name of FILE_NAMES) await writeFileAtomically(`${out}/${name}`, files.get(name)!);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw ioFailure(`export to ${folder}`, error);
  }
}

/** Whether its module begins as those of exports do. */
async function isPredictor(folder: string): Promise<boolean> {
  const text = await Deno.readTextFile(`${folder}/predictor.js`).catch(() => "");
  return text.startsWith(FIRST_LINE);
}
