/**
 * Reads a log from its beginning to its end in pieces of bounded size, and continues when it has grown. A line that is half
 * written is left for the next time. Keeps nothing of what it has read.
 */

import { type RunLog, RunLogParser } from "../../lib/run_log/run/reader.ts";
import { OpenFile } from "../../lib/run_log/shared/open_file.ts";
import { readBytes } from "./log_file.ts";

/** A piece: some hundred epochs, a millisecond's work. */
const PIECE_BYTES = 128 * 1024;

/** What is read of a log, more than a million epochs; more of them nobody could see. */
export const MAX_LOG_BYTES = 512 * 1024 * 1024;

/** Beginning of a log by which it is recognized: the name and the start of its run are in it. */
const HEAD_BYTES = 256;

const LINE_FEED = 10;

/** For the piece that is being read; reading is not interrupted, so one is enough for all logs. */
const buffer = new Uint8Array(PIECE_BYTES);

export class LogFollower {
  readonly #parser = new RunLogParser();
  #position = 0;
  #offset = 0;
  #head = new Uint8Array();

  constructor(readonly path: string) {}

  /** The end of the last line that was read whole, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of a line that is too long to be read again when its end has come. */
  get unfinished(): number {
    return this.#position - this.#offset;
  }

  /**
   * Whether the file no longer begins as it did: another log has taken its place and grown past what was read.
   *
   * @throws as `new OpenFile` does
   */
  isReplaced(): boolean {
    if (this.#head.length === 0) return false;
    const head = readBytes(this.path, 0, this.#head.length);
    return head.length < this.#head.length || head.some((byte, i) => byte !== this.#head[i]);
  }

  /**
   * Reads on until the end, or until `deadline` (of `performance.now()`), but one piece at least.
   *
   * @param size bytes that the file has
   * @param onRecords is given the records of each piece; `offset` is then the end of that piece
   * @returns whether nothing is left to read for now
   * @throws as `new OpenFile` does
   */
  read(size: number, deadline: number, onRecords: (records: RunLog) => void): boolean {
    const end = Math.min(size, MAX_LOG_BYTES);
    if (this.#position >= end) return true;
    using file = new OpenFile(this.path);
    do {
      const wanted = Math.min(PIECE_BYTES, end - this.#position);
      const piece = file.read(this.#position, buffer.subarray(0, wanted));
      if (this.#position === 0) this.#head = piece.slice(0, HEAD_BYTES);
      const cut = piece.lastIndexOf(LINE_FEED) + 1;
      if (cut > 0) this.#push(piece.subarray(0, cut), onRecords);
      else if (piece.length === PIECE_BYTES) this.#pass(piece);
      // What is left is half a line, or the file is shorter than it was.
      if (cut < piece.length && piece.length < PIECE_BYTES) return true;
      if (piece.length < wanted) return true;
    } while (this.#position < end && performance.now() < deadline);
    return this.#position >= end;
  }

  #push(lines: Uint8Array, onRecords: (records: RunLog) => void): void {
    this.#parser.push(lines);
    this.#position += lines.length;
    this.#offset = this.#position;
    onRecords(this.#parser.take());
  }

  /** A part of a line that is longer than a piece: the parser keeps as much of it as a line may have. */
  #pass(part: Uint8Array): void {
    this.#parser.push(part);
    this.#position += part.length;
  }
}
