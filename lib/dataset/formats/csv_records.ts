/** Cuts the bytes of a CSV file into records and cells, whatever pieces they come in. */

import { WeftError } from "../../errors.ts";

const [TAB, LF, CR, SPACE, QUOTE, PLUS, MINUS, POINT, ZERO] = [9, 10, 13, 32, 34, 43, 45, 46, 48];

/** What may stand between cells, the likeliest first. */
const DELIMITERS = [",", ";", "\t", "|"];

/** A record of more bytes than these is none: a quote that is not closed swallows the rest of a file. */
const LONGEST_RECORD = 64 * 1024 * 1024;

/** Classes of bytes: those that end a run of ordinary ones. */
const [ORDINARY, DELIMITS, ENDS_LINE, IS_NUL] = [0, 1, 2, 3];

/** Whole numbers of so many digits, and powers of ten up to there, are exact in float64, and so is a quotient of both. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

export class CsvRecords {
  /** Where the cells of the record lie: cell i is `bytes` from `starts[i]` to `ends[i]`, without spaces around it. */
  bytes = new Uint8Array(1);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** What a cell is as a number, where it is a short one without exponent; NaN of all others, which may be numbers too. */
  numbers = new Float64Array(64);
  /** Cells of the record. */
  count = 0;
  /** Number of the line in which the record begins, from 1. */
  line = 1;

  readonly #classes = new Uint8Array(256);
  #delimiter: number | null;
  /** Bytes of a record that has not ended yet, and how many there must be before it is worth looking at them again. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #worthwhile = 0;
  #linesWithin = 0;
  /** Cells of the record in which quotes are doubled. */
  #doubled: number[] = [];
  #first = true;
  /** Of `bytes`: behind them stands a byte 0, where everything that looks for an end finds one. */
  #length = 0;

  /**
   * @param name how messages call the file
   * @param take is called for each record, which lies in `bytes`, `starts`, `ends` and `count` until it returns
   */
  constructor(
    readonly name: string,
    delimiter: string | undefined,
    readonly take: () => void,
  ) {
    this.#delimiter = delimiter === undefined ? null : delimiter.charCodeAt(0);
    this.#classes[LF] = this.#classes[CR] = ENDS_LINE;
    this.#classes[0] = IS_NUL;
  }

  push(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > 0 && this.#pendingBytes >= this.#worthwhile) {
      this.#read(false);
    }
  }

  end(): void {
    this.#read(true);
  }

  #join(): void {
    this.#length = this.#pendingBytes;
    this.bytes = new Uint8Array(this.#length + 1);
    let at = 0;
    for (const piece of this.#pending) {
      this.bytes.set(piece, at);
      at += piece.length;
    }
  }

  /** Reads records as long as they are complete; the end of the last one of a file is its end. */
  #read(isLast: boolean): void {
    this.#join();
    const { bytes } = this;
    const length = this.#length;
    let at = 0;
    if (this.#first) {
      // A byte order mark and Excel's line sep=; take so many bytes.
      if (length < 11 && !isLast) return this.#keep(0);
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
      const told = toldDelimiter(bytes.subarray(at, length));
      if (told) {
        this.#delimiter ??= told.delimiter;
        at += told.length;
        this.line++;
      }
      this.#delimiter ??= findDelimiter(bytes.subarray(at, length), isLast);
      if (this.#delimiter === null) return this.#keep(0);
      this.#classes[this.#delimiter] = DELIMITS;
      this.#first = false;
    }
    while (at < length) {
      const end = this.#record(at, isLast);
      if (end < 0) break;
      at = end;
    }
    this.#keep(at);
  }

  /** Keeps the bytes of a record that has not ended; they are read again once there are twice as many. */
  #keep(from: number): void {
    const rest = this.bytes.slice(from, this.#length);
    if (rest.length > LONGEST_RECORD) {
      throw new WeftError(
        `Cannot read ${this.name}: the row that begins in line ${this.line} does not end within 64 MB; ` +
          'look for a quote (") that is not closed',
      );
    }
    this.#pending = [rest];
    this.#pendingBytes = rest.length;
    this.#worthwhile = rest.length * 2;
  }

  /** Reads the record that begins at a place; returns where the next one does, or -1 where this one has not ended. */
  #record(begin: number, isLast: boolean): number {
    const { bytes } = this;
    const length = this.#length;
    const classes = this.#classes;
    const isTabSpace = this.#delimiter !== TAB;
    let at = begin;
    this.count = 0;
    this.#linesWithin = 0;
    this.#doubled.length = 0;
    for (;;) {
      let byte = bytes[at];
      while (byte === SPACE || (byte === TAB && isTabSpace)) byte = bytes[++at];
      let start = at;
      let end: number;
      let number = NaN;
      if (byte === QUOTE) {
        const closed = this.#quoted(at, isLast);
        if (closed < 0) return -1;
        start++;
        end = this.#quotedEnd;
        at = closed;
      } else {
        // Most cells are short numbers: what they are is known once their end is.
        if (byte === MINUS || byte === PLUS) byte = bytes[++at];
        let whole = 0;
        const first = at;
        let point = -1;
        for (;; byte = bytes[++at]) {
          const digit = byte - ZERO;
          if (digit >= 0 && digit <= 9) whole = whole * 10 + digit;
          else if (byte === POINT && point < 0) point = at;
          else break;
        }
        if (classes[byte] === ORDINARY) {
          do at++; while (classes[bytes[at]] === ORDINARY);
        } else {
          const digits = at - first - (point < 0 ? 0 : 1);
          if (digits > 0 && digits <= MOST_DIGITS) {
            number = point < 0 ? whole : whole / POWERS[at - point - 1];
            if (bytes[start] === MINUS) number = -number;
          }
        }
        end = at;
      }
      if (at >= length && !isLast) return -1;
      const ending = at >= length ? ENDS_LINE : classes[bytes[at]];
      if (ending === IS_NUL) {
        throw this.#wrong("holds a byte 0, so this is no text; give a CSV file in UTF-8 or UTF-16");
      }
      if (number !== number) {
        while (end > start && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
        while (start < end && (bytes[start] === SPACE || bytes[start] === TAB)) start++;
      }
      if (this.count === this.starts.length) this.#widen();
      this.starts[this.count] = start;
      this.ends[this.count] = end;
      this.numbers[this.count++] = number;
      at++;
      if (ending === DELIMITS) continue;
      if (bytes[at - 1] === CR) {
        // The LF may be in the next piece.
        if (at >= length && !isLast) return -1;
        if (bytes[at] === LF) at++;
      }
      const isBlank = this.count === 1 && end === start && bytes[end] !== QUOTE;
      if (!isBlank) {
        for (const cell of this.#doubled) {
          this.ends[cell] = undouble(bytes, this.starts[cell], this.ends[cell]);
        }
        this.take();
      }
      this.line += 1 + this.#linesWithin;
      return Math.min(at, length);
    }
  }

  #quotedEnd = 0;

  /** Reads a cell in quotes; returns the place behind it, or -1 where it has not ended. */
  #quoted(open: number, isLast: boolean): number {
    const { bytes } = this;
    const length = this.#length;
    let isDoubled = false;
    let at = open + 1;
    for (;; at++) {
      if (at >= length) {
        if (!isLast) return -1;
        throw this.#wrong(
          'opens a quote (") that is never closed; close it, or double it if it is part of the text',
        );
      }
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (at + 1 >= length && !isLast) return -1;
        if (bytes[at + 1] !== QUOTE) break;
        isDoubled = true;
        at++;
      } else if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) this.#linesWithin++;
    }
    this.#quotedEnd = at;
    if (isDoubled) this.#doubled.push(this.count);
    at++;
    while (at < length && (bytes[at] === SPACE || (bytes[at] === TAB && this.#delimiter !== TAB))) {
      at++;
    }
    if (at < length && this.#classes[bytes[at]] === ORDINARY) {
      throw this.#wrong(
        'has text behind a closing quote ("); double a quote that is part of the text',
      );
    }
    return at;
  }

  #widen(): void {
    const [starts, ends, numbers] = [this.starts, this.ends, this.numbers];
    this.starts = new Int32Array(starts.length * 2);
    this.starts.set(starts);
    this.ends = new Int32Array(ends.length * 2);
    this.ends.set(ends);
    this.numbers = new Float64Array(numbers.length * 2);
    this.numbers.set(numbers);
  }

  #wrong(what: string): WeftError {
    return new WeftError(
      `Cannot read ${this.name}: line ${this.line}, column ${this.count + 1} ${what}`,
    );
  }
}

