/**
 * Comma-separated values (RFC 4180) and what programs write under that name: other separators, spaces around cells, lines
 * that end with LF, CRLF or CR, a byte order mark, UTF-16. Bytes in, columns out; nothing is kept as text that is a
 * number.
 */

import { messageOf, WeftError } from "../../errors.ts";
import type { Table } from "../table.ts";
import { type ByteSource, textPiecesOf } from "./byte_source.ts";
import { ColumnBuilder } from "./column_builder.ts";
import { CsvRecords } from "./csv_records.ts";
import { numberIn } from "./number_cell.ts";

/** How a CSV file is read. */
export interface CsvOptions {
  /** How messages call the file; "the CSV" by default. */
  readonly name?: string;
  /** One ASCII character between cells; found in the first line by default: a comma, semicolon, tab or bar. */
  readonly delimiter?: string;
  /** Names of columns that are left out. */
  readonly ignore?: readonly string[];
}

/**
 * Reads a table.
 *
 * The first line names the columns; where it holds numbers alone, the columns are called column1, column2, ... and it is
 * the first row. Lines without any character are skipped.
 *
 * @param source the file's bytes at once or piece by piece, or its text
 * @throws {WeftError} one line that says what is wrong, with the number of the line: cells missing or left over, a quote
 *     that is not closed, two columns of one name, bytes that are no text, no row at all
 */
export async function readCsv(source: ByteSource, options: CsvOptions = {}): Promise<Table> {
  const reader = new CsvReader(options);
  for await (const piece of textPiecesOf(source, options.name ?? "the CSV", "give a CSV file")) {
    reader.push(piece);
  }
  return reader.end();
}

/** Reads a table that comes piece by piece; the rows so far can be taken out on the way. */
export class CsvReader {
  readonly #name: string;
  readonly #records: CsvRecords;
  readonly #ignored: ReadonlySet<string>;
  readonly #notes: string[] = [];
  /** One a cell of a record; null for those that are ignored. */
  #builders: (ColumnBuilder | null)[] | null = null;
  #names: string[] = [];
  #rows = 0;
  #empty = true;

  constructor({ name = "the CSV", delimiter, ignore = [] }: CsvOptions = {}) {
    this.#name = name;
    this.#records = new CsvRecords(name, delimiter, () => this.#take());
    this.#ignored = new Set(ignore);
  }

  /** Names of the columns, those that are ignored too; empty before the first line is complete. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Takes the next bytes, UTF-8. */
  push(piece: Uint8Array): void {
    this.#records.push(piece);
  }

  /** The rows since the last call, as a table; null if there are none. */
  takeRows(): Table | null {
    if (this.#rows === 0) return null;
    const table = this.#table();
    this.#builders = this.#names.map((name) =>
      this.#ignored.has(name) ? null : new ColumnBuilder(name)
    );
    this.#rows = 0;
    return table;
  }

  /** Takes the last line, and returns the table of all rows that were not taken before. */
  end(): Table {
    this.#records.end();
    if (this.#builders === null) {
      throw new WeftError(
        `Cannot read ${this.#name}: it is empty; give a file with a line of names and rows`,
      );
    }
    if (this.#empty) {
      throw new WeftError(
        `Cannot read ${this.#name}: it names columns and has no row; give a file with some`,
      );
    }
    return this.#table();
  }

  #table(): Table {
    const columns = this.#builders!.flatMap((builder) => builder ? [builder.build()] : []);
    return { rows: this.#rows, columns, notes: this.#notes };
  }

  /** A record is complete. */
  #take(): void {
    if (this.#builders === null) {
      const isData = this.#isAllNumbers();
      this.#begin(isData);
      if (!isData) return;
    }
    const { bytes, count, starts, ends, numbers, line } = this.#records;
    const builders = this.#builders!;
    if (count !== builders.length) throw this.#ragged(count, builders.length, line);
    for (let i = 0; i < count; i++) {
      const builder = builders[i];
      if (builder === null) continue;
      const number = numbers[i];
      if (number === number) {
        builder.addNumber(number);
        continue;
      }
      try {
        builder.add(bytes, starts[i], ends[i], line);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new WeftError(
          `Cannot read ${this.#name}: line ${line}, column ${i + 1} (${
            JSON.stringify(builder.name)
          }) is not UTF-8; save the file as UTF-8`,
        );
      }
    }
    this.#rows++;
    this.#empty = false;
  }

  #isAllNumbers(): boolean {
    const { bytes, count, starts, ends } = this.#records;
    for (let i = 0; i < count; i++) {
      if (!Number.isFinite(numberIn(bytes, starts[i], ends[i]))) return false;
    }
    return count > 0;
  }

  /** Names the columns by the first record, or because it has none by their places. */
  #begin(isData: boolean): void {
    const { bytes, count, starts, ends } = this.#records;
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const places = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      let name = `column${i + 1}`;
      if (!isData) {
        try {
          name = decoder.decode(bytes.subarray(starts[i], ends[i])) || name;
        } catch (error) {
          throw new WeftError(
            `Cannot read ${this.#name}: the name of column ${i + 1} is not UTF-8 (${
              messageOf(error)
            }); save the file as UTF-8`,
          );
        }
        if (starts[i] === ends[i]) {
          this.#notes.push(`column ${i + 1} has no name: it is called ${name}`);
        }
      }
      const place = places.get(name);
      if (place !== undefined) {
        throw new WeftError(
          `Cannot read ${this.#name}: columns ${place} and ${i + 1} are both called ${
            JSON.stringify(name)
          }; ` +
            "give each column a name of its own",
        );
      }
      places.set(name, i + 1);
    }
    if (isData) {
      this.#notes.push(
        "the first line holds numbers alone, so no names: columns are called column1, column2, ...",
      );
    }
    this.#names = [...places.keys()];
    this.#builders = this.#names.map((name) =>
      this.#ignored.has(name) ? null : new ColumnBuilder(name)
    );
  }

  #ragged(count: number, expected: number, line: number): WeftError {
    const cells = (n: number) => `${n} ${n === 1 ? "cell" : "cells"}`;
    return new WeftError(
      `Cannot read ${this.#name}: line ${line} has ${
        cells(count)
      }, and the first line has ${expected}; ` +
        (expected === 1
          ? "begin the file with the line of names, or mend the line"
          : count > expected
          ? 'put a cell that holds the separator into quotes ("), or mend the line'
          : "mend the line, or leave cells empty between separators"),
    );
  }
}
