/** Reads rows that a user names into a table, whole or a part at a time. */
import { CsvReader } from "../../dataset/formats/csv.ts";
import { JsonLinesReader } from "../../dataset/formats/json_lines.ts";
import type { Column, Table } from "../../dataset/table.ts";
import { interruption } from "../interruption.ts";
import { openRows, type RowFile } from "./row_file.ts";

export interface ReadTable {
  readonly table: Table;
  /** As messages call the file, and as logs do. */
  readonly name: string;
  readonly title: string;
  readonly sha256: string;
}

/**
 * Reads all rows. A column to ignore takes no memory: in the table it has holes only.
 *
 * @param path or "-" for standard input
 * @throws {WeftError} one line, if it cannot be read
 * @throws {InterruptedError} on Ctrl-C
 */
export async function readTable(path: string, ignore: readonly string[] = []): Promise<ReadTable> {
  using interrupted = interruption();
  const file = await openRows(path);
  const reader = readerOf(file, ignore);
  for await (const piece of file.pieces) {
    interrupted.signal.throwIfAborted();
    reader.push(piece);
  }
  const table = withIgnored(reader.end(), reader.names, new Set(ignore));
  return { table, name: file.name, title: file.title, sha256: file.digest() };
}

/** A reader for that file's format. */
export function readerOf(
  { format, name }: Pick<RowFile, "format" | "name">,
  ignore: readonly string[] = [],
): CsvReader | JsonLinesReader {
  return format === "CSV" ? new CsvReader({ name, ignore }) : new JsonLinesReader({ name, ignore });
}

/** The table with the columns that its reader left out, in the file's order. */
function withIgnored(
  table: Table,
  names: readonly string[],
  ignored: ReadonlySet<string>,
): Table {
  if (!names.some((name) => ignored.has(name))) return table;
  const { rows } = table;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const holes = (name: string): Column => ({
    kind: "number",
    name,
    values: { length: rows, at: () => NaN },
  });
  return { ...table, columns: names.map((name) => columns.get(name) ?? holes(name)) };
}

/** By the files' names. */
export function digestsOf(file: ReadTable, test: ReadTable | null): Record<string, string> {
  const { title, sha256 } = file;
  if (!test) return { [title]: sha256 };
  return { [title]: sha256, [test.title === title ? `test/${title}` : test.title]: test.sha256 };
}
