/**
 * What a data set is once its bytes are in memory. Pixels stay bytes (a quarter of the memory of float32); a kernel
 * gathers, scales and widens one batch at a time.
 *
 * Glossary: N rows (samples), I inputs (pixels of one sample), O classes.
 */

/** Samples with their labels. */
export interface LabeledImages {
  /** Number of samples, N. */
  readonly rows: number;
  /** Pixels from top to bottom and from left to right; `height * width` is I. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** N x I bytes, row-major, 0 to 255. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** N bytes, each below the number of classes. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** A training set, a test set where there is one, and what their classes are called. */
export interface Dataset {
  /** "fashion-mnist" where every checksum is Fashion-MNIST's, else the name of the folder it came from. */
  readonly name: string;
  /** To train on. */
  readonly train: LabeledImages;
  /** Null where the folder has no test files. */
  readonly test: LabeledImages | null;
  /** O names, one a class. */
  readonly classNames: readonly string[];
  /** SHA-256 of the decompressed files, in lower-case hexadecimal, by file name without `.gz`. */
  readonly sha256: Readonly<Record<string, string>>;
}
