/**
 * Tables from Apache Parquet, an entry point of its own because it needs packages (hyparquet, and for other compression than
 * snappy hyparquet-compressors, which is loaded when a file has it).
 *
 * @example
 * ```ts
 * import { readParquet } from "./parquet.ts";
 * import { datasetOf } from "./mod.ts";
 *
 * const read = async (path: string) => datasetOf(await readParquet(await Deno.readFile(path)), { target: "y" });
 * ```
 *
 * @module
 */
import { type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet";
import type { ByteSource } from "./dataset/formats/byte_source.ts";
import { type Column, HOLES, type Table } from "./dataset/table.ts";
import { messageOf, WeftError } from "./errors.ts";

/** How a Parquet file is read. */
export interface ParquetOptions {
  /** How messages call the file; "the Parquet file" by default. */
  readonly name?: string;
  /** Names of columns that are left out. */
  readonly ignore?: readonly string[];
}

/** More cells than this are read at once in no column: a file with larger row groups is read in parts of them. */
const ROWS_AT_ONCE = 1 << 18;

/**
 * Reads a table: numbers, decimals and booleans (true and false as texts), texts, dates and times (ISO 8601), and lists of
 * numbers of equal length; nulls are holes.
 *
 * @param source the whole file, at once or piece by piece
 * @throws {WeftError} one line: it is no Parquet or damaged, or a column is nested, binary, or its lists differ in length
 */
export async function readParquet(
  source: Exclude<ByteSource, string>,
  { name = "the Parquet file", ignore = [] }: ParquetOptions = {},
): Promise<Table> {
  const bytes = await allBytes(source);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const cannot = `Cannot read ${name}`;
  const refuse = (error: unknown): never => {
    if (error instanceof WeftError) throw error;
    const reason = messageOf(error).split("\n")[0].slice(0, 200);
    throw new WeftError(`${cannot}: it is no Parquet, or damaged (${reason}); write it again`);
  };
  const metadata = await parquetMetadataAsync(file).catch(refuse);
  const rows = Number(metadata.num_rows);
  requireRows(rows, metadata, cannot);
  const names = topNames(metadata, cannot);
  const columns: Column[] = [];
  for (const column of names) {
    if (ignore.includes(column)) continue;
    const cells = await cellsOf(file, metadata, column, rows, cannot).catch(refuse);
    columns.push(columnOf(column, cells, cannot));
  }
  return { rows, columns, notes: [] };
}

async function allBytes(source: Exclude<ByteSource, string>): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof Uint8Array) return source as Uint8Array<ArrayBuffer>;
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** A damaged file may say any number, and memory for that is taken before anything is read. */
function requireRows(rows: number, { row_groups: groups }: FileMetaData, cannot: string): void {
  const found = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows === 0) throw new WeftError(`${cannot}: it has no row; give a file with some`);
  if (Number.isSafeInteger(rows) && rows > 0 && rows === found) return;
  throw new WeftError(
    `${cannot}: it is damaged (it says ${rows} rows, and its parts ${found}); write it again`,
  );
}

function topNames(metadata: FileMetaData, cannot: string): readonly string[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names;
  throw new WeftError(
    `${cannot}: two columns are called ${JSON.stringify(twice)}; give each a name of its own`,
  );
}

/** The cells of one column, as hyparquet decodes them. */
async function cellsOf(
  file: ArrayBuffer,
  metadata: FileMetaData,
  column: string,
  rows: number,
  cannot: string,
): Promise<unknown[]> {
  const compressors = await compressorsFor(metadata);
  const cells: unknown[] = [];
  for (let rowStart = 0; rowStart < rows; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rows, rowStart + ROWS_AT_ONCE);
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: [column],
      rowStart,
      rowEnd,
      rowFormat: "array",
      onComplete(found: unknown[][]) {
        for (const [cell] of found) cells.push(cell);
      },
    });
  }
  if (cells.length === rows) return cells;
  throw new WeftError(
    `${cannot}: column ${
      JSON.stringify(column)
    } has ${cells.length} cells of ${rows}; write it again`,
  );
}

/** hyparquet itself unpacks snappy. */
async function compressorsFor({ row_groups: groups }: FileMetaData) {
  const isOther = groups.some(({ columns }) =>
    columns.some(({ meta_data: data }) => !["UNCOMPRESSED", "SNAPPY"].includes(data?.codec ?? ""))
  );
  return isOther ? (await import("hyparquet-compressors")).compressors : undefined;
}

function columnOf(name: string, cells: readonly unknown[], cannot: string): Column {
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  if (first instanceof Array || ArrayBuffer.isView(first) && !(first instanceof Uint8Array)) {
    return vectorOf(name, cells, cannot);
  }
  if (first === undefined || typeof first === "number" || typeof first === "bigint") {
    return { kind: "number", name, values: Float64Array.from(cells, numberOf(name, cannot)) };
  }
  const places = new Map<string, number>();
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null || cell === undefined) return -1;
    const text = textOf(cell, name, cannot).trim();
    if (HOLES.has(text)) return -1;
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { kind: "text", name, codes, texts: [...places.keys()] };
}

const numberOf = (name: string, cannot: string) => (cell: unknown): number => {
  if (cell === null || cell === undefined) return NaN;
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  throw mixed(name, cannot);
};

function textOf(cell: unknown, name: string, cannot: string): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "boolean") return String(cell);
  if (cell instanceof Date && !Number.isNaN(cell.getTime())) return cell.toISOString();
  throw mixed(name, cannot);
}

function vectorOf(name: string, cells: readonly unknown[], cannot: string): Column {
  const column = `${cannot}: column ${JSON.stringify(name)}`;
  const lengthOf = (cell: unknown) => (cell as ArrayLike<unknown> | null | undefined)?.length;
  const size = lengthOf(cells[0]) ?? 0;
  if (size === 0) {
    throw new WeftError(`${column} has no numbers in row 1; give lists of equal length`);
  }
  const values = new Float32Array(cells.length * size);
  cells.forEach((cell, row) => {
    if (lengthOf(cell) !== size) {
      throw new WeftError(
        `${column} has ${size} numbers in row 1 and ${lengthOf(cell) ?? "none"} in row ${
          row + 1
        }; give lists of equal length`,
      );
    }
    Array.prototype.forEach.call(cell, (value: unknown, i) => {
      if (typeof value !== "number" && typeof value !== "bigint") throw mixed(name, cannot);
      values[row * size + i] = Number(value);
    });
  });
  return { kind: "vector", name, size, values };
}

function mixed(name: string, cannot: string): WeftError {
  return new WeftError(
    `${cannot}: column ${
      JSON.stringify(name)
    } is nested or binary; write its parts as columns of numbers or text`,
  );
}
