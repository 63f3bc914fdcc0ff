/** A table that comes in parts; for `--keep` with the cells of the input as they were written. */
import { CsvRecords } from "../../dataset/formats/csv_records.ts";
import { CsvReader } from "../../dataset/formats/csv.ts";
import { JsonLinesReader } from "../../dataset/formats/json_lines.ts";
import type { Table } from "../../dataset/table.ts";
import type { RowFile } from "./row_file.ts";

/** A table that comes in parts, each with the cells of its rows as texts. */
export interface RowParts {
  readonly names: readonly string[];
  push(piece: Uint8Array): void;
  /** The rows since the last call; null if there are none. */
  take(): RowPart | null;
  /** Takes what is left. */
  end(): RowPart | null;
}

export interface RowPart {
  readonly table: Table;
  /** A list of cells for each row, in the order of `names`; null unless they are kept. */
  readonly texts: readonly (readonly string[])[] | null;
}

export function rowParts(file: Pick<RowFile, "format" | "name">, keep: boolean): RowParts {
  return file.format === "CSV" ? csvParts(file, keep) : jsonParts(file, keep);
}

function csvParts({ name }: Pick<RowFile, "name">, keep: boolean): RowParts {
  const reader = new CsvReader({ name });
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let texts: string[][] = [];
  const records = keep
    ? new CsvRecords(name, undefined, () => {
      const { bytes, starts, ends, count } = records!;
      texts.push(Array.from(
        { length: count },
        (_, i) => decoder.decode(bytes.subarray(starts[i], ends[i])),
      ));
    })
    : null;
  let isFirst = true;
  const part = (table: Table | null): RowPart | null => {
    if (!table) return null;
    // Where the first line names the columns, it is no row.
    const rows = isFirst ? texts.slice(texts.length - table.rows) : texts;
    isFirst = false;
    texts = [];
    return { table, texts: keep ? rows : null };
  };
  return {
    get names() {
      return reader.names;
    },
    push(piece) {
      reader.push(piece);
      records?.push(piece);
    },
    take: () => part(reader.takeRows()),
    end() {
      const table = reader.end();
      records?.end();
      return part(table.rows > 0 ? table : null);
    },
  };
}

function jsonParts({ name }: Pick<RowFile, "name">, keep: boolean): RowParts {
  let members: ReadonlyMap<string, unknown>[] = [];
  const reader = new JsonLinesReader({ name }, keep ? (row) => members.push(row) : undefined);
  let names: readonly string[] | null = null;
  const part = (table: Table | null): RowPart | null => {
    if (!table) return null;
    // Later lines may have more members; the first part says which columns are written.
    names ??= reader.names;
    const own = names;
    const texts = members.map((row) => own.map((name) => textOf(row.get(name))));
    members = [];
    return { table, texts: keep ? texts : null };
  };
  return {
    get names() {
      return names ?? reader.names;
    },
    push: (piece) => reader.push(piece),
    take: () => part(reader.takeRows()),
    end() {
      const table = reader.end();
      return part(table.rows > 0 ? table : null);
    },
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
