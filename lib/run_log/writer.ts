/** Appends a run's records to its log, one JSON object a line. */

import { ioFailure } from "./io_failure.ts";
import type { LogRecord } from "./schema.ts";

/**
 * A log that is being written.
 *
 * Every record goes to the operating system in full before `write` returns, so killing the process
 * loses nothing that was written. The `run` and `end` records are also forced onto the disk: the
 * first and last word about a run survive a power cut. Epochs are not, because a slow disk takes
 * tens of milliseconds for it, as long as a small epoch.
 *
 * @example
 * ```ts ignore
 * using log = RunLogWriter.create("runs/first/log.jsonl");
 * log.write(runRecord);
 * ```
 */
export class RunLogWriter implements Disposable {
  readonly #encoder = new TextEncoder();
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #bytesWritten = 0;
  #open = true;

  /**
   * @param path Named in errors.
   * @param file An empty file open for appending; the writer closes it.
   */
  constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Starts a new log.
   *
   * @throws {WeftError} If the file exists or cannot be made.
   */
  static create(path: string): RunLogWriter {
    try {
      return new RunLogWriter(path, Deno.openSync(path, { createNew: true, append: true }));
    } catch (error) {
      throw ioFailure(`start the run log ${path}`, error);
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
      for (let sent = 0; sent < line.length;) sent += this.#file.writeSync(line.subarray(sent));
      if (record.type !== "epoch") this.#file.syncDataSync();
    } catch (error) {
      this.#dropHalfLine();
      throw ioFailure(`write to the run log ${this.#path}`, error);
    }
    this.#bytesWritten += line.length;
  }

  /** So that a later record, once the disk has room again, starts a line of its own. */
  #dropHalfLine(): void {
    try {
      this.#file.truncateSync(this.#bytesWritten);
    } catch {
      // The error that led here says more; readers skip a half-written last line.
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
