/**
 * Images that a table has a pixel a column: Kaggle's `label,pixel0,pixel1,...`, or `1x1,1x2,...`.
 *
 * Glossary: N rows, I pixels of an image.
 */
import { UsageError, WeftError } from "../errors.ts";
import { numberCells } from "./preprocessing/cells.ts";
import { requireColumn } from "./preprocessing/column_plan.ts";
import type { TargetedFeatures } from "./samples.ts";
import type { Column, Table } from "./table.ts";
import { droppedNote, pickTableRows } from "./table_rows.ts";
import { inferTask } from "./targets/infer_task.ts";
import { learnedFrom } from "./targets/learned_targets.ts";
import { rowsWithTargets } from "./targets/read_targets.ts";

/** Fewer columns than these, 2 x 2 pixels, are no images, whatever their names are. */
const LEAST_PIXELS = 4;

/** Where the pixels of a table are. */
export interface PixelColumns {
  /** Of an image, in pixels. */
  readonly height: number;
  /** Of an image, in pixels. */
  readonly width: number;
  /** The columns' names, row by row from the top left. */
  readonly names: readonly string[];
  /** Other columns of the table. */
  readonly others: readonly string[];
}

/** Images with what is to be learned of them: what `train` takes, with its `classNames`. */
export interface TableImages extends TargetedFeatures {
  /** N x I bytes. */
  readonly features: Uint8Array;
  /** [height, width]. */
  readonly shape: readonly number[];
  /** Of the targets: for classes and labels. */
  readonly classNames?: readonly string[];
  /** Rows of each class or label; of regression none. */
  readonly classCounts: readonly number[];
  /** How the task was found. */
  readonly why: string;
  /** What was decided on its own, a line each. */
  readonly notes: readonly string[];
}

/**
 * Finds the columns of pixels by their names: `pixel0` on or `pixel1` on without gaps, whose number is a square; or `1x1` to
 * `HxW`, row x column, from 0 or 1 on. Cells must be whole numbers from 0 to 255.
 *
 * @returns null where a table has none
 */
export function pixelColumns(table: Table): PixelColumns | null {
  const found = byNumber(table.columns) ?? byPlace(table.columns);
  if (!found || found.names.length < LEAST_PIXELS) return null;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  if (!found.names.every((name) => arePixels(columns.get(name)!, table.rows))) return null;
  const pixels = new Set(found.names);
  const others = table.columns.map(({ name }) => name).filter((name) => !pixels.has(name));
  return { ...found, others };
}

/**
 * The images of a table that has them.
 *
 * @param target  the column to predict
 * @param columns where pixels are, by default as `pixelColumns` finds them; for a test table those of the training table
 * @throws {UsageError} if the table has no images, or other columns besides the target; or the target is missing
 * @throws {WeftError} if a pixel is none, or no row has a target
 */
export function imagesOfTable(
  table: Table,
  { target, ignore = [], columns = pixelColumns(table) }: {
    readonly target: string;
    /** Columns besides that are left out. */
    readonly ignore?: readonly string[];
    readonly columns?: PixelColumns | null;
  },
): TableImages {
  const cannot = "Cannot take this table for images";
  if (!columns) {
    throw new UsageError(
      `${cannot}: it has no columns such as pixel0, pixel1, ..., or 1x1, 1x2, ... with whole numbers from 0 to 255`,
    );
  }
  const column = requireColumn(table.columns, target, `Cannot find the target "${target}"`);
  const { height, width, names, others } = columns;
  const left = others.filter((name) => name !== target && !ignore.includes(name));
  if (left.length > 0) {
    throw new UsageError(
      `${cannot}: besides pixels and the target it has ${
        left.slice(0, 3).map((name) => JSON.stringify(name)).join(", ")
      }; leave them out with --ignore ${left.slice(0, 3).join(",")}`,
    );
  }
  const kept = rowsWithTargets([column], table.rows, "classification");
  if (kept?.length === 0 || table.rows === 0) {
    throw new WeftError(
      `${cannot}: none of its ${table.rows} rows has a target (${JSON.stringify(target)})`,
    );
  }
  const own = kept ? pickTableRows(table, kept) : table;
  const classes = requireColumn(own.columns, target, cannot);
  const inferred = inferTask([classes], own.rows, {});
  const task = inferred.task === "binary" ? "classification" : inferred.task;
  const learned = learnedFrom([classes], own.rows, task, {});
  return {
    rows: own.rows,
    features: pixelsOf(own, names, cannot),
    shape: [height, width],
    targets: learned.targets,
    ...task === "regression" ? {} : { classNames: learned.classNames },
    classCounts: learned.classCounts,
    why: `images, ${inferred.why}`,
    notes: [...droppedNote(table.rows - own.rows), ...learned.notes],
  };
}

/**
 * Pixels of a table, N x I bytes.
 *
 * @param names of the columns, as `PixelColumns` has them
 * @throws {UsageError} if a column is missing
 * @throws {WeftError} if a cell is no whole number from 0 to 255
 */
export function pixelsOf(
  table: Table,
  names: readonly string[],
  cannot: string,
): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(table.rows * names.length);
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  names.forEach((name, j) => {
    const column = columns.get(name);
    if (!column) throw new UsageError(`${cannot}: it has no column ${JSON.stringify(name)}`);
    const read = numberCells(column);
    for (let row = 0; row < table.rows; row++) {
      const value = read(row);
      if (!isByte(value)) {
        throw new WeftError(
          `${cannot}: row ${row + 1} has ${Number.isNaN(value) ? "nothing" : value} in ${
            JSON.stringify(name)
          }; pixels are whole numbers from 0 to 255`,
        );
      }
      pixels[row * names.length + j] = value;
    }
  });
  return pixels;
}

type Found = Omit<PixelColumns, "others">;

/** pixel0, pixel1, ...: as many as a square has. */
function byNumber(columns: readonly Column[]): Found | null {
  const numbered = columns.flatMap(({ name }) => {
    const number = /^(?:pixel|px|p)[ _]?(\d{1,7})$/i.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  }).sort((a, b) => a.number - b.number);
  const first = numbered[0]?.number;
  const side = Math.sqrt(numbered.length);
  const isWhole = (first === 0 || first === 1) && Number.isInteger(side) &&
    numbered.every(({ number }, i) => number === first + i);
  return isWhole ? { height: side, width: side, names: numbered.map(({ name }) => name) } : null;
}

/** 1x1, 1x2, ...: row x column, as Fashion-MNIST's and MNIST's CSV have them. */
function byPlace(columns: readonly Column[]): Found | null {
  const placed = columns.flatMap(({ name }) => {
    const [, y, x] = /^(\d{1,4})x(\d{1,4})$/i.exec(name) ?? [];
    return y === undefined ? [] : [{ name, y: Number(y), x: Number(x) }];
  }).sort((a, b) => a.y - b.y || a.x - b.x);
  if (placed.length === 0) return null;
  const [{ y: top, x: left }, bottom] = [placed[0], placed.at(-1)!];
  const [height, width] = [bottom.y - top + 1, bottom.x - left + 1];
  const isWhole = height * width === placed.length && Math.max(top, left) <= 1 &&
    placed.every(({ y, x }, i) => y === top + Math.floor(i / width) && x === left + i % width);
  return isWhole ? { height, width, names: placed.map(({ name }) => name) } : null;
}

function arePixels(column: Column, rows: number): boolean {
  if (column.kind !== "number") return false;
  for (let row = 0; row < rows; row++) if (!isByte(column.values.at(row)!)) return false;
  return true;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
