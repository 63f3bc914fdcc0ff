/**
 * Encodes rows a part at a time, column by column.
 *
 * Glossary: I features of a row; a column's features begin at its offset.
 */
import { didYouMean } from "../../did_you_mean.ts";
import { WeftError } from "../../errors.ts";
import type { Table } from "../table.ts";
import { type AnyColumn, numberCells, textCells, vectorCells } from "./cells.ts";
import type { EncodingNotes, UnknownValues } from "./notes.ts";
import {
  type CategoryInput,
  featureCount,
  type InputColumn,
  type NumberInput,
  type Preprocessing,
  type VectorInput,
  widthOf,
} from "./preprocessing.ts";

/** Rows as a table, or as objects: `{ age: 31, sex: "female" }`. */
export type RawRows = Table | readonly object[];

/** Fills the features of a column in rows `first` on. @param out count x I, row-major, `offset` being the column's first */
type Fill = (out: Float32Array, first: number, count: number) => void;

export class Encoder {
  /** N. */
  readonly rows: number;
  /** I. */
  readonly features: number;
  readonly #fills: readonly Fill[];
  readonly #missing: string[] = [];
  readonly #unknownColumns: EncodingNotes["unknownColumns"];
  readonly #unknownValues = new Map<string, UnknownValues>();
  /** Rows that were encoded before: what is odd about them is not counted again. */
  #counted = 0;

  /** @throws {WeftError} if rows have columns, and none that `preprocessing` knows; or a vector has another length */
  constructor(preprocessing: Preprocessing, raw: RawRows) {
    const { columns, ignored, target } = preprocessing;
    const given = columnsOf(raw);
    this.rows = given.rows;
    this.features = featureCount(preprocessing);
    const known = columns.map(({ name }) => name);
    const others = new Set([...ignored, ...target.names]);
    const unknown = given.names.filter((name) => !others.has(name) && !known.includes(name));
    if (unknown.length > 0 && !known.some((name) => given.names.includes(name))) {
      throw new WeftError(
        `Cannot use these rows: of the columns ${listed(known)} they have none, but ${
          listed(unknown)
        }; give rows of the table that the model was trained on`,
      );
    }
    this.#unknownColumns = unknown.map((name) => ({
      name,
      suggestion: didYouMean(name, known.filter((name) => !given.names.includes(name))),
    }));
    const groups = preprocessing.window?.groups;
    const isSaid = groups !== undefined && given.names.includes(groups);
    this.groups = isSaid ? textCells(given.column(groups)) : null;
    let offset = 0;
    this.#fills = columns.map((column) => {
      const at = offset;
      offset += widthOf(column);
      const cells = given.names.includes(column.name) ? given.column(column.name) : null;
      if (!cells && this.rows > 0) this.#missing.push(column.name);
      return this.#fillOf(column, cells, at);
    });
  }

  /** What tells the rows' groups apart; null where the model knows none, or the rows say none. */
  readonly groups: ((row: number) => string | null) | null;

  /** Encodes `count` rows from `first` on. @param out count x I */
  encode(out: Float32Array, first: number, count: number): void {
    for (const fill of this.#fills) fill(out, first, count);
    this.#counted = Math.max(this.#counted, first + count);
  }

  /** What was odd about the rows that were encoded so far. */
  get notes(): EncodingNotes {
    return {
      missing: this.#missing,
      unknownColumns: this.#unknownColumns,
      unknownValues: [...this.#unknownValues.values()],
    };
  }

  #fillOf(column: InputColumn, cells: AnyColumn | null, offset: number): Fill {
    switch (column.kind) {
      case "number":
        return this.#fillNumbers(column, cells, offset);
      case "category":
        return this.#fillCategories(column, cells, offset);
      case "vector":
        return this.#fillVectors(column, cells, offset);
    }
  }

  #fillNumbers(column: NumberInput, cells: AnyColumn | null, offset: number): Fill {
    const { features } = this;
    const { impute, indicator, mean, std, name } = column;
    const read = cells ? numberCells(cells) : () => NaN;
    return (out, first, count) => {
      for (let i = 0, at = offset; i < count; i++, at += features) {
        const value = read(first + i);
        const isHole = Number.isNaN(value);
        out[at] = ((isHole ? impute : value) - mean) / std;
        if (indicator) out[at + 1] = isHole ? 1 : 0;
        if (!Number.isFinite(out[at])) refuseSize(name, first + i, value);
      }
    };
  }

  #fillCategories(column: CategoryInput, cells: AnyColumn | null, offset: number): Fill {
    const { features } = this;
    const { values } = column;
    const width = widthOf(column);
    const unknown = width - 1;
    const hole = column.hole ? unknown - 1 : unknown;
    const places = new Map(values.map((value, place) => [value, place]));
    const read = cells ? textCells(cells) : () => null;
    return (out, first, count) => {
      for (let i = 0, at = offset; i < count; i++, at += features) {
        const value = read(first + i);
        const place = value === null ? hole : places.get(value) ?? unknown;
        out.fill(0, at, at + width);
        out[at + place] = 1;
        if (value !== null && place === unknown) this.#noteUnknown(column, value, first + i);
      }
    };
  }

  #fillVectors(column: VectorInput, cells: AnyColumn | null, offset: number): Fill {
    const { features } = this;
    const { size, mean, std, name } = column;
    const read = cells ? vectorCells(cells, size) : null;
    return (out, first, count) => {
      for (let i = 0, at = offset; i < count; i++, at += features) {
        if (!read) {
          out.fill(0, at, at + size);
          continue;
        }
        const list = read(first + i);
        for (let j = 0; j < size; j++) {
          out[at + j] = mean && std ? (list[j] - mean[j]) / std[j] : list[j];
          if (!Number.isFinite(out[at + j])) refuseSize(`${name}[${j}]`, first + i, list[j]);
        }
      }
    };
  }

  #noteUnknown({ name, values }: CategoryInput, value: string, row: number): void {
    if (row < this.#counted) return;
    const before = this.#unknownValues.get(name);
    this.#unknownValues.set(
      name,
      before
        ? { ...before, rows: before.rows + 1 }
        : { column: name, rows: 1, value, suggestion: didYouMean(value, values) },
    );
  }
}

