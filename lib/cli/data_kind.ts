/** What the argument DATA is, by its name, or else by its first bytes. */
import { host } from "../host/mod.ts";
import { sniff } from "../bytes/sniff.ts";
import { UsageError } from "../errors.ts";

/** Stands for standard input. */
export const STDIN = "-";

/** Rows of a table, arrays of NumPy or IDX, one image, or a folder of images. */
export type DataKind = "rows" | "arrays" | "image" | "folder";

const ROWS = /\.(csv|tsv|jsonl|ndjson|parquet)(\.gz)?$/i;
const ARRAYS = /(\.np[yz]|idx\d+-?u?[a-z]*\d*)(\.gz)?$/i;
const IMAGE = /\.(png|jpe?g|webp)$/i;

const BEGINNING = 512;

/** What cannot be read is rows: who opens it says why not. */
export async function kindOfData(path: string): Promise<DataKind> {
  if (path === STDIN || ROWS.test(path)) return "rows";
  const info = await host.stat(path).catch(() => null);
  if (info?.isDirectory) return "folder";
  if (ARRAYS.test(path)) return "arrays";
  if (IMAGE.test(path)) return "image";
  // What comes out of a pipe cannot be looked into and then read.
  return info?.isFile ? await kindOfBytes(path) : "rows";
}

async function kindOfBytes(path: string): Promise<DataKind> {
  const beginning = new Uint8Array(BEGINNING);
  try {
    using file = await host.open(path);
    const count = await file.read(beginning);
    const kind = sniff(beginning.subarray(0, count ?? 0));
    if (kind?.format === "IDX" || kind?.what.includes("NumPy")) return "arrays";
    return /^an? (PNG|JPEG|WebP) image$/.test(kind?.what ?? "") ? "image" : "rows";
  } catch {
    return "rows";
  }
}

/**
 * Whether data for a model that was trained on a table is an array, and no rows with columns.
 *
 * @throws {UsageError} if it is an image, or a folder of some
 */
export async function requireRowKind(path: string, cannot: string): Promise<boolean> {
  const kind = await kindOfData(path);
  if (kind === "rows" || kind === "arrays") return kind === "arrays";
  const what = kind === "image" ? "an image" : "a folder";
  throw new UsageError(
    `${cannot} ${path}: it is ${what}, and the model was trained on a table; name rows, such as rows.csv`,
  );
}

/** Whether a folder has images, or folders that may have some, and no IDX files, which --data-dir names. */
export async function isImageFolder(path: string): Promise<boolean> {
  const entries = await Array.fromAsync(host.readDir(path)).catch(() => []);
  const seen = entries.filter(({ name }) => !name.startsWith("."));
  if (seen.some(({ name }) => /-idx\d-ubyte(\.gz)?$/.test(name))) return false;
  return seen.some(({ name, isDirectory, isSymlink }) =>
    isDirectory || isSymlink || IMAGE.test(name)
  );
}
