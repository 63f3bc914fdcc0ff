/**
 * What the schemas of files are made of, and how a refusal is told. A schema says once what a file holds: it checks, it
 * leaves unknown fields behind, and `Read<typeof schema>` is the type of what comes out.
 */

import * as v from "valibot";
import { sniff } from "../../bytes/sniff.ts";

/** The longest text and list where a schema does not say otherwise; honest ones are far from it. */
export const MAX_TEXT = 1000;
const MAX_ITEMS = 1000;

/** A measured number; null where it was not finite or was not measured. */
export type Measured = number | null;

/** The value of one option. */
export type ConfigValue = ConfigScalar | readonly ConfigScalar[];
type ConfigScalar = string | number | boolean | null;

/** What a schema reads. */
export type Read<S extends v.GenericSchema> = Frozen<v.InferOutput<S>>;

type Frozen<T> = T extends readonly (infer Item)[] ? readonly Frozen<Item>[]
  : T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> }
  : T;

/** Says which field of a record is not what the schema asks for. */
export class FieldError extends Error {
  override name = "FieldError";
}

/**
 * @param name what a refusal calls the whole value
 * @throws {FieldError} for the first field that is missing or not what the schema asks for, by its path
 */
export function read<S extends v.GenericSchema>(schema: S, value: unknown, name: string): Read<S> {
  const { issues, output } = v.safeParse(schema, value, { abortEarly: true });
  if (issues) throw new FieldError(`${pathOf(issues[0]) || name} ${issues[0].message}`);
  return output as Read<S>;
}

/** `contenders[0].step.medianMs`; keys are the schema's, never the file's. */
function pathOf({ path }: Pick<v.BaseIssue<unknown>, "path">): string {
  const steps = (path ?? []).map(({ key }) => typeof key === "number" ? `[${key}]` : `.${key}`);
  return steps.join("").replace(/^\./, "");
}

/** A path for a check that looks at several fields together. */
export function pathTo(
  ...[first, ...more]: [string | number, ...(string | number)[]]
): [v.IssuePathItem, ...v.IssuePathItem[]] {
  const step = (key: string | number): v.UnknownPathItem => (
    { type: "unknown", origin: "value", input: undefined, key, value: undefined }
  );
  return [step(first), ...more.map(step)];
}

/** A refusal of a value, after its path. */
export function mustBe(wanted: string) {
  return ({ input }: { readonly input: unknown }) => `must be ${wanted}, and is ${kind(input)}`;
}

/** What a value is, in a word or two: short whatever a hostile line holds. */
function kind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "object" ? "an object" : String(value);
}

const anyObject = v.custom<object>(isObject, mustBe("an object"));
const anyList = v.custom<readonly unknown[]>(Array.isArray, mustBe("an array"));

export const text = v.string(mustBe("a string"));

/** A text of at most `MAX_TEXT` UTF-16 units. */
export const shortText = v.pipe(
  text,
  v.maxLength(
    MAX_TEXT,
    ({ input }) => `is ${input.length} characters long; at most ${MAX_TEXT} are read`,
  ),
);

export const truth = v.boolean(mustBe("true or false"));

/** A whole number from 0 up that float64 holds exactly. */
export const count = v.custom<number>(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  mustBe("a whole number from 0 up"),
);

/** JSON writes 1e999 for what parses as Infinity: null here, as the writer would have made it. */
export const measured = v.pipe(
  v.custom<Measured>((value) => value === null || isNumber(value), mustBe("a number or null")),
  v.transform((value) => Number.isFinite(value) ? value : null),
);

/** A measured quantity that cannot be below zero, such as a time or a loss. */
export const amount = v.pipe(
  measured,
  v.check((value) => value === null || value >= 0, ({ input }) => `is ${input}, below zero`),
);

export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, mustBe(`one of ${words.join(", ")}`));
}

export function exactly<const Word extends string>(word: Word) {
  return v.literal(word, mustBe(JSON.stringify(word)));
}

/** An object with these fields; others are left behind. */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  // Only the missing field's own schema knows what should have been there.
  const sayMissing = ({ path }: Pick<v.BaseIssue<unknown>, "path">) =>
    v.safeParse(entries[String(path![0].key)], undefined).issues![0].message;
  return v.pipe(anyObject, v.object(entries, sayMissing));
}

/** A list of any length that its file has room for. */
export function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(anyList, v.array(item));
}

/** A list of at most `most`. */
export function items<const Item extends v.GenericSchema>(item: Item, most = MAX_ITEMS) {
  return v.pipe(
    anyList,
    v.maxLength(most, ({ input }) => `has ${input.length} entries; at most ${most} are read`),
    v.array(item),
  );
}

/**
 * The entries of an object that the schema knows the type of. `fromEntries` makes `__proto__` a key
 * like any other.
 */
export function entriesOf<T>(isKnown: (entry: unknown) => entry is T) {
  return v.pipe(
    anyObject,
    v.transform((object): Record<string, T> => {
      const known = Object.entries(object).filter(([, entry]) => isKnown(entry));
      return Object.fromEntries(known);
    }),
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isConfigScalar(value: unknown): value is ConfigScalar {
  return value === null || isText(value) || isNumber(value) || typeof value === "boolean";
}

export function isConfigValue(value: unknown): value is ConfigValue {
  return isConfigScalar(value) || (Array.isArray(value) && value.every(isConfigScalar));
}

/** Options by their names. */
export const config = entriesOf(isConfigValue);

/** The checksums of a data set, by file name. */
export const checksums = entriesOf(isText);

/** @param file its bytes or its text, of a length that the caller has checked */
export function parseJson(file: string | Uint8Array): unknown {
  const json = typeof file === "string" ? file : new TextDecoder().decode(file);
  try {
    return JSON.parse(json);
  } catch {
    const kind = typeof file === "string" ? null : sniff(file);
    const found = kind && kind.format !== "JSON" ? `: it is ${kind.what}` : "";
    throw new FieldError(`it is not JSON${found}`);
  }
}
