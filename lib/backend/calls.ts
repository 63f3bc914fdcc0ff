/** Calls of any kernel of the table, without an array for each: the longest row has ten arguments. */

/** The arguments of a call, in the order of its row; made once and used again. */
export type Values = unknown[];

// deno-lint-ignore no-explicit-any -- of every row
type AnyKernel = (...args: any[]) => void;

/** `kernel`, after `before` has seen its arguments. */
export function preceded(before: (given: Values) => void, kernel: AnyKernel): AnyKernel {
  const given: Values = [];
  return (a, b, c, d, e, f, g, h, i, j) => {
    take(given, a, b, c, d, e, f, g, h, i, j);
    before(given);
    kernel(a, b, c, d, e, f, g, h, i, j);
  };
}

/** A kernel that gives its arguments to `run`. */
export function collected(run: (given: Values) => void): AnyKernel {
  const given: Values = [];
  return (a, b, c, d, e, f, g, h, i, j) => {
    take(given, a, b, c, d, e, f, g, h, i, j);
    run(given);
  };
}

function take(
  given: Values,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
  i: unknown,
  j: unknown,
): void {
  given[0] = a;
  given[1] = b;
  given[2] = c;
  given[3] = d;
  given[4] = e;
  given[5] = f;
  given[6] = g;
  given[7] = h;
  given[8] = i;
  given[9] = j;
}
