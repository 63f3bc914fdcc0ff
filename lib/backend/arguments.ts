/**
 * What the rows of the kernel table consist of: arguments, with what must hold between their shapes, and how the work of a
 * call is shared out among threads. See kernels.ts.
 */
import type { ByteMatrix, Matrix, RowIndices } from "./matrices.ts";

/**
 * A size in a shape: a number, a name, or the definition of a name by this very argument, as in "=B"; or a product of those
 * that are defined elsewhere and of quotients, rounded down, as in "height/size*channels".
 */
export type Size = number | string;

/** Rows `from` (an argument; 0 by default) to `from` + `count` of an argument are used, and must exist. */
interface Range {
  readonly from?: string;
  readonly count?: Size;
}

/** A matrix of float32 or bytes. */
export interface MatrixArgument<Element extends "float32" | "uint8" = "float32" | "uint8">
  extends Range {
  readonly kind: Element;
  readonly name: string;
  /** What errors call it. */
  readonly label: string;
  /** "out" is overwritten and never read. */
  readonly access: "in" | "out" | "inout";
  readonly rows: Size;
  readonly columns: Size;
  /** The input whose place it may take: the same rows of the same memory. No two arguments overlap otherwise. */
  readonly mayBe?: string;
  readonly leastRows?: number;
  /** Whether null and undefined stand for none. */
  readonly optional?: boolean;
}

export interface OrderArgument extends Range {
  readonly kind: "order";
  readonly name: string;
  readonly label: string;
  /** A size that its length must be a multiple of. */
  readonly multipleOf?: Size;
}

/**
 * "start": where a range begins; "count": a whole number of at least 1; "uint32": a whole number from 0 to `most`; "number": float32;
 * "fraction", of which `below` says whether 1 is too much: float64.
 */
export interface NumberArgument {
  readonly kind: "start" | "count" | "uint32" | "number" | "fraction";
  readonly name: string;
  readonly label: string;
  readonly below?: boolean;
  readonly most?: number;
}

export type Argument = MatrixArgument | OrderArgument | NumberArgument;

/**
 * What a call does in which order is fixed for each row, column or element of `of`, so any number of threads may share
 * them. "alone": one thread does all `elements`, because it adds them up.
 */
export interface Sharing {
  readonly by: "rows" | "columns" | "elements" | "alone";
  readonly of: string;
  /** Nanoseconds that an element of `of` takes one thread, about: what is too little is not shared. */
  readonly cost: number;
  /** The argument whose elements cost that, where it is not `of`. */
  readonly per?: string;
  /** Parts begin at multiples of this; of a cache line by default. */
  readonly grain?: number;
}

/** A row of the table. */
export interface Kernel<Arguments extends readonly Argument[] = readonly Argument[]> {
  /** What a call does, after "Cannot ". */
  readonly does: string;
  /** In the order of a call. */
  readonly args: Arguments;
  readonly sharing: Sharing;
  /** Sizes that an implementation without matrices' shapes is told after the arguments. */
  readonly sizes: readonly string[];
}

type ArgumentFor<V> = V extends Matrix ? MatrixArgument<"float32">
  : V extends ByteMatrix ? MatrixArgument<"uint8">
  : V extends RowIndices ? OrderArgument
  : NumberArgument;

type ArgumentsFor<Values extends readonly unknown[]> = {
  [I in keyof Values]: ArgumentFor<Values[I]>;
};

// deno-lint-ignore no-explicit-any -- of any arguments
type AnyFunction = (...args: any[]) => void;

/** The row of a function: an argument for each of its own, of the same kind. */
export type RowOf<F extends AnyFunction> = Kernel<ArgumentsFor<Parameters<F>>>;

export function kernel<const A extends readonly Argument[]>(
  does: string,
  args: A,
  sharing: Sharing,
  sizes: readonly string[] = [],
): Kernel<A> {
  return { does, args, sharing, sizes };
}

type MatrixOptions = Pick<MatrixArgument, "mayBe" | "leastRows" | "optional" | "from" | "count">;

const matrix = <E extends "float32" | "uint8", A extends "in" | "out" | "inout">(
  kind: E,
  access: A,
) =>
(
  name: string,
  label: string,
  rows: Size,
  columns: Size,
  options: MatrixOptions = {},
): MatrixArgument<E> => ({ kind, access, name, label, rows, columns, ...options });

export const input = matrix("float32", "in");
export const output = matrix("float32", "out");
export const inOut = matrix("float32", "inout");
export const byteInput = matrix("uint8", "in");
export const byteOutput = matrix("uint8", "out");

export function order(
  name: string,
  label: string,
  range: Range & Pick<OrderArgument, "multipleOf">,
): OrderArgument {
  return { kind: "order", name, label, ...range };
}

const value = (kind: NumberArgument["kind"]) => (name: string, label = name): NumberArgument => ({
  kind,
  name,
  label,
});

export const start = value("start");
export const count = value("count");
export const number = value("number");

export function uint32(name: string, label: string, most = 0xffffffff): NumberArgument {
  return { kind: "uint32", name, label, most };
}

/** @param below whether 1 is too much */
export function fraction(name: string, label: string, below: boolean): NumberArgument {
  return { kind: "fraction", name, label, below };
}

export function byRows(of: string, cost: number): Sharing {
  return { by: "rows", of, cost };
}

/** By rows that are images, or stand for many: each is worth a part of its own. @param per what is worked through */
export function byLongRows(of: string, cost: number, per = of): Sharing {
  return { by: "rows", of, cost, per, grain: 1 };
}

export function byColumns(of: string, cost: number): Sharing {
  return { by: "columns", of, cost };
}

export function byElements(of: string, cost: number): Sharing {
  return { by: "elements", of, cost };
}

export function alone(of: string): Sharing {
  return { by: "alone", of, cost: 0 };
}
