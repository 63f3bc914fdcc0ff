/** Appends a run's records to its log, one JSON object a line. */

import { type FsFile, host } from "../../host/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { syncFolder } from "../shared/atomic_file.ts";
import type { HeldFolder } from "../shared/held_folder.ts";
import { ioFailure } from "../shared/io_failure.ts";
import {
  parts,
  readOwnFile,
  requireOwnFile,
  requireOwnFolder,
  requireSameFile,
} from "../shared/open_file.ts";
import type { LogRecord } from "./records.ts";

const LINE_FEED = 0x0a;

/** A log is read as a whole before it continues; a million epochs have a quarter of it. */
const MOST_LOG_BYTES = 2 ** 30;

/**
 * A log that is being written.
 *
 * Every record goes to the operating system in full before `write` returns, so killing the process
 * loses nothing that was written. The `run` and `end` records are also forced onto the disk: the
 * first and last word about a run survive a power cut. Epochs are only with `sync`, because a slow
 * disk takes tens of milliseconds for it, as long as a small epoch.
 *
 * @example
 * ```ts ignore
 * using log = RunLogWriter.create("runs/first/log.jsonl");
 * log.write(runRecord);
 * ```
 */
export class RunLogWriter implements Disposable {
  readonly #encoder = new TextEncoder();
  #path: string;
  #file: FsFile;
  #bytesWritten: number;
  /** What the file has after its last line feed; mended before anything is written. */
  #tail: Uint8Array;
  #open = true;

  /**
   * @param path Named in errors.
   * @param file A file open for appending; the writer closes it.
   * @param contents What it has already.
   */
  constructor(path: string, file: FsFile, contents = new Uint8Array()) {
    this.#path = path;
    this.#file = file;
    this.#bytesWritten = contents.lastIndexOf(LINE_FEED) + 1;
    this.#tail = contents.slice(this.#bytesWritten);
  }

  /**
   * Starts a new log.
   *
   * @throws {WeftError} If the file exists or cannot be made.
   */
  static create(path: string): RunLogWriter {
    try {
      requireOwnFolder(parts(path).folder);
      const file = host.openSync(path, { createNew: true, append: true });
      requireOwn(path, file);
      lock(file);
      syncFolder(parts(path).folder);
      return new RunLogWriter(path, file);
    } catch (error) {
      throw ioFailure(`start the run log ${path}`, error);
    }
  }

  /**
   * Continues with a log. Where its last line was half-written, that is cut off once there is another to write; where it is
   * whole but for its line feed, it gets that.
   *
   * @throws {UsageError} If another process writes it.
   * @throws {WeftError} If it cannot be opened, or is too long to be read.
   */
  static resume(path: string): RunLogWriter {
    let file: FsFile;
    try {
      file = openOwnLog(path);
    } catch (error) {
      throw ioFailure(`resume the run log ${path}`, error);
    }
    if (!lock(file)) {
      file.close();
      throw new UsageError(
        `Cannot resume the run log ${path}: another process is writing it; wait for it to finish.`,
      );
    }
    try {
      return new RunLogWriter(path, file, readOwnFile(path, MOST_LOG_BYTES));
    } catch (error) {
      file.close();
      if (!(error instanceof WeftError)) throw error;
      throw new WeftError(
        `Cannot resume the run log ${path}: ${error.message}; start another run`,
      );
    }
  }

  /**
   * Appends one record. Numbers that are not finite become null, as `JSON.stringify` makes them.
   *
   * @throws {WeftError} If the line cannot be written in full; the log then ends with the line
   *     before it.
   */
  write(record: LogRecord): void {
    const line = this.#encoder.encode(`${JSON.stringify(record)}\n`);
    try {
      this.#mendTail();
      for (let sent = 0; sent < line.length;) sent += this.#file.writeSync(line.subarray(sent));
      if (record.type !== "epoch") this.#file.syncDataSync();
    } catch (error) {
      this.#dropHalfLine();
      throw ioFailure(`write to the run log ${this.#path}`, error);
    }
    this.#bytesWritten += line.length;
  }

  /**
   * Forces everything that was written onto the disk.
   *
   * @throws {WeftError} If the disk refuses.
   */
  sync(): void {
    try {
      this.#file.syncDataSync();
    } catch (error) {
      throw ioFailure(`write to the run log ${this.#path}`, error);
    }
  }

  /**
   * Checks that what is written still lies in the run's folder.
   *
   * @throws {LostFolderError} If the folder or the log was removed or replaced.
   */
  requireInPlace(folder: HeldFolder): void {
    folder.requireOpen(parts(this.#path).file, this.#file);
  }

  /** Makes the file end with a line feed. */
  #mendTail(): void {
    if (this.#tail.length === 0) return;
    if (isJson(this.#tail)) {
      this.#file.writeSync(new Uint8Array([LINE_FEED]));
      this.#bytesWritten += this.#tail.length + 1;
    } else this.#file.truncateSync(this.#bytesWritten);
    this.#tail = new Uint8Array();
  }

  /** So that a later record, once the disk has room again, starts a line of its own. */
  #dropHalfLine(): void {
    try {
      this.#file.truncateSync(this.#bytesWritten);
    } catch {
      // The error that led here says more; readers skip a half-written last line.
    }
  }

  /**
   * Continues writing where `move` has put the file. The claim is kept meanwhile, but on Windows, where what is open cannot
   * be moved.
   *
   * @throws what `move` throws; {WeftError} if the file is not where it was to be
   */
  moveTo(path: string, move: () => void): void {
    const reopens = host.build.os === "windows";
    if (reopens) this.close();
    move();
    this.#path = path;
    if (!reopens) return;
    try {
      this.#file = host.openSync(path, { append: true });
      this.#open = true;
    } catch (error) {
      throw ioFailure(`resume the run log ${path}`, error);
    }
  }

  /** Closes the file; closing twice does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Claims a file for this process until it is closed, however that ends. On Windows a claimed file could not be read
 * either, so there none is.
 *
 * @returns False if another process has it.
 */
function lock(file: FsFile): boolean {
  if (host.build.os === "windows") return true;
  try {
    return file.tryLockSync(true);
  } catch {
    return true; // A file system without claims.
  }
}

/** @throws where it is a link, no ordinary file, or cannot be opened */
function openOwnLog(path: string): FsFile {
  requireOwnFile(path);
  const file = host.openSync(path, { read: true, append: true });
  requireOwn(path, file);
  return file;
}

/** Closes what was opened if it is not what lies there. */
function requireOwn(path: string, file: FsFile): void {
  try {
    requireSameFile(path, file.statSync());
    requireOwnFolder(parts(path).folder);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Whether another process has a log open to write it; false where that cannot be told, as on Windows. */
export function isBeingWritten(path: string): boolean {
  try {
    using file = openOwnLog(path);
    return !lock(file);
  } catch {
    return false;
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
