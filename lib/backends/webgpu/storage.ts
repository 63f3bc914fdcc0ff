/**
 * Matrices in the GPU's memory.
 *
 * A row of float32 is padded to whole vec4, a row of bytes to whole words of four, so that kernels
 * read several at once wherever a row begins:
 *
 *     3 x 5 float32        0 1 2 3 | 4 . . .        stride 2, in vec4
 *                          5 6 7 8 | 9 . . .
 *                          ...
 *
 * What stands in the padding means nothing and reaches no result. A view is rows of the same
 * storage; kernels are told where it begins, because bindings can begin at few places only.
 */
import type { BufferTypes } from "../../backend/matrices.ts";
import type { ByteMatrix, Matrix, RowIndices } from "../../backend/matrices.ts";
import { WeftError } from "../../errors.ts";
import type { Kernel } from "./kernels.ts";

/** A kernel's buffers, one that it writes first. */
export interface Group {
  readonly kernel: Kernel;
  readonly storages: readonly Storage[];
  readonly bindGroup: GPUBindGroup;
}

/** A buffer of the GPU, and the bind groups that were made for kernels that write it. */
export class Storage {
  groups: Group[] = [];
  /** Storages whose groups have this one among their inputs. */
  readonly outputs = new Set<Storage>();
  /** The number of the last dispatch that bound it, and whether that writes it. */
  boundBy = 0;
  boundToWrite = false;

  constructor(readonly buffer: GPUBuffer, readonly bytes: number) {}
}

/** Lets go of every group with `storage` in it. */
export function forgetGroups(storage: Storage): void {
  for (const { storages } of storage.groups) {
    for (const input of storages) input.outputs.delete(storage);
  }
  storage.groups = [];
  for (const output of storage.outputs) {
    output.groups = output.groups.filter(({ storages }) => !storages.includes(storage));
  }
  storage.outputs.clear();
}

export class GpuMatrix implements Matrix {
  readonly element = "float32";
  /** vec4 from the start of a row to the next. */
  readonly stride: number;
  /** vec4 before the first row. */
  readonly offset: number;
  /** Bytes of a row, before the first row, and of all rows. */
  readonly rowBytes: number;
  readonly at: number;
  readonly bytes: number;

  constructor(
    readonly storage: Storage,
    readonly firstRow: number,
    readonly rows: number,
    readonly columns: number,
    readonly isView = false,
  ) {
    this.stride = Math.ceil(columns / 4);
    this.offset = firstRow * this.stride;
    this.rowBytes = this.stride * 16;
    this.at = firstRow * this.rowBytes;
    this.bytes = rows * this.rowBytes;
  }

  get allocation(): object {
    return this.storage;
  }
}

/** Whether two matrices are the same rows of the same storage. */
export function isSame(a: GpuMatrix, b: GpuMatrix): boolean {
  return a === b ||
    (a.storage === b.storage && a.firstRow === b.firstRow && a.rows === b.rows &&
      a.columns === b.columns);
}

/** Some of a byte matrix's rows, all in one storage. */
export interface Part {
  readonly storage: Storage;
  /** Rows of the whole matrix before this part. */
  readonly firstRow: number;
  readonly rows: number;
}

/** A byte matrix that is too large for one binding has several parts. */
export class GpuBytes implements ByteMatrix {
  readonly element = "uint8";
  /** Words from the start of a row to the next. */
  readonly stride: number;
  readonly rowBytes: number;

  constructor(
    readonly parts: readonly Part[],
    readonly firstRow: number,
    readonly rows: number,
    readonly columns: number,
    readonly isView = false,
  ) {
    this.stride = Math.ceil(columns / 4);
    this.rowBytes = this.stride * 4;
  }

  get allocation(): object {
    return this.parts;
  }
}

export class GpuOrder implements RowIndices {
  constructor(readonly storage: Storage, readonly length: number) {}
}

export interface GpuBuffers extends BufferTypes {
  matrix: GpuMatrix;
  bytes: GpuBytes;
  order: GpuOrder;
}

/**
 * Where a byte matrix lies that a kernel is to see at once.
 *
 * @throws {WeftError} where its rows are spread over several storages
 */
export function onlyRun(matrix: GpuBytes): Run {
  const runs = runsOf(matrix);
  if (runs.length === 1) return runs[0];
  throw new WeftError(
    `Cannot compute with ${matrix.rows} x ${matrix.columns} bytes at once: they are in ` +
      `${runs.length} buffers, for one of the adapter's is too small; take fewer rows at a time`,
  );
}

/** Where a run of rows lies. */
export interface Run {
  readonly storage: Storage;
  /** Bytes before it in the storage, and in it. */
  readonly at: number;
  readonly bytes: number;
  /** Rows of the matrix before it, and in it. */
  readonly first: number;
  readonly rows: number;
}

/** The rows of `matrix`, one run a part. */
export function runsOf(matrix: GpuMatrix | GpuBytes): Run[] {
  const { firstRow, rows, rowBytes } = matrix;
  if (matrix instanceof GpuMatrix) {
    const { storage, at, bytes } = matrix;
    return [{ storage, at, bytes, first: 0, rows }];
  }
  const runs: Run[] = [];
  for (const part of matrix.parts) {
    const begin = Math.max(firstRow, part.firstRow);
    const end = Math.min(firstRow + rows, part.firstRow + part.rows);
    if (begin >= end) continue;
    runs.push({
      storage: part.storage,
      at: (begin - part.firstRow) * rowBytes,
      bytes: (end - begin) * rowBytes,
      first: begin - firstRow,
      rows: end - begin,
    });
  }
  return runs;
}

type Elements = Float32Array | Uint8Array;

/** `values`, row-major, as they lie in memory: every row padded to `rowBytes`. */
export function padRows(values: Elements, rows: number, rowBytes: number): Elements {
  const columns = values.length / rows;
  const stride = rowBytes / values.BYTES_PER_ELEMENT;
  if (stride === columns) return values;
  const padded = values instanceof Float32Array
    ? new Float32Array(rows * stride)
    : new Uint8Array(rows * stride);
  for (let i = 0; i < rows; i++) {
    padded.set(values.subarray(i * columns, (i + 1) * columns), i * stride);
  }
  return padded;
}

/** Copies rows of `columns` elements from `padded`, which has more, to `values`. */
export function unpadRows(values: Elements, padded: Elements, columns: number): void {
  const rows = values.length / columns;
  const stride = padded.length / rows;
  if (columns === 1) {
    for (let i = 0; i < rows; i++) values[i] = padded[i * stride];
    return;
  }
  if (stride === columns) return values.set(padded);
  for (let i = 0; i < rows; i++) {
    values.set(padded.subarray(i * stride, i * stride + columns), i * columns);
  }
}
