/**
 * Reads fields out of whatever JSON held: each is of the type that is asked for, or a `FieldError`
 * says by its path which is not. `path` names the field as the error shall.
 */

import { sniff } from "../../bytes/sniff.ts";
import type { ConfigScalar, ConfigValue, Measured } from "../run/records.ts";

/** The longest text and list where a reader does not say otherwise; honest ones are far from it. */
export const MAX_TEXT = 1000;
const MAX_ITEMS = 1000;

export type JsonObject = Readonly<Record<string, unknown>>;

/** Says which field of a record is not what the schema asks for. */
export class FieldError extends Error {
  override name = "FieldError";
}

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

export function object(value: unknown, path: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new FieldError(`${path} must be an object, and is ${kind(value)}`);
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FieldError(`${path} must be an array, and is ${kind(value)}`);
}

export function text(value: unknown, path: string): string {
  if (isText(value)) return value;
  throw new FieldError(`${path} must be a string, and is ${kind(value)}`);
}

export function textOrNull(value: unknown, path: string): string | null {
  return value === null ? null : text(value, path);
}

/** A whole number from 0 up that float64 holds exactly. */
export function count(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new FieldError(`${path} must be a whole number from 0 up, and is ${kind(value)}`);
}

/** JSON writes 1e999 for what parses as Infinity: null here, as the writer would have made it. */
export function measured(value: unknown, path: string): Measured {
  if (value === null) return null;
  if (isNumber(value)) return Number.isFinite(value) ? value : null;
  throw new FieldError(`${path} must be a number or null, and is ${kind(value)}`);
}

/** A measured quantity that cannot be below zero, such as a time or a loss. */
export function amount(value: unknown, path: string): Measured {
  const number = measured(value, path);
  if (number !== null && number < 0) throw new FieldError(`${path} is ${number}, below zero`);
  return number;
}

export function truth(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw new FieldError(`${path} must be true or false, and is ${kind(value)}`);
}

/** A text of at most `MAX_TEXT` UTF-16 units. */
export function shortText(value: unknown, path: string): string {
  const string = text(value, path);
  if (string.length <= MAX_TEXT) return string;
  throw new FieldError(`${path} is ${string.length} characters long; at most ${MAX_TEXT} are read`);
}

export function oneOf<T extends string>(known: readonly T[], value: unknown, path: string): T {
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  throw new FieldError(`${path} must be one of ${known.join(", ")}, and is ${kind(value)}`);
}

/** The items of a list of at most `most`, each read by `toItem`. */
export function items<T>(
  value: unknown,
  path: string,
  toItem: (item: unknown, path: string) => T,
  most = MAX_ITEMS,
): T[] {
  const values = list(value, path);
  if (values.length <= most) return values.map((item, i) => toItem(item, `${path}[${i}]`));
  throw new FieldError(`${path} has ${values.length} entries; at most ${most} are read`);
}

/**
 * The entries of an object that the schema knows the type of. `fromEntries` makes `__proto__` a key
 * like any other.
 */
export function entries<T>(
  value: unknown,
  path: string,
  isKnown: (entry: unknown) => entry is T,
): Record<string, T> {
  const known: [string, T][] = [];
  for (const [key, entry] of Object.entries(object(value, path))) {
    if (isKnown(entry)) known.push([key, entry]);
  }
  return Object.fromEntries(known);
}

export function isText(value: unknown): value is string {
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

/** What a value is, in a word or two: short whatever a hostile line holds. */
export function kind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "object" ? "an object" : String(value);
}
