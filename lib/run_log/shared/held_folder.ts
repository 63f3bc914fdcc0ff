/**
 * A folder that a command writes into: the same one from beginning to end, and no link. Where somebody removes it, or puts
 * something else in its place, nothing is written there any more, and the command ends.
 */

import { type FileInfo, type FsFile, host, type OpenOptions } from "../../host/mod.ts";
import { WeftError } from "../../errors.ts";
import { syncFolder, writeFileAtomically } from "./atomic_file.ts";
import { ioFailure } from "./io_failure.ts";
import {
  isSameFile,
  NoOwnFileError,
  readOwnFile,
  requireOwnFolder,
  requireSameFile,
} from "./open_file.ts";

/** The folder is gone, or is another one. */
export class LostFolderError extends WeftError {
  override name = "LostFolderError";
}

export class HeldFolder {
  readonly path: string;
  readonly #first: FileInfo;
  readonly #above: HeldFolder | null;

  /** What looks at it: at the root of all folders through a link. */
  readonly #look: (path: string) => FileInfo;

  private constructor(path: string, above: HeldFolder | null, look = requireOwnFolder) {
    this.path = path;
    this.#above = above;
    this.#look = look;
    try {
      this.#first = look(path);
    } catch (error) {
      throw refusal(`use the folder ${path}`, error, "put a folder in its place");
    }
  }

  /**
   * @param path of a folder that is there
   * @throws {WeftError} if it is a link, or no folder
   */
  static at(path: string): HeldFolder {
    return new HeldFolder(path, null);
  }

  /**
   * @param path of a folder that is there; where that is a link, the user has put it there
   * @throws {WeftError} if there is none
   */
  static root(path: string): HeldFolder {
    return new HeldFolder(path, null, host.statSync);
  }

  /**
   * A folder in it, which is made where it is missing.
   *
   * @throws {LostFolderError} if this one is not what it was
   * @throws {WeftError} if it is a link, or cannot be made
   */
  folder(name: string): HeldFolder {
    this.requireStill();
    const path = `${this.path}/${name}`;
    try {
      host.mkdirSync(path);
      syncFolder(this.path);
    } catch (error) {
      if (!(error instanceof host.errors.AlreadyExists)) {
        throw ioFailure(`make the folder ${path}`, error);
      }
    }
    return new HeldFolder(path, this);
  }

  /** @throws {LostFolderError} if it is gone, or is not the folder that it was */
  requireStill(): void {
    this.#above?.requireStill();
    let found: FileInfo;
    try {
      found = this.#look(this.path);
    } catch (error) {
      throw this.#lost(
        error instanceof NoOwnFileError ? "something else took its place" : "it is gone",
      );
    }
    // A new folder may get the number of one that was removed.
    const isSame = isSameFile(this.#first, found) &&
      this.#first.birthtime?.getTime() === found.birthtime?.getTime();
    if (!isSame) throw this.#lost("another folder took its place");
  }

  /**
   * Checks that a file that is open still lies in it under its name.
   *
   * @throws {LostFolderError} if it does not
   */
  requireOpen(name: string, file: FsFile): void {
    this.requireStill();
    try {
      requireSameFile(`${this.path}/${name}`, file.statSync());
    } catch {
      this.requireStill(); // The folder may have gone between the two looks: it is the one to name.
      throw new LostFolderError(
        `Cannot continue writing ${this.path}/${name}: it was removed or replaced meanwhile; ` +
          "what was computed since is not saved",
      );
    }
  }

  /**
   * Opens a file in it to be written.
   *
   * @throws {LostFolderError} if the folder is not what it was
   * @throws {NoOwnFileError} if the file is a link, or no ordinary file
   * @throws as `Deno.openSync` does
   */
  open(name: string, options: OpenOptions): FsFile {
    this.requireStill();
    const path = `${this.path}/${name}`;
    const isLink = whatIsAt(path)?.isSymlink;
    if (isLink) throw new NoOwnFileError(`${name} is a symbolic link, which is not followed`);
    let file: FsFile | undefined;
    try {
      file = host.openSync(path, options);
      requireSameFile(path, file.statSync());
      this.requireStill();
      return file;
    } catch (error) {
      file?.close();
      this.requireStill(); // It says more than that the file in it is not there.
      throw error;
    }
  }

  /**
   * @throws {WeftError} one line, if it is a link or cannot be read
   */
  read(name: string): Uint8Array<ArrayBuffer> {
    this.requireStill();
    return readOwnFile(`${this.path}/${name}`);
  }

  /**
   * Writes a file so that it is there whole or not at all.
   *
   * @throws {LostFolderError} if the folder is not what it was
   * @throws {WeftError} if there is something else than a file of that name, or it cannot be written
   */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = `${this.path}/${name}`;
    this.requireStill();
    const found = whatIsAt(path);
    if (found && !found.isFile) {
      const what = found.isSymlink ? "a symbolic link, which is not followed" : "not a file";
      throw new WeftError(`Cannot write ${path}: it is ${what}; remove it or choose another name`);
    }
    try {
      await writeFileAtomically(path, bytes, () => this.requireStill());
    } catch (error) {
      this.requireStill(); // It says more than that a temporary file is not there.
      throw error;
    }
    this.requireStill();
  }

  /** Removes a file or an empty folder in it, if the folder is still what it was; never follows a link. */
  tryToRemove(name: string): void {
    try {
      this.requireStill();
      host.removeSync(`${this.path}/${name}`);
    } catch {
      // What led here says more, or it is gone already.
    }
  }

  #lost(why: string): LostFolderError {
    // The one above may have gone between the two looks: it is the one to name.
    this.#above?.requireStill();
    return new LostFolderError(
      `Cannot continue writing into ${this.path}: ${why} meanwhile; what was computed since is not saved`,
    );
  }
}

/** Null where nothing is, or nothing that can be seen: opening it says what is wrong. */
function whatIsAt(path: string): FileInfo | null {
  try {
    return host.lstatSync(path);
  } catch {
    return null;
  }
}

/** @param action `Cannot <action>: <why>` */
function refusal(action: string, error: unknown, remedy: string): WeftError {
  if (error instanceof host.errors.NotFound) return new WeftError(`Cannot ${action}: it is gone`);
  if (!(error instanceof NoOwnFileError)) return ioFailure(action, error);
  return new WeftError(`Cannot ${action}: ${error.message}; ${remedy}`);
}
