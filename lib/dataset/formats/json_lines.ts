/** JSON Lines: one object a line, whose members are cells; a list of numbers is a cell too, such as an embedding. */

import { WeftError } from "../../errors.ts";
import type { Column, Table } from "../table.ts";
import { type ByteSource, textPiecesOf } from "./byte_source.ts";
import { ColumnBuilder } from "./column_builder.ts";
import { VectorBuilder } from "./vector_builder.ts";

/** How a JSON Lines file is read. */
export interface JsonLinesOptions {
  /** How messages call the file; "the JSON Lines" by default. */
  readonly name?: string;
  /** Names of columns that are left out. */
  readonly ignore?: readonly string[];
}

/** A line of more characters than these is refused. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Reads a table. A member that a line lacks, or that is null, is a hole; true and false are texts.
 *
 * @throws {WeftError} one line that says what is wrong, with the number of the line: no JSON, no object, an object in an
 *     object, lists of different lengths
 */
export async function readJsonLines(
  source: ByteSource,
  options: JsonLinesOptions = {},
): Promise<Table> {
  const { name = "the JSON Lines" } = options;
  const reader = new JsonLinesReader(options);
  for await (const piece of textPiecesOf(source, name, "give a file of JSON Lines", "JSON")) {
    reader.push(piece);
  }
  return reader.end();
}

/** Reads a table that comes piece by piece; the rows so far can be taken out on the way. */
export class JsonLinesReader {
  readonly #name: string;
  readonly #ignored: ReadonlySet<string>;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #names = new Set<string>();
  #columns = new Map<string, ColumnBuilder | VectorBuilder>();
  /** The beginning of a line that has not ended. */
  #rest = "";
  /** Of the last line that was taken. */
  #line = 0;
  #rows = 0;
  #empty = true;

  /** @param onRow is told of each row, by its members */
  constructor(
    { name = "the JSON Lines", ignore = [] }: JsonLinesOptions = {},
    readonly onRow: (members: ReadonlyMap<string, unknown>) => void = () => {},
  ) {
    this.#name = name;
    this.#ignored = new Set(ignore);
  }

  /** Names of the columns so far, those that are ignored too. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** Takes the next bytes, UTF-8. */
  push(piece: Uint8Array): void {
    const lines = (this.#rest + this.#decode(piece, true)).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#add(line);
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#line++;
    throw this.#wrong("does not end within 64 million characters; write one object a line");
  }

  /** The rows since the last call, as a table; null if there are none. */
  takeRows(): Table | null {
    if (this.#rows === 0) return null;
    const table = this.#table();
    this.#columns = new Map();
    this.#rows = 0;
    return table;
  }

  /** Takes the last line, and returns the table of all rows that were not taken before. */
  end(): Table {
    this.#rest += this.#decode(new Uint8Array(0), false);
    this.#add(this.#rest);
    if (!this.#empty) return this.#table();
    throw new WeftError(
      `Cannot read ${this.#name}: it has no line; give a file with an object in each line`,
    );
  }

  #table(): Table {
    const columns = Array.from(this.#columns.values(), (column): Column => column.build());
    return { rows: this.#rows, columns, notes: [] };
  }

  #decode(piece: Uint8Array, stream: boolean): string {
    try {
      return this.#decoder.decode(piece, { stream });
    } catch {
      this.#line++;
      throw this.#wrong("or one soon after it is not UTF-8; save the file as UTF-8");
    }
  }

  #add(text: string): void {
    this.#line++;
    if (text.trim() === "") return;
    const members = this.#parse(text);
    for (const [key, value] of members) {
      this.#names.add(key);
      if (!this.#ignored.has(key)) this.#addCell(key, value);
    }
    for (const [key, column] of this.#columns) {
      if (members.has(key)) continue;
      if (column instanceof VectorBuilder) {
        throw this.#wrong(`lacks ${JSON.stringify(key)}, a list in the lines before it`);
      }
      column.addHole();
    }
    this.#rows++;
    this.#empty = false;
    this.onRow(members);
  }

  #parse(text: string): Map<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#wrong(`is not JSON: ${excerpt(text)}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#wrong(`is ${excerpt(text)}, and not an object such as {"age": 31}`);
    }
    return new Map(Object.entries(value));
  }

  #addCell(key: string, value: unknown): void {
    const column = this.#columnOf(key, Array.isArray(value));
    if (column instanceof VectorBuilder) {
      if (column.add(value)) return;
      throw this.#wrong(
        `has another kind of list in ${JSON.stringify(key)} than the first line: ${
          excerpt(JSON.stringify(value))
        }`,
      );
    }
    if (value === null) column.addHole();
    else if (typeof value === "number") column.addNumber(value);
    else if (typeof value === "boolean") column.addString(String(value), this.#line);
    else if (typeof value === "string") column.addString(value.trim(), this.#line);
    else {
      throw this.#wrong(
        `has ${excerpt(JSON.stringify(value))} in ${
          JSON.stringify(key)
        }; a cell is a number, a text, true, false, null or a list of numbers`,
      );
    }
  }

  #columnOf(key: string, isList: boolean): ColumnBuilder | VectorBuilder {
    const known = this.#columns.get(key);
    if (known) return known;
    if (isList && this.#rows > 0) {
      throw this.#wrong(`has a list in ${JSON.stringify(key)}, which the lines before it lack`);
    }
    const column = isList ? new VectorBuilder(key) : new ColumnBuilder(key);
    if (column instanceof ColumnBuilder) {
      for (let row = 0; row < this.#rows; row++) column.addHole();
    }
    this.#columns.set(key, column);
    return column;
  }

  #wrong(what: string): WeftError {
    return new WeftError(`Cannot read ${this.#name}: line ${this.#line} ${what}`);
  }
}

/** The beginning of a text, for a message. */
function excerpt(text: string): string {
  const line = text.trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
