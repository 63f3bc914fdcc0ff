/** The check of a kernel's calls that follows from its row. A check that finds nothing makes nothing. */
import type { Argument, Kernel, Size } from "./arguments.ts";
import type { Values } from "./calls.ts";
import type { Matrix, RowOrder } from "./matrices.ts";
import { overlapCheckOf } from "./overlaps.ts";
import {
  requireFraction,
  requireRange,
  requireShape,
  requireSize,
  requireUint32,
  ShapeError,
} from "./requirements.ts";

/** Where a call says a size: in rows, columns or length of an argument, or as its value; or always the same. */
export interface SizeSource {
  readonly argument: number;
  readonly of: "rows" | "columns" | "length" | "value" | "constant";
}

/** The size in a call; of "constant", `argument` is the size itself. */
export function sizeIn(given: Values, { argument, of }: SizeSource): number {
  switch (of) {
    case "rows":
      return (given[argument] as Matrix).rows;
    case "columns":
      return (given[argument] as Matrix).columns;
    case "length":
      return (given[argument] as RowOrder).length;
    case "value":
      return given[argument] as number;
    case "constant":
      return argument;
  }
}

/** Where a row's call says `size`: a number, a name that an argument defines, or the name of an argument. */
export function sourceOf({ args }: Kernel, size: Size): SizeSource {
  if (typeof size === "number") return { argument: size, of: "constant" };
  const name = size.replace("=", "");
  for (const [argument, each] of args.entries()) {
    if (each.name === name) return { argument, of: each.kind === "order" ? "length" : "value" };
    if (!("rows" in each)) continue;
    if (each.rows === `=${name}`) return { argument, of: "rows" };
    if (each.columns === `=${name}`) return { argument, of: "columns" };
  }
  throw new Error(`No argument says what ${name} is`);
}

/** The check of every argument: shapes and values first, then what overlaps. */
export function checkOf(kernel: Kernel): (given: Values) => void {
  const checks = kernel.args.flatMap((argument, at) => checksOfArgument(kernel, argument, at));
  const checkOverlaps = overlapCheckOf(kernel);
  return (given) => {
    for (let i = 0; i < checks.length; i++) checks[i](given);
    checkOverlaps(given);
  };
}

function checksOfArgument(
  kernel: Kernel,
  argument: Argument,
  at: number,
): ((given: Values) => void)[] {
  const { does } = kernel;
  const { label } = argument;
  switch (argument.kind) {
    case "float32":
    case "uint8":
      return [
        ...leastRows(does, argument.leastRows, at),
        shapeCheck(kernel, argument.rows, argument.columns, argument.optional === true, at),
        ...rangeCheck(kernel, argument, at),
      ];
    case "order":
      return [...rangeCheck(kernel, argument, at), ...multipleCheck(kernel, argument, at)];
    case "count":
      return [(given) => requireSize(label, given[at] as number)];
    case "uint32":
      return [(given) => requireUint32(does, label, given[at] as number)];
    case "fraction":
      return [
        (given) => requireFraction(does, label, given[at] as number, argument.below === true),
      ];
    case "start":
    case "number":
      return [];
  }
}

/** One row has no variance. */
function leastRows(does: string, least: number | undefined, at: number) {
  if (least === undefined) return [];
  return [(given: Values) => {
    if ((given[at] as Matrix).rows >= least) return;
    throw new ShapeError(`Cannot ${does}: it has one row, and must have two at least`);
  }];
}

function shapeCheck(kernel: Kernel, rows: Size, columns: Size, optional: boolean, at: number) {
  const { does, args: { [at]: { label } } } = kernel;
  const [rowSource, columnSource] = [sourceOf(kernel, rows), sourceOf(kernel, columns)];
  return (given: Values) => {
    const matrix = given[at] as Matrix | null | undefined;
    if (optional && !matrix) return;
    const { rows, columns } = matrix!;
    const wantedRows = sizeIn(given, rowSource);
    const wantedColumns = sizeIn(given, columnSource);
    if (rows === wantedRows && columns === wantedColumns) return;
    requireShape(does, label, matrix!, wantedRows, wantedColumns);
  };
}

function rangeCheck(
  kernel: Kernel,
  { label, from, count, kind }: { label: string; from?: string; count?: Size; kind: string },
  at: number,
) {
  if (count === undefined) return [];
  const { does } = kernel;
  const length: SizeSource = { argument: at, of: kind === "order" ? "length" : "rows" };
  const start = sourceOf(kernel, from ?? 0);
  const counted = sourceOf(kernel, count);
  return [(given: Values) => {
    requireRange(does, label, sizeIn(given, length), sizeIn(given, start), sizeIn(given, counted));
  }];
}

function multipleCheck(
  kernel: Kernel,
  { label, multipleOf }: { label: string; multipleOf?: Size },
  at: number,
) {
  if (multipleOf === undefined) return [];
  const source = sourceOf(kernel, multipleOf);
  return [(given: Values) => {
    const { length } = given[at] as RowOrder;
    const size = sizeIn(given, source);
    if (length % size === 0) return;
    throw new ShapeError(
      `Cannot ${kernel.does}: there are ${length} ${label}, which is no multiple of ${size} columns`,
    );
  }];
}
