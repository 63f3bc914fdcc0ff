/** Collects a column whose cells are lists of equal length. */

import type { VectorColumn } from "../table.ts";

export class VectorBuilder {
  #values = new Float32Array(0);
  #length = 0;
  /** Numbers of a cell; those of the first decide. */
  #size = 0;

  constructor(readonly name: string) {}

  /** Adds a cell; false where it is no list of so many finite numbers as the first one. */
  add(cell: unknown): boolean {
    if (!Array.isArray(cell) || cell.length === 0) return false;
    if (this.#length === 0) this.#size = cell.length;
    if (cell.length !== this.#size || !cell.every((value) => Number.isFinite(value))) return false;
    if (this.#length + cell.length > this.#values.length) {
      const wider = new Float32Array(Math.max(this.#values.length * 2, cell.length * 64));
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values.set(cell, this.#length);
    this.#length += cell.length;
    return true;
  }

  build(): VectorColumn {
    const values = this.#values.subarray(0, this.#length);
    return { kind: "vector", name: this.name, size: this.#size, values };
  }
}
