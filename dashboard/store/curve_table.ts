/**
 * A run's epochs as columns of float64, in blocks: 64 bytes an epoch and 16 for each further metric, however the log spells
 * them, and nothing is copied when it grows. Where there are more epochs than it keeps, every second one is dropped, and again, so that what is left
 * spans the whole run.
 *
 * Glossary: C columns, stride: one of so many epochs is kept.
 */

import type { EpochRecord } from "../../lib/run_log/run/records.ts";
import { CURVE_COLUMNS, type CurveColumn, valueIn } from "../shared/curves.ts";

/** Rows of a block; a long run has some dozens. */
const BLOCK_ROWS = 4096;

/** A block, column after column. */
type Block = Float64Array<ArrayBuffer>;

export class CurveTable {
  #blocks: Block[] = [];
  #rows = 0;
  #stride = 1;
  #seen = 0;

  /** @param capacity rows that are kept at most */
  constructor(
    readonly capacity: number,
    readonly columns: readonly CurveColumn[] = CURVE_COLUMNS,
  ) {}

  /** Rows that are kept. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that were added. */
  get seen(): number {
    return this.#seen;
  }

  get stride(): number {
    return this.#stride;
  }

  add(epoch: EpochRecord): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#rows === this.capacity) {
      this.halve();
      if ((this.#seen - 1) % this.#stride !== 0) return;
    }
    const row = this.#rows++ % BLOCK_ROWS;
    if (row === 0) this.#blocks.push(new Float64Array(this.columns.length * BLOCK_ROWS));
    const block = this.#blocks[this.#blocks.length - 1];
    this.columns.forEach((column, c) => block[c * BLOCK_ROWS + row] = valueIn(epoch, column));
  }

  /** Drops every second row. */
  halve(): void {
    const rows = Math.ceil(this.#rows / 2);
    const C = this.columns.length;
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < C; c++) this.#set(row, c, this.#get(2 * row, c));
    }
    this.#blocks.length = Math.ceil(rows / BLOCK_ROWS);
    this.#rows = rows;
    this.#stride *= 2;
  }

  /** The bytes that shared/curves.ts describes. */
  encode(): Uint8Array<ArrayBuffer> {
    const C = this.columns.length;
    const columns = new Float64Array(C * this.#rows);
    for (let c = 0; c < C; c++) {
      for (const [b, block] of this.#blocks.entries()) {
        const first = b * BLOCK_ROWS;
        const length = Math.min(BLOCK_ROWS, this.#rows - first);
        const column = block.subarray(c * BLOCK_ROWS, c * BLOCK_ROWS + length);
        columns.set(column, c * this.#rows + first);
      }
    }
    return new Uint8Array(columns.buffer);
  }

  #get(row: number, c: number): number {
    return this.#blocks[Math.floor(row / BLOCK_ROWS)][c * BLOCK_ROWS + row % BLOCK_ROWS];
  }

  #set(row: number, c: number, value: number): void {
    this.#blocks[Math.floor(row / BLOCK_ROWS)][c * BLOCK_ROWS + row % BLOCK_ROWS] = value;
  }
}
