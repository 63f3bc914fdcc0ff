/** Fashion-MNIST: its files, how to recognize them, and where they is available. */

import { join } from "node:path";
import { WeftError } from "../lib/errors.ts";
import { type DataFile, type DataFiles, FILE_NAMES, type FileName } from "./files.ts";

/** How a decompressed file is recognized. */
export interface Fingerprint {
  readonly bytes: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
}

/** A fingerprint for each file of a data set. */
export type Fingerprints = Readonly<Record<FileName, Fingerprint>>;

export const FASHION_MNIST: Fingerprints = {
  "train-images-idx3-ubyte": {
    bytes: 47_040_016,
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  },
  "train-labels-idx1-ubyte": {
    bytes: 60_008,
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  },
  "t10k-images-idx3-ubyte": {
    bytes: 7_840_016,
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  },
  "t10k-labels-idx1-ubyte": {
    bytes: 10_008,
    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
};

/** Where it is kept once it has been found: `cache/` beside this file. */
export const CACHE_DIR = join(import.meta.dirname ?? "data", "cache");

/** Upstream's addresses; a file is at ADDRESS/NAME.gz. */
export const UPSTREAM_ADDRESSES = [
  "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
  "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
] as const;

/** Debian's package of the same files, and the folder in which it puts them. */
export const DEBIAN_PACKAGE = "dataset-fashion-mnist";
export const SYSTEM_FOLDER = "/usr/share/datasets/fashion-mnist";

/**
 * Checks one file's checksum.
 *
 * @throws {WeftError} one line with both checksums, where it is another
 */
export function verifyFile(
  name: FileName,
  { path, sha256 }: DataFile,
  expected: Fingerprints,
): void {
  if (sha256 === expected[name].sha256) return;
  throw new WeftError(
    `${path} is damaged or another file: its SHA-256 is ${sha256}, not ${expected[name].sha256}`,
  );
}

/**
 * Checks that all four files are there, each with its checksum.
 *
 * @throws {WeftError} one line on the first that is not
 */
export function verifyFiles(files: DataFiles, expected: Fingerprints): void {
  for (const name of FILE_NAMES) {
    const file = files.get(name);
    if (!file) throw new WeftError(`${name} is missing`);
    verifyFile(name, file, expected);
  }
}
