/** Writes a file so that it is there whole or not at all. */

import { type FsFile, host } from "../../host/mod.ts";
import { ioFailure } from "./io_failure.ts";
import { parts, requireNoLink, requireSameFile } from "./open_file.ts";

/** What a process that was killed leaves of the file whose name comes before. */
const PARTIAL = /^\.[0-9a-f]{8}\.partial$/;

/**
 * Writes `bytes` to a temporary file beside `path`, forces them onto the disk, and renames it to
 * `path`. A reader sees the old file or the new one, never a part; where anything fails, the old
 * file stays and the temporary one goes. What killed processes left of the same file goes, too.
 *
 * @param check Throws where the folder is not the one to write into; called before and after.
 * @throws {WeftError} If the file cannot be written: no such folder, a link in its place, no permission, a full disk.
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
  check: () => void = () => requireNoLink(parts(path).folder),
): Promise<void> {
  const temporaryPath = `${path}.${crypto.randomUUID().slice(0, 8)}.partial`;
  const { folder } = parts(path);
  try {
    check();
    removeAbandoned(path);
    await writeAndSync(temporaryPath, bytes);
    check();
    await host.rename(temporaryPath, path);
    syncFolder(folder);
  } catch (error) {
    await host.remove(temporaryPath).catch(() => {}); // It may never have been made.
    throw ioFailure(`write ${path}`, error);
  }
}

/**
 * Forces onto the disk which files a folder has: else a power cut may take back a new name, or a rename. Does nothing where
 * the system cannot, as on Windows.
 */
export function syncFolder(path: string): void {
  try {
    using folder = host.openSync(path);
    folder.syncSync();
  } catch {
    // What was written is there all the same, until the power fails.
  }
}

/**
 * Rename alone is not enough: after a power cut, a renamed file whose bytes never reached the disk
 * is empty. The claim tells other processes that the file is not abandoned.
 */
async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  using file = await host.open(path, { write: true, createNew: true });
  claim(file);
  requireSameFile(path, file.statSync());
  for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
  await file.sync();
}

/** Removes temporary files of `path` that no process writes any more. */
function removeAbandoned(path: string): void {
  // Windows has no claims that would tell.
  if (host.build.os === "windows") return;
  const { folder, file: name } = parts(path);
  for (const entry of host.readDirSync(folder)) {
    const isPartial = entry.isFile && entry.name.startsWith(name) &&
      PARTIAL.test(entry.name.slice(name.length));
    if (isPartial) removeUnlessClaimed(`${folder}/${entry.name}`);
  }
}

function removeUnlessClaimed(path: string): void {
  try {
    using file = host.openSync(path, { read: true, append: true });
    requireSameFile(path, file.statSync());
    if (claim(file)) host.removeSync(path);
  } catch {
    // It is gone, or somebody else's: no reason not to write.
  }
}

/** @returns whether no other process has it; false where that cannot be told */
function claim(file: FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return false;
  }
}
