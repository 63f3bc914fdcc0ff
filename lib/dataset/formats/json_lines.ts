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
  const { name = "the JSON Lines", ignore = [] } = options;
  const reader = new JsonLinesReader(name, new Set(ignore));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  const take = (text: string) => reader.add(text, ++line);
  const decode = (piece: Uint8Array, stream: boolean) => {
    try {
      return decoder.decode(piece, { stream });
    } catch {
      throw new WeftError(
        `Cannot read ${name}: line ${
          line + 1
        } or one soon after it is not UTF-8; save the file as UTF-8`,
      );
    }
  };
  for await (const piece of textPiecesOf(source, name, "give a file of JSON Lines", "JSON")) {
    const lines = (rest + decode(piece, true)).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
    if (rest.length > LONGEST_LINE) {
      throw new WeftError(
        `Cannot read ${name}: line ${
          line + 1
        } does not end within 64 million characters; write one object a line`,
      );
    }
  }
  rest += decode(new Uint8Array(0), false);
  take(rest);
  return reader.table();
}

class JsonLinesReader {
  readonly #columns = new Map<string, ColumnBuilder | VectorBuilder>();
  #rows = 0;

  constructor(readonly name: string, readonly ignored: ReadonlySet<string>) {}

  add(text: string, line: number): void {
    if (text.trim() === "") return;
    const members = this.#parse(text, line);
    for (const [key, value] of members) {
      if (!this.ignored.has(key)) this.#addCell(key, value, line);
    }
    for (const [key, column] of this.#columns) {
      if (members.has(key)) continue;
      if (column instanceof VectorBuilder) {
        throw this.#wrong(line, `lacks ${JSON.stringify(key)}, a list in the lines before it`);
      }
      column.addHole();
    }
    this.#rows++;
  }

  table(): Table {
    if (this.#rows === 0) {
      throw new WeftError(
        `Cannot read ${this.name}: it has no line; give a file with an object in each line`,
      );
    }
    const columns = Array.from(this.#columns.values(), (column): Column => column.build());
    return { rows: this.#rows, columns, notes: [] };
  }

  #parse(text: string, line: number): Map<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#wrong(line, `is not JSON: ${excerpt(text)}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#wrong(line, `is ${excerpt(text)}, and not an object such as {"age": 31}`);
    }
    return new Map(Object.entries(value));
  }

  #addCell(key: string, value: unknown, line: number): void {
    const column = this.#columnOf(key, Array.isArray(value), line);
    if (column instanceof VectorBuilder) {
      if (!column.add(value)) {
        throw this.#wrong(
          line,
          `has another kind of list in ${JSON.stringify(key)} than the first line: ${
            excerpt(JSON.stringify(value))
          }`,
        );
      }
      return;
    }
    if (value === null) column.addHole();
    else if (typeof value === "number") column.addNumber(value);
    else if (typeof value === "boolean") column.addString(String(value), line);
    else if (typeof value === "string") column.addString(value.trim(), line);
    else {throw this.#wrong(
        line,
        `has ${excerpt(JSON.stringify(value))} in ${
          JSON.stringify(key)
        }; a cell is a number, a text, true, false, null or a list of numbers`,
      );}
  }

  #columnOf(key: string, isList: boolean, line: number): ColumnBuilder | VectorBuilder {
    const known = this.#columns.get(key);
    if (known) return known;
    if (isList && this.#rows > 0) {
      throw this.#wrong(
        line,
        `has a list in ${JSON.stringify(key)}, which the lines before it lack`,
      );
    }
    const column = isList ? new VectorBuilder(key) : new ColumnBuilder(key);
    if (column instanceof ColumnBuilder) {
      for (let row = 0; row < this.#rows; row++) column.addHole();
    }
    this.#columns.set(key, column);
    return column;
  }

  #wrong(line: number, what: string): WeftError {
    return new WeftError(`Cannot read ${this.name}: line ${line} ${what}`);
  }
}

/** The beginning of a text, for a message. */
function excerpt(text: string): string {
  const line = text.trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
