/** Small data sets for tests, made from nothing: as IDX bytes, as gzip, as folders. */

import { join } from "node:path";
import { dataFile, FILE_NAMES, type FileName } from "../../data/files.ts";
import type { Fingerprints } from "../../data/fashion_mnist.ts";

/** Decompressed files by name. */
export type IdxFiles = Record<FileName, Uint8Array<ArrayBuffer>>;

/** IDX images whose pixels count up from 0 to 255 and begin again. */
export function encodeIdxImages(
  rows: number,
  height: number,
  width: number,
): Uint8Array<ArrayBuffer> {
  const pixels = Uint8Array.from({ length: rows * height * width }, (_, i) => i & 0xff);
  return encodeIdx(0x803, [rows, height, width], pixels);
}

/** IDX labels. */
export function encodeIdxLabels(labels: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return encodeIdx(0x801, [labels.length], labels);
}

/** IDX of bytes in any shape; `magic` is 0x800 and the number of dimensions. */
export function encodeIdx(
  magic: number,
  sizes: number[],
  values: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const headerBytes = 4 * (1 + sizes.length);
  const bytes = new Uint8Array(headerBytes + values.length);
  const header = new DataView(bytes.buffer);
  [magic, ...sizes].forEach((word, i) => header.setUint32(4 * i, word));
  bytes.set(values, headerBytes);
  return bytes;
}

/** 20 rows to train on and 10 to test with, of 3 x 2 pixels and ten classes. */
export function smallIdxFiles(): IdxFiles {
  const labels = Array.from({ length: 20 }, (_, row) => row % 10);
  return {
    "train-images-idx3-ubyte": encodeIdxImages(20, 3, 2),
    "train-labels-idx1-ubyte": encodeIdxLabels(labels),
    "t10k-images-idx3-ubyte": encodeIdxImages(10, 3, 2),
    "t10k-labels-idx1-ubyte": encodeIdxLabels(labels.slice(10)),
  };
}

/** What `files` would be recognized by, were they the data set that is sought. */
export function fingerprintsOf(files: IdxFiles): Fingerprints {
  const entries = FILE_NAMES.map((name) => {
    const bytes = files[name];
    return [name, { bytes: bytes.length, sha256: dataFile(name, bytes).sha256 }] as const;
  });
  return Object.fromEntries(entries) as Fingerprints;
}

/** The bytes as a gzip file. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/** Writes files into `folder` under the names given. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(join(folder, name), bytes);
  }
}
