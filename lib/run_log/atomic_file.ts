/** Writes a file so that it is there whole or not at all. */

import { ioFailure } from "./io_failure.ts";

/**
 * Writes `bytes` to a temporary file beside `path`, forces them onto the disk, and renames it to
 * `path`. A reader sees the old file or the new one, never a part; where anything fails, the old
 * file stays and the temporary one goes.
 *
 * @throws {WeftError} If the file cannot be written: no such folder, no permission, a full disk.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporaryPath = `${path}.${crypto.randomUUID().slice(0, 8)}.partial`;
  try {
    await writeAndSync(temporaryPath, bytes);
    await Deno.rename(temporaryPath, path);
  } catch (error) {
    await Deno.remove(temporaryPath).catch(() => {}); // It may never have been made.
    throw ioFailure(`write ${path}`, error);
  }
}

/**
 * Rename alone is not enough: after a power cut, a renamed file whose bytes never reached the disk
 * is empty.
 */
async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let sent = 0; sent < bytes.length;) sent += await file.write(bytes.subarray(sent));
  await file.sync();
}
