/** The curves of one run in a page: they grow while the run trains. */

import type { EpochRecord } from "../../lib/run_log/run/records.ts";
import { CURVE_COLUMNS, type CurveColumn, type Curves, valueIn } from "../shared/curves.ts";

/** Columns that grow by doubling, so that an epoch is appended in constant time. */
export class CurveStore {
  /** How many epochs there are. */
  #length = 0;
  #columns: Record<CurveColumn, Float64Array>;

  /** @param epochs In rising order; one that does not rise is left out. */
  constructor(
    epochs: readonly EpochRecord[] = [],
    readonly names: readonly CurveColumn[] = CURVE_COLUMNS,
  ) {
    this.#columns = allocate(64, names);
    this.append(epochs);
  }

  get length(): number {
    return this.#length;
  }

  /** The last epoch's number; 0 where there is none. */
  get lastEpoch(): number {
    return this.#length === 0 ? 0 : this.#columns.epoch[this.#length - 1];
  }

  /** A column as it stands now: a view that later epochs do not change; empty where the run has none of that name. */
  column(name: CurveColumn): Float64Array {
    return this.#columns[name]?.subarray(0, this.#length) ?? new Float64Array();
  }

  /** Appends epochs. What comes twice, as after a reconnection, is taken once. */
  append(epochs: readonly EpochRecord[]): void {
    for (const epoch of epochs) {
      if (!(epoch?.epoch > this.lastEpoch)) continue;
      this.#reserve(this.#length + 1);
      for (const name of this.names) this.#columns[name][this.#length] = valueIn(epoch, name);
      this.#length++;
    }
  }

  /** Puts a run's whole curves in the place of what has come so far; epochs after their end stay. */
  backfill(curves: Curves): void {
    const rows = curves.epoch.length;
    if (rows === 0) return;
    const last = curves.epoch[rows - 1];
    let later = this.#length;
    while (later > 0 && this.#columns.epoch[later - 1] > last) later--;
    const length = rows + this.#length - later;
    // Mostly there are none, and then the bytes that came are the columns: a copy of them costs more than drawing them.
    const columns = length === rows ? { ...curves } : allocate(length, this.names);
    if (length > rows) {
      for (const name of this.names) {
        columns[name].set(curves[name]);
        columns[name].set(this.#columns[name].subarray(later, this.#length), rows);
      }
    }
    this.#length = length;
    this.#columns = columns;
  }

  #reserve(rows: number): void {
    if (rows <= this.#columns.epoch.length) return;
    const grown = allocate(2 * rows, this.names);
    for (const name of this.names) grown[name].set(this.#columns[name]);
    this.#columns = grown;
  }
}

function allocate(
  rows: number,
  names: readonly CurveColumn[],
): Record<CurveColumn, Float64Array> {
  const columns = names.map((name) => [name, new Float64Array(rows)] as const);
  return Object.fromEntries(columns) as Record<CurveColumn, Float64Array>;
}
