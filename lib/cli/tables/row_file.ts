/**
 * Opens what a user names as rows: a file of CSV, JSON Lines or Parquet, gzip of text, or "-" for standard input. What the file is
 * not is said in one line, with what to do.
 */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { type FsFile, host } from "../../host/mod.ts";
import { sniff } from "../../bytes/sniff.ts";
import { textPiecesOf } from "../../dataset/formats/byte_source.ts";
import { didYouMean } from "../../did_you_mean.ts";
import { messageOf, WeftError } from "../../errors.ts";
import { STDIN } from "../data_kind.ts";
import { gunzipped } from "./gunzip.ts";
import { parquetRows } from "./parquet_rows.ts";

/** Bytes that are read at a time: of a pipe, what it holds at most. */
const FILE_PIECE = 1 << 20;
const PIPE_PIECE = 1 << 16;

const REMEDY = "give a CSV, TSV, JSON Lines or Parquet file";

/** What to do with files of other kinds, by what `sniff` says of them. */
const REMEDIES: readonly (readonly [what: RegExp, remedy: string])[] = [
  [/Office|OpenDocument/, "save the sheet as CSV, and give that"],
  [/Arrow/, "write the table as CSV, as with pandas' to_csv, and give that"],
  [/NumPy/, "write the arrays as CSV, and give that"],
  [/^a zip/, "unpack it, and give the file in it"],
  [/pickle|HDF5|SQLite|ONNX|safetensors|TensorFlow|GGUF/, "write the rows as CSV, and give that"],
  [/image|icon|drawing/, "give a CSV file of rows"],
];

export type RowFormat = "CSV" | "JSON Lines";

export interface RowFile {
  /** As messages call it. */
  readonly name: string;
  /** As logs call it: without folder, and without `.gz`. */
  readonly title: string;
  readonly format: RowFormat;
  /** Its text, UTF-8, unpacked. To be read once. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** SHA-256 of that text, in hexadecimal, once it has been read to its end. */
  digest(): string;
}

/**
 * Opens rows.
 *
 * @param path or "-"
 * @throws {WeftError} if there is no such file, or it is of another kind; also while `pieces` are read
 */
export async function openRows(path: string): Promise<RowFile> {
  const name = path === STDIN ? "the standard input" : path;
  const title = path === STDIN ? "stdin" : basename(path).replace(/\.gz$/i, "");
  const raw = path === STDIN ? stdinPieces() : filePieces(path, await openFile(path));
  const { value: first = new Uint8Array(0) } = await raw.next();
  requireRows(first, name);
  const read = async function* () {
    yield first;
    yield* raw;
  };
  const all = () => first[0] === 0x1f && first[1] === 0x8b ? gunzipped(read(), name) : read();
  // Of a name that says nothing, the beginning tells: of gzip only once it is unpacked.
  const isParquet = sniff(first)?.what.includes("Parquet") ?? false;
  const known = isParquet ? "JSON Lines" : formatOfName(path);
  const text = isParquet
    ? parquetRows(all(), name)
    : textPiecesOf(all(), name, REMEDY, known === "CSV" ? undefined : "JSON");
  const { value: beginning = new Uint8Array(0), done } = await text.next();
  const format = known ?? (sniff(beginning)?.format === "JSON" ? "JSON Lines" : "CSV");
  if (format === "JSON Lines") requireLines(beginning, name);
  const hash = createHash("sha256");
  const pieces = async function* () {
    hash.update(beginning);
    yield beginning;
    for await (const piece of text) {
      hash.update(piece);
      yield piece;
    }
  };
  return {
    name,
    title,
    format,
    pieces: done ? noPieces() : pieces(),
    digest: () => hash.copy().digest("hex"),
  };
}

async function* noPieces(): AsyncGenerator<Uint8Array> {}

/** Null where the name says nothing. */
function formatOfName(path: string): RowFormat | null {
  const name = path.replace(/\.gz$/i, "");
  if (/\.(csv|tsv)$/i.test(name)) return "CSV";
  return /\.(jsonl|ndjson|parquet)$/i.test(name) ? "JSON Lines" : null;
}