/** Makes doubled quotes single ones, in place; returns the new end. */
function undouble(bytes: Uint8Array, start: number, end: number): number {
  let to = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) at++;
    bytes[to++] = bytes[at];
  }
  return to;
}

/** The separator that Excel names in a line before the table, "sep=;", and the bytes of that line; null where there is none. */
function toldDelimiter(bytes: Uint8Array): { delimiter: number; length: number } | null {
  const line = /^sep=([^"\w\r\n])(\r\n?|\n)/i.exec(String.fromCharCode(...bytes.subarray(0, 8)));
  return line && { delimiter: line[1].charCodeAt(0), length: line[0].length };
}

/** The separator that the first line has most of, outside of quotes; null where the line has not ended yet. */
function findDelimiter(bytes: Uint8Array, isLast: boolean): number | null {
  const counts = new Map(DELIMITERS.map((delimiter) => [delimiter.charCodeAt(0), 0]));
  let [isQuoted, isBlank] = [false, true];
  let at = 0;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === LF || byte === CR) {
      if (!isQuoted && !isBlank) break;
      continue;
    }
    isBlank = false;
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted && counts.has(byte)) counts.set(byte, counts.get(byte)! + 1);
  }
  if (at === bytes.length && !isLast) return null;
  const most = Math.max(...counts.values());
  for (const [byte, count] of counts) if (count === most) return byte;
  return null;
}
