/**
 * What a search may choose from: a JSON object with, for any option of `train` by its long name, a fixed value, a list of
 * choices, or a range.
 *
 *     { "learning-rate": { "log-uniform": [0.01, 1] }, "hidden": [[64], [256, 128]], "batch-size": 128 }
 *
 * Nothing here knows which options there are: whoever reads a space says so (`SpaceOption`).
 */
import { repeatedKey } from "../bytes/json_keys.ts";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../did_you_mean.ts";

/** A value of an option, as JSON has it; a list is written with commas between its entries. */
export type OptionValue = OptionScalar | readonly OptionScalar[];
export type OptionScalar = string | number | boolean;

/** Kinds of ranges: both bounds are in. */
export const RANGE_KINDS = ["uniform", "log-uniform", "integer", "log-integer"] as const;
export type RangeKind = (typeof RANGE_KINDS)[number];

/** What one option may be. */
export type Dimension =
  | { readonly option: string; readonly kind: "fixed"; readonly values: readonly [OptionValue] }
  | { readonly option: string; readonly kind: "choice"; readonly values: readonly OptionValue[] }
  | {
    readonly option: string;
    readonly kind: RangeKind;
    readonly values: readonly [number, number];
  };

/** In the order of the file. */
export type SearchSpace = readonly Dimension[];

/** Something that a space may say. */
export interface SpaceOption {
  /** Such as "learning-rate". */
  readonly name: string;
  /** Whether it has no value: true gives it, false leaves it out. */
  readonly isFlag: boolean;
  /** What the command line makes of a text; throws a `UsageError` where it would not take it. */
  readonly check: (text: string) => unknown;
}

/** Options that a space may not say, and why. */
export type ReservedOptions = Readonly<Record<string, string>>;

/**
 * Reads a space.
 *
 * @param source what to call it in errors: the name of the file
 * @throws {UsageError} one line on the first thing that is wrong with it
 */
export function parseSpace(
  text: string,
  source: string,
  options: readonly SpaceOption[],
  reserved: ReservedOptions = {},
): SearchSpace {
  const refuse = (why: string, what = "") => {
    throw new UsageError(`Cannot search ${what}in ${source}: ${why}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    refuse(`it is not JSON${placeOf(error, text)}; write an object such as ${EXAMPLE}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse(`it holds ${shown(json)}; write an object such as ${EXAMPLE}`) as never;
  }
  const twice = repeatedKey(text);
  if (twice !== null) refuse(`it says ${shown(twice)} twice; write each name once`);
  const space = Object.entries(json).map(([name, value]) => {
    const refuseOption = (why: string): never => refuse(why, `"${name.slice(0, 60)}" `) as never;
    const option = options.find((option) => option.name === name);
    if (option) return toDimension(option, value, refuseOption);
    if (Object.hasOwn(reserved, name)) return refuseOption(reserved[name]);
    const names = options.map(({ name }) => name);
    return refuseOption(`train has no such option${hint(name, names)}`);
  });
  if (!space.some(({ kind }) => kind !== "fixed")) {
    refuse(`nothing varies; give some option choices or a range, such as ${EXAMPLE}`);
  }
  return space;
}

const EXAMPLE = '{"learning-rate": {"log-uniform": [0.01, 1]}}';

/** Where JSON.parse gave up, where it says so. */
function placeOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec(String(error)) ?? [];
  if (position === undefined) return "";
  const lines = text.slice(0, Number(position)).split("\n");
  return ` (line ${lines.length}, column ${lines.at(-1)!.length + 1})`;
}

type Refuse = (why: string) => never;

