/**
 * The files of a trial's run as bytes, for another machine to continue with or to keep: the log and the checkpoints, and
 * what came out.
 *
 * Format: the length of the head (uint32, little-endian); the head, JSON, a list of names and lengths; the files' bytes.
 */
import { host } from "../../host/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { parseRunLog, type RunLog } from "../run/reader.ts";
import type { TrialMark } from "../run/records.ts";
import { isBeingWritten } from "../run/writer.ts";
import { CHECKPOINTS_DIR, LOG_FILE } from "../shared/file_names.ts";
import { HeldFolder } from "../shared/held_folder.ts";
import { readOwnFile } from "../shared/open_file.ts";
import { isTrial, startTrial } from "./trial_folder.ts";

/** Names that Weft gives: none leads anywhere else. */
const NAME = /^(checkpoints\/)?[a-z0-9][\w.-]{0,100}$/i;

/** Between two looks whether a process of a worker that was killed has ended. */
const LOOK_MS = 50;

export interface TrialFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of a run, also while it is trained: then the log has all that the checkpoints have, and more.
 *
 * @param root the folder of all runs
 * @returns null where there is no run of that trial
 */
export function packTrial(root: string, run: string, mark: TrialMark): Uint8Array | null {
  const path = `${root}/${run}`;
  if (!ownLog(root, run, mark)) return null;
  const files: TrialFile[] = [];
  const read = (name: string) => {
    // What is half-written, and what is removed meanwhile, is not taken.
    if (!NAME.test(name) || name.endsWith(".partial")) return;
    try {
      files.push({ name, bytes: readOwnFile(`${path}/${name}`) });
    } catch {
      return;
    }
  };
  for (const name of namesIn(`${path}/${CHECKPOINTS_DIR}`)) read(`${CHECKPOINTS_DIR}/${name}`);
  for (const name of namesIn(path)) if (name !== LOG_FILE) read(name);
  read(LOG_FILE);
  return packFiles(files);
}

export function packFiles(files: readonly TrialFile[]): Uint8Array {
  const head = new TextEncoder().encode(
    JSON.stringify(files.map(({ name, bytes }) => [name, bytes.length])),
  );
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 4 + head.length);
  const packed = new Uint8Array(total);
  new DataView(packed.buffer).setUint32(0, head.length, true);
  packed.set(head, 4);
  let at = 4 + head.length;
  for (const { bytes } of files) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** @throws {WeftError} where they are no such bytes */
export function unpackFiles(packed: Uint8Array): TrialFile[] {
  try {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    let at = 4 + view.getUint32(0, true);
    const head: [string, number][] = JSON.parse(new TextDecoder().decode(packed.subarray(4, at)));
    const files = head.map(([name, length]) => {
      if (!NAME.test(name) || !(length >= 0) || at + length > packed.length) throw new Error();
      return { name, bytes: packed.subarray(at, at += length) };
    });
    if (at !== packed.length) throw new Error();
    return files;
  } catch {
    throw new WeftError(
      "Cannot read the files of a trial: what the NATS server keeps of it is damaged; start another search",
    );
  }
}

/**
 * Makes or completes the folder of a trial's run, where the files come from further on in it than the folder is. Waits until
 * nobody writes there.
 *
 * @param packed as `packTrial` makes them
 * @throws {UsageError} where the name is that of something else, which is not touched
 * @throws {WeftError} where they cannot be written, or are of another trial
 */
export async function placeTrial(
  root: string,
  run: string,
  mark: TrialMark,
  packed: Uint8Array,
): Promise<void> {
  const files = unpackFiles(packed);
  const log = files.find(({ name }) => name === LOG_FILE);
  const theirs = log && parseRunLog(log.bytes);
  if (!theirs?.run || !isTrial(theirs.run, run, mark)) {
    throw new WeftError(`Cannot take the files of ${run} from elsewhere: they are another run's`);
  }
  while (isBeingWritten(`${root}/${run}/${LOG_FILE}`)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const ours = ownLog(root, run, mark);
  if (ours && lengthOf(ours) >= lengthOf(theirs)) return;
  if (!ours) {
    requireFree(root, run);
    // Whatever happens from here on, the folder is known to be the trial's.
    startTrial(root, theirs.run, mark).log.close();
  }
  const folder = HeldFolder.at(`${root}/${run}`);
  for (const { name, bytes } of files) {
    const [below, inner] = name.split("/");
    if (inner === undefined) await folder.write(name, bytes);
    else await folder.folder(below).write(inner, bytes);
  }
}

/** The log of the trial's run; null where there is none, or the name is another run's. */
export function ownLog(root: string, run: string, mark: TrialMark): RunLog | null {
  try {
    const log = parseRunLog(readOwnFile(`${root}/${run}/${LOG_FILE}`));
    return log.run && isTrial(log.run, run, mark) ? log : null;
  } catch {
    return null;
  }
}

/** @throws {UsageError} where something has the name of a trial's run */
export function requireFree(root: string, run: string): void {
  try {
    host.lstatSync(`${root}/${run}`);
  } catch {
    return;
  }
  throw new UsageError(
    `Cannot keep the trial ${run} in ${root}/${run}: something else has that name; ` +
      "move it away, or use another folder with --runs",
  );
}

/** How far it is: an end counts more than none. */
function lengthOf({ epochs, end }: RunLog): number {
  return (epochs.at(-1)?.epoch ?? 0) + (end ? 0.5 : 0);
}

function namesIn(path: string): string[] {
  try {
    return Array.from(host.readDirSync(path), ({ name }) => name);
  } catch {
    return [];
  }
}
