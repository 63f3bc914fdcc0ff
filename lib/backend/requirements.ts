/** What calls are refused for, and in which words. */

/** A call whose shapes do not fit: a defect in the code above the back end, not a user's mistake. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

export type Shape = { readonly rows: number; readonly columns: number };

export function shape({ rows, columns }: Shape): string {
  return `${rows} x ${columns}`;
}

export function requireSize(what: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new ShapeError(`Cannot make ${what} ${size}: it must be a whole number of at least 1`);
  }
}

export function requireShape(
  does: string,
  what: string,
  given: Shape,
  rows: number,
  columns: number,
): void {
  if (given.rows !== rows || given.columns !== columns) {
    throw new ShapeError(
      `Cannot ${does}: ${what} is ${shape(given)}, but must be ${shape({ rows, columns })}`,
    );
  }
}

/** Checks that elements `start` to `start + count` exist in `what`. */
export function requireRange(
  does: string,
  what: string,
  length: number,
  start: number,
  count: number,
): void {
  if (!Number.isSafeInteger(start) || start < 0 || start + count > length) {
    throw new ShapeError(
      `Cannot ${does}: rows ${start} to ${
        start + count
      } were asked of ${what}, which has ${length}`,
    );
  }
}

export function requireLength(does: string, what: string, given: number, wanted: number): void {
  if (given !== wanted) {
    throw new ShapeError(
      `Cannot ${does}: ${given} values were given for ${what}, which has ${wanted}`,
    );
  }
}

/** @param below whether 1 itself is too much */
export function requireFraction(does: string, what: string, value: number, below: boolean): void {
  if (value >= 0 && (value < 1 || !below && value === 1)) return;
  const most = below ? "below 1" : "at most 1";
  throw new ShapeError(`Cannot ${does}: ${what} is ${value}, but must be at least 0 and ${most}`);
}

export function requireUint32(does: string, what: string, value: number, most: number): void {
  if (value >>> 0 === value && value <= most) return;
  throw new ShapeError(
    `Cannot ${does}: ${what} is ${value}, but must be a whole number from 0 to ${most}`,
  );
}

/** The entry of `kind`, where there is one. */
export function requireKnown<Kind extends string, T>(
  does: string,
  kind: Kind,
  table: Readonly<Record<Kind, T>>,
): T {
  const known = table[kind];
  if (known !== undefined) return known;
  throw new ShapeError(`Cannot ${does} "${kind}": give ${Object.keys(table).join(" or ")}`);
}
