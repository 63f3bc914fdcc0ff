/** A tarball as npm writes them: the same files give the same bytes, whenever and wherever it is made. */

import { gzipSync } from "node:zlib";

const BLOCK = 512;
/** npm's own: 26 October 1985, 8:15 UTC, in seconds. */
const MODIFIED = 499162500;

/** What npm unpacks into the package's folder. */
const FOLDER = "package/";

const encoder = new TextEncoder();

/** @param files contents by path, which has at most 92 bytes */
export function tarball(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  const parts = sorted.flatMap(([path, contents]) => [
    header(FOLDER + path, contents.length),
    contents,
    new Uint8Array(-contents.length & BLOCK - 1),
  ]);
  // Two empty blocks end an archive.
  const archive = concatenated([...parts, new Uint8Array(2 * BLOCK)]);
  const packed = new Uint8Array(gzipSync(archive, { level: 9 }));
  packed[9] = 255; // The system that packed: unknown.
  return packed;
}

/** The ustar header of a file that everybody may read. */
function header(path: string, size: number): Uint8Array {
  const name = encoder.encode(path);
  if (name.length > 100) throw new Error(`${path} is too long for a tarball`);
  const block = new Uint8Array(BLOCK);
  const octal = (value: number, digits: number) =>
    encoder.encode(value.toString(8).padStart(digits, "0"));
  block.set(name);
  block.set(octal(0o644, 7), 100);
  block.set(octal(0, 7), 108);
  block.set(octal(0, 7), 116);
  block.set(octal(size, 11), 124);
  block.set(octal(MODIFIED, 11), 136);
  block.fill(0x20, 148, 156); // The checksum is taken with spaces in its place.
  block[156] = 0x30; // A file.
  block.set(encoder.encode("ustar\x0000"), 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(encoder.encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return block;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
