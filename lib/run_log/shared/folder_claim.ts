/**
 * Says of a folder that a process is at work in it, by a file that the process has locked as long as it lives. Where the
 * process was killed before it left anything else, the file is the proof that the folder is Weft's own and may go.
 */

import { type FsFile, host } from "../../host/mod.ts";
import { HeldFolder } from "./held_folder.ts";
import { ioFailure } from "./io_failure.ts";
import { readOwnFile } from "./open_file.ts";

const LOCK_FILE = "lock";

/** What the file holds where Weft has made the folder. */
const MARK = "Weft made this folder and is at work in it.\n";

export class FolderClaim implements Disposable {
  readonly #folder: HeldFolder;
  readonly #file: FsFile;
  #open = true;

  private constructor(folder: HeldFolder, file: FsFile) {
    this.#folder = folder;
    this.#file = file;
  }

  /**
   * Claims a folder that was just made; where it cannot, the folder goes.
   *
   * @throws {WeftError} where the file cannot be written
   */
  static ofNew(folder: HeldFolder): FolderClaim {
    let claim: FolderClaim | null = null;
    try {
      const file = folder.open(LOCK_FILE, { write: true, createNew: true });
      claim = new FolderClaim(folder, file);
      lock(file);
      const bytes = new TextEncoder().encode(MARK);
      for (let sent = 0; sent < bytes.length;) sent += file.writeSync(bytes.subarray(sent));
      return claim;
    } catch (error) {
      if (claim) claim.end();
      else removeEmpty(folder);
      throw ioFailure(`write ${folder.path}/${LOCK_FILE}`, error);
    }
  }

  /**
   * Claims a folder of an earlier process.
   *
   * @returns null where another process is at work in it
   * @throws {WeftError} where there is no file that can be written
   */
  static ofEarlier(folder: HeldFolder): FolderClaim | null {
    let file: FsFile;
    try {
      file = folder.open(LOCK_FILE, { read: true, write: true, create: true });
    } catch (error) {
      throw ioFailure(`write ${folder.path}/${LOCK_FILE}`, error);
    }
    if (lock(file) !== false) return new FolderClaim(folder, file);
    file.close();
    return null;
  }

  /** Gives the folder up: its work is done, so the file goes, and with it the folder where nothing else is in it. */
  end(): void {
    this[Symbol.dispose]();
    this.#folder.tryToRemove(LOCK_FILE);
    removeEmpty(this.#folder);
  }

  /** Lets others claim it. */
  [Symbol.dispose](): void {
    if (this.#open) this.#file.close();
    this.#open = false;
  }
}

/**
 * Removes a folder that a process has left which was killed before there was anything in it. A folder with anything else
 * in it stays, and so does an empty one, for anybody may have made that.
 */
export function removeAbandoned(path: string): void {
  // There no process could tell whether another is at work.
  if (host.build.os === "windows") return;
  try {
    const lockPath = `${path}/${LOCK_FILE}`;
    if (new TextDecoder().decode(readOwnFile(lockPath)) !== MARK) return;
    const folder = HeldFolder.at(path);
    if (Array.from(host.readDirSync(path)).length !== 1) return;
    using file = folder.open(LOCK_FILE, { read: true, write: true });
    if (lock(file) !== true) return;
    folder.tryToRemove(LOCK_FILE);
    removeEmpty(folder);
  } catch {
    // It has no such file, or it cannot be removed: then it stays.
  }
}

/** The same for every folder in `root`. */
export function removeAllAbandoned(root: string): void {
  try {
    for (const { name, isDirectory } of host.readDirSync(root)) {
      if (isDirectory) removeAbandoned(`${root}/${name}`);
    }
  } catch {
    // There are no runs yet.
  }
}

function removeEmpty(folder: HeldFolder): void {
  try {
    folder.requireStill();
    host.removeSync(folder.path);
  } catch {
    // There is something in it, as there should be.
  }
}

/** @returns false where another process has it; null where the file system cannot tell */
function lock(file: FsFile): boolean | null {
  try {
    return file.tryLockSync(true);
  } catch {
    return null;
  }
}
