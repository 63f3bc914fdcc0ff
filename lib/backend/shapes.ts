/** The check of a kernel's calls that follows from its row. A check that finds nothing makes nothing. */
import type { Argument, Kernel, MatrixArgument, OrderArgument, Size } from "./arguments.ts";
import type { Values } from "./calls.ts";
import type { Matrix, RowIndices } from "./matrices.ts";
import { overlapCheckOf } from "./overlaps.ts";
import {
  requireFraction,
  requireRange,
  requireShape,
  requireSize,
  requireUint32,
  ShapeError,
} from "./requirements.ts";

/**
 * Where a call says a size: in rows, columns or length of an argument, or as its value; or always the same; or it is a product
 * of such.
 */
export interface SizeSource {
  readonly argument: number;
  readonly of: "rows" | "columns" | "length" | "value" | "constant" | "product";
  /** Of a product: dividends and divisors. */
  readonly factors?: readonly (readonly [SizeSource, SizeSource | null])[];
}

/** The size in a call; of "constant", `argument` is the size itself. */
export function sizeIn(given: Values, { argument, of, factors }: SizeSource): number {
  switch (of) {
    case "rows":
      return (given[argument] as Matrix).rows;
    case "columns":
      return (given[argument] as Matrix).columns;
    case "length":
      return (given[argument] as RowIndices).length;
    case "value":
      return given[argument] as number;
    case "constant":
      return argument;
    case "product": {
      let product = 1;
      for (let i = 0; i < factors!.length; i++) {
        const [dividend, divisor] = factors![i];
        const size = sizeIn(given, dividend);
        product *= divisor === null ? size : Math.floor(size / sizeIn(given, divisor));
      }
      return product;
    }
  }
}

/** Where a row's call says `size`: a number, a name that an argument defines, the name of an argument, or a product. */
export function sourceOf(kernel: Kernel, size: Size): SizeSource {
  const { args } = kernel;
  if (typeof size === "number") return { argument: size, of: "constant" };
  if (/^\d+$/.test(size)) return { argument: Number(size), of: "constant" };
  if (/[*/]/.test(size)) {
    const factors = size.split("*").map((factor) => {
      const [dividend, divisor] = factor.split("/").map((part) => sourceOf(kernel, part));
      return [dividend, divisor ?? null] as const;
    });
    return { argument: -1, of: "product", factors };
  }
  const name = size.replace("=", "");
  for (const [argument, each] of args.entries()) {
    if (each.name === name) return { argument, of: each.kind === "order" ? "length" : "value" };
    if (!("rows" in each)) continue;
    if (each.rows === `=${name}`) return { argument, of: "rows" };
    if (each.columns === `=${name}`) return { argument, of: "columns" };
  }
  throw new Error(`No argument says what ${name} is`);
}

/** A matrix whose shape must be `rows` x `columns`, by their places among the sizes of a call. */
interface ShapeCheck {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly argument: MatrixArgument;
}

/** An argument of which rows from `start` on, `count` of them, must exist; by places among the sizes of a call. */
interface RangeCheck {
  readonly length: number;
  readonly start: number;
  readonly count: number;
  readonly label: string;
}

/** The sizes that the checks of a kernel need, each read once a call. */
class Sizes {
  readonly sources: SizeSource[] = [];
  /** Those of the call that is being checked. */
  readonly values: number[] = [];

  /** The place of what `source` says. */
  placeOf(source: SizeSource): number {
    const { argument, of } = source;
    const known = this.sources.findIndex((s) => s.argument === argument && s.of === of);
    if (known >= 0 && of !== "product") return known;
    this.values.push(0);
    return this.sources.push(source) - 1;
  }

  read(given: Values): void {
    const { sources, values } = this;
    for (let i = 0; i < sources.length; i++) values[i] = sizeIn(given, sources[i]);
  }
}

/** The check of every argument: shapes and ranges first, then values, then what overlaps. */
export function checkOf(kernel: Kernel): (given: Values) => void {
  const { does, args } = kernel;
  const sizes = new Sizes();
  const placeOf = (size: Size) => sizes.placeOf(sourceOf(kernel, size));
  const shapes = args.flatMap((argument, at): ShapeCheck[] =>
    "rows" in argument
      ? [{ at, argument, rows: placeOf(argument.rows), columns: placeOf(argument.columns) }]
      : []
  );
  const ranges = args.flatMap((argument, at): RangeCheck[] => {
    if (!("count" in argument) || argument.count === undefined) return [];
    const { label, from = 0, count, kind } = argument;
    const length = sizes.placeOf({ argument: at, of: kind === "order" ? "length" : "rows" });
    return [{ label, length, start: placeOf(from), count: placeOf(count) }];
  });
  const others = args.flatMap((argument, at) => valueChecks(kernel, argument, at));
  const checkOverlaps = overlapCheckOf(kernel);
  const { values } = sizes;
  return (given) => {
    sizes.read(given);
    for (let i = 0; i < shapes.length; i++) {
      const { at, rows, columns, argument } = shapes[i];
      const matrix = given[at] as Matrix | null | undefined;
      if (!matrix && argument.optional) continue;
      if (matrix!.rows !== values[rows] || matrix!.columns !== values[columns]) {
        requireShape(does, argument.label, matrix!, values[rows], values[columns]);
      }
    }
    for (let i = 0; i < ranges.length; i++) {
      const { label, length, start, count } = ranges[i];
      requireRange(does, label, values[length], values[start], values[count]);
    }
    for (let i = 0; i < others.length; i++) others[i](given);
    checkOverlaps(given);
  };
}

/** The checks that are of one argument by itself. */
function valueChecks(
  kernel: Kernel,
  argument: Argument,
  at: number,
): ((given: Values) => void)[] {
  const { does } = kernel;
  const { label } = argument;
  switch (argument.kind) {
    case "float32":
    case "uint8":
      return leastRows(does, argument.leastRows, at);
    case "order":
      return multipleOf(kernel, argument, at);
    case "count":
      return [(given) => requireSize(label, given[at] as number)];
    case "uint32":
      return [(given) => requireUint32(does, label, given[at] as number, argument.most!)];
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

function multipleOf(kernel: Kernel, { label, multipleOf }: OrderArgument, at: number) {
  if (multipleOf === undefined) return [];
  const source = sourceOf(kernel, multipleOf);
  return [(given: Values) => {
    const { length } = given[at] as RowIndices;
    const size = sizeIn(given, source);
    if (length % size === 0) return;
    throw new ShapeError(
      `Cannot ${kernel.does}: there are ${length} ${label}, which is no multiple of ${size} columns`,
    );
  }];
}