function toDimension(
  { name, isFlag, check }: SpaceOption,
  value: unknown,
  refuse: Refuse,
): Dimension {
  const valueOf = (value: unknown): OptionValue => {
    if (!isOptionValue(value)) {
      return refuse(`${shown(value)} is no value of an option; write a text, a number or a list`);
    }
    if (isFlag !== (typeof value === "boolean")) {
      return refuse(
        isFlag
          ? `${shown(value)} is neither true nor false, and the option has no other values`
          : `${shown(value)} is no value of it; write what the command line would take`,
      );
    }
    if (!isFlag) checked(check, optionText(value), refuse);
    return value;
  };
  if (Array.isArray(value)) {
    if (value.length === 0) return refuse("its list of choices is empty; write the values to try");
    const values = value.map(valueOf);
    // As the command line reads them: 0.1 and "1e-1" are one value, and so are 64 and [64].
    const meanings = values.map((value) =>
      isFlag ? String(value) : JSON.stringify(check(optionText(value)) ?? optionText(value))
    );
    const twice = values.find((_, i) => meanings.indexOf(meanings[i]) < i);
    if (twice !== undefined) refuse(`${shown(twice)} is there twice; write each choice once`);
    // One choice is none.
    if (values.length === 1) return { option: name, kind: "fixed", values: [values[0]] };
    return { option: name, kind: "choice", values };
  }
  if (typeof value === "object" && value !== null) {
    if (isFlag) return refuse("it is true or false, and has no range; write [true, false]");
    return { option: name, ...toRange(value, check, refuse) };
  }
  return { option: name, kind: "fixed", values: [valueOf(value)] };
}

function toRange(value: object, check: (text: string) => unknown, refuse: Refuse) {
  const entries = Object.entries(value);
  const [kind, bounds] = entries[0] ?? [];
  const kinds = RANGE_KINDS.join(", ");
  if (entries.length !== 1) {
    return refuse(`a range has one key, one of ${kinds}, and this has ${entries.length}`);
  }
  const known = RANGE_KINDS.find((known) => known === kind);
  if (!known) {
    return refuse(
      `${shown(kind)} is no kind of range${hint(kind, RANGE_KINDS)}; kinds are ${kinds}`,
    );
  }
  const isPair = Array.isArray(bounds) && bounds.length === 2 &&
    bounds.every((bound) => Number.isFinite(bound));
  if (!isPair) {
    return refuse(
      `${known} takes the least and the greatest value, such as [0.1, 1], and has ${shown(bounds)}`,
    );
  }
  const [least, greatest] = bounds as [number, number];
  if (least >= greatest) {
    refuse(`${known} goes from the lesser to the greater value, and has ${shown(bounds)}`);
  }
  if (!Number.isFinite(greatest - least)) {
    refuse(`${known} is too wide to draw from, and has ${shown(bounds)}`);
  }
  if (known.startsWith("log-") && least <= 0) {
    refuse(`${known} needs bounds above 0, whose logarithm there is, and has ${shown(bounds)}`);
  }
  if (
    known.endsWith("integer") && !(Number.isSafeInteger(least) && Number.isSafeInteger(greatest))
  ) {
    refuse(`${known} needs whole numbers as bounds, and has ${shown(bounds)}`);
  }
  for (const bound of [least, greatest]) checked(check, optionText(bound), refuse);
  return { kind: known, values: [least, greatest] as const };
}

function checked(check: (text: string) => unknown, text: string, refuse: Refuse): void {
  try {
    check(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // "Cannot read --hidden "x": it must be ...": the option has been said.
    const must = /: (it must be .*)$/.exec(error.message)?.[1] ?? error.message;
    refuse(`${shown(text)} cannot be read: ${must}`);
  }
}

function isOptionValue(value: unknown): value is OptionValue {
  return isScalar(value) || (Array.isArray(value) && value.length > 0 && value.every(isScalar));
}

function isScalar(value: unknown): value is OptionScalar {
  return typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
}

/** A value as one would type it. */
export function optionText(value: OptionValue): string {
  return Array.isArray(value) ? value.join() : String(value);
}

/** What was written, on one line and not too long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

function hint(name: string, names: readonly string[]): string {
  const near = didYouMean(name, names);
  return near === null ? "" : `; did you mean "${near}"?`;
}