function columnsOf(raw: RawRows) {
  if (!Array.isArray(raw)) {
    const { rows, columns } = raw as Table;
    if (!Array.isArray(columns)) {
      throw new WeftError(
        "Cannot use these rows: they are neither a table nor an array of rows; " +
          'give [{ age: 31, sex: "female" }], also for a single row',
      );
    }
    const byName = new Map(columns.map((column) => [column.name, column]));
    return {
      rows,
      names: [...byName.keys()],
      column: (name: string): AnyColumn => byName.get(name)!,
    };
  }
  const objects = raw as readonly Readonly<Record<string, unknown>>[];
  const names = new Set<string>();
  objects.forEach((object, row) => {
    if (typeof object !== "object" || object === null || Array.isArray(object)) {
      throw new WeftError(
        `Cannot use row ${row + 1}: it is no object; give rows such as { age: 31, sex: "female" }`,
      );
    }
    for (const name of Object.keys(object)) names.add(name);
  });
  const column = (name: string): AnyColumn => ({
    kind: "objects",
    name,
    // What every object inherits is no column.
    values: objects.map((object) => Object.hasOwn(object, name) ? object[name] : undefined),
  });
  return { rows: objects.length, names: [...names], column };
}

/** @param row from 0 */
function refuseSize(name: string, row: number, value: number): never {
  const what = Number.isFinite(value) ? "beyond float32 once it is standardized" : "no number";
  throw new WeftError(
    `Cannot use ${value} in row ${row + 1}, column ${JSON.stringify(name)}: it is ${what}; ` +
      "give a number like those that the model was trained on",
  );
}

/** The first names, and how many there are besides. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name)).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