/** Whether a name is that of a table rather than that of a folder. */
export function isNamedAsRows(path: string): boolean {
  return path === STDIN || formatOfName(path) !== null;
}

/** @throws {WeftError} if the beginning is that of another kind of file; text is looked into once it is unpacked */
function requireRows(beginning: Uint8Array, name: string): void {
  const kind = sniff(beginning);
  if (kind?.what.includes("Parquet")) return;
  if (!kind || kind.format === "gzip" || kind.format === "JSON" || /UTF-16/.test(kind.what)) return;
  const remedy = REMEDIES.find(([what]) => what.test(kind.what))?.[1] ?? kind.remedy ?? REMEDY;
  // A guess at what is in a zip is of no use where it should have been rows.
  const what = kind.what.replace(/^a zip \(.*\?\)$/, "a zip");
  throw new WeftError(`Cannot read rows from ${name}: it is ${what}; ${remedy}`);
}

/** A list in brackets is one value, and not a value a line. */
function requireLines(beginning: Uint8Array, name: string): void {
  const text = new TextDecoder().decode(beginning.subarray(0, 64)).replace(/^\ufeff/, "");
  if (!text.trimStart().startsWith("[")) return;
  throw new WeftError(
    `Cannot read rows from ${name}: it is one list of JSON; write an object a line (JSON Lines), ` +
      "as jq -c '.[]' does",
  );
}

async function openFile(path: string): Promise<FsFile> {
  const cannot = `Cannot read rows from ${path || '""'}`;
  try {
    const file = await host.open(path);
    if (!(await file.stat()).isDirectory) return file;
    file.close();
    throw new WeftError(`${cannot}: it is a folder; name a file`);
  } catch (error) {
    if (error instanceof WeftError) throw error;
    throw new WeftError(`${cannot}: ${reasonOf(error, path)}`);
  }
}

function reasonOf(error: unknown, path: string): string {
  if (error instanceof host.errors.NotFound) {
    const others = namesBeside(path);
    const name = basename(path);
    if (others.includes(name)) return "it is a link to a file that is gone; name another one";
    const meant = didYouMean(name, others) ?? others.find((it) => it.startsWith(`${name}.`)) ??
      null;
    const suggestion = meant === null ? "name one that there is" : `did you mean ${meant}?`;
    return `there is no such file; ${suggestion}`;
  }
  if (error instanceof host.errors.IsADirectory) return "it is a folder; name a file";
  if (error instanceof host.errors.NotADirectory) return "a part of the path is a file; correct it";
  if (error instanceof host.errors.PermissionDenied) {
    return "permission denied; name a file that you may read";
  }
  return `${messageOf(error)}; name a file that can be read`;
}

/** Names of what lies in the same folder; none where it cannot be read. */
function namesBeside(path: string): string[] {
  try {
    return Array.from(host.readDirSync(dirname(path)), ({ name }) => name);
  } catch {
    return [];
  }
}

async function* filePieces(path: string, file: FsFile): AsyncGenerator<Uint8Array> {
  using _ = file;
  try {
    yield* piecesOf(file, FILE_PIECE);
  } catch (error) {
    throw new WeftError(
      `Cannot read rows from ${path}: ${messageOf(error)}; copy the file to another place`,
    );
  }
}

async function* stdinPieces(): AsyncGenerator<Uint8Array> {
  if (host.stdin.isTerminal()) {
    throw new WeftError(
      "Cannot read rows from the standard input: it is a terminal; send a file there, as in < rows.csv",
    );
  }
  yield* piecesOf(host.stdin, PIPE_PIECE);
}

async function* piecesOf(
  from: { read(into: Uint8Array): Promise<number | null> },
  size: number,
): AsyncGenerator<Uint8Array> {
  let piece: Uint8Array | null = null;
  for (let isPacked: boolean | null = null;;) {
    // What unpacks reads ahead, so it gets pieces of its own; who reads text is done with one before the next.
    if (piece === null || isPacked) piece = new Uint8Array(size);
    const count = await from.read(piece);
    if (count === null) return;
    isPacked ??= piece[0] === 0x1f && (count < 2 || piece[1] === 0x8b);
    yield piece.subarray(0, count);
  }
}
