/**
 * Reads a run's log, also while it is being written. Whatever a file holds, reading it does not
 * throw: what cannot be used is reported by its line number, and the rest of the log is read all
 * the same.
 */

import { FieldError } from "../shared/fields.ts";
import {
  type EndRecord,
  type EpochRecord,
  type FallbackRecord,
  type ResumeRecord,
  type RunRecord,
  SCHEMA,
  toRecord,
} from "./records.ts";

/**
 * The longest line that is read, in UTF-16 units. The largest honest line, an `end` record with the
 * confusion matrix of 256 classes, is half of it. What a line of brackets makes of memory is dozens
 * of times its length, so it is no longer than need be.
 */
export const MAX_LINE_LENGTH = 1024 * 1024;

/** A line that could not be used. */
export interface LogProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Why, in a sentence without a full stop. */
  readonly message: string;
}

/** What has been read so far. */
export interface RunLog {
  /** Null until a usable `run` record has been read. */
  readonly run: RunRecord | null;
  /** In rising order of `epoch`. */
  readonly epochs: readonly EpochRecord[];
  readonly fallbacks: readonly FallbackRecord[];
  readonly resumes: readonly ResumeRecord[];
  /** Null while the run continues, or where it was killed; an `end` before a `resume` counts no more. */
  readonly end: EndRecord | null;
  readonly problems: readonly LogProblem[];
}

/**
 * Reads a whole log. A last line that breaks off is left out without a word: the run is still being
 * written, or was killed while it wrote.
 *
 * @param log The file's bytes or its text.
 *
 * @example
 * ```ts
 * import { parseRunLog } from "./reader.ts";
 *
 * const log = parseRunLog('{"type":"epoch","epoch":0}\n{"type":"ep');
 * console.log(log.problems); // [{ line: 1, message: "epoch is 0, but epochs count from 1" }]
 * ```
 */
export function parseRunLog(log: string | Uint8Array): RunLog {
  const parser = new RunLogParser();
  parser.push(log);
  return parser.finish();
}

/** Reads a log piece by piece, as it grows; a piece may end anywhere, also inside a character. */
export class RunLogParser {
  readonly #decoder = new TextDecoder();
  #epochs: EpochRecord[] = [];
  #fallbacks: FallbackRecord[] = [];
  #resumes: ResumeRecord[] = [];
  #problems: LogProblem[] = [];
  #run: RunRecord | null = null;
  #end: EndRecord | null = null;
  #hasRun = false;
  #lastEpoch = 0;
  /** The number of the line that `#partial` begins. */
  #line = 1;
  /**
   * The pieces of a line whose line feed has not come yet. Joined once, so that many small pieces
   * stay cheap.
   */
  #partial: string[] = [];
  #partialLength = 0;

  /** What the lines that are complete hold. */
  get log(): RunLog {
    return {
      run: this.#run,
      epochs: this.#epochs,
      fallbacks: this.#fallbacks,
      resumes: this.#resumes,
      end: this.#end,
      problems: this.#problems,
    };
  }

  /**
   * Hands over what `log` has and forgets it, so that a reader that keeps less than everything can
   * read a log of any length.
   */
  take(): RunLog {
    const taken = this.log;
    [this.#run, this.#end] = [null, null];
    [this.#epochs, this.#fallbacks, this.#resumes, this.#problems] = [[], [], [], []];
    return taken;
  }

  /** Reads the next piece of the file. */
  push(piece: string | Uint8Array): void {
    const text = typeof piece === "string" ? piece : this.#decoder.decode(piece, { stream: true });
    let start = 0;
    for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", start)) {
      this.#keep(text.slice(start, feed));
      this.#readLine(true);
      start = feed + 1;
    }
    this.#keep(text.slice(start));
  }

  /** Says that no more will come: a last line without its line feed counts if it is whole. */
  finish(): RunLog {
    this.#keep(this.#decoder.decode());
    this.#readLine(false);
    return this.log;
  }

  /** Beyond the longest line, only the length is kept. */
  #keep(text: string): void {
    if (text === "") return;
    this.#partialLength += text.length;
    if (this.#partialLength > MAX_LINE_LENGTH) this.#partial = [];
    else this.#partial.push(text);
  }

  #readLine(complete: boolean): void {
    const length = this.#partialLength;
    const text = this.#partial.join("");
    this.#partial = [];
    this.#partialLength = 0;
    if (length > MAX_LINE_LENGTH) {
      this.#report(
        `it is ${length} characters long; the longest that is read is ${MAX_LINE_LENGTH}`,
      );
    } else if (text.trim() !== "") {
      this.#readRecord(text, complete);
    }
    this.#line++;
  }

  #readRecord(text: string, complete: boolean): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (complete) this.#report("it is not JSON");
      return;
    }
    try {
      this.#add(value);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.#report(error.message);
    }
  }

  #add(value: unknown): void {
    const record = toRecord(value);
    if (record === null) return; // A type that a later version has added.
    switch (record.type) {
      case "run":
        if (this.#hasRun) throw new FieldError("it is a second run record");
        if (record.schema > SCHEMA) {
          this.#report(
            `its schema is ${record.schema}, newer than ${SCHEMA}; some of it may not be shown`,
          );
        }
        this.#run = record;
        this.#hasRun = true;
        break;
      case "epoch": {
        if (record.epoch <= this.#lastEpoch) {
          throw new FieldError(`epoch ${record.epoch} comes after epoch ${this.#lastEpoch}`);
        }
        this.#epochs.push(record);
        this.#lastEpoch = record.epoch;
        break;
      }
      case "fallback":
        this.#fallbacks.push(record);
        break;
      case "resume":
        this.#resumes.push(record);
        this.#end = null;
        break;
      case "end":
        // The last one counts: a run that was ended and taken up again ends twice.
        this.#end = record;
    }
  }

  #report(message: string): void {
    this.#problems.push({ line: this.#line, message });
  }
}
