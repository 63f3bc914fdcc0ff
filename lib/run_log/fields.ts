/**
 * Reads fields out of whatever JSON held: each is of the type that is asked for, or a `FieldError`
 * says by its path which is not. `path` names the field as the error shall.
 */

import type { ConfigScalar, ConfigValue, Measured } from "./schema.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Says which field of a record is not what the schema asks for. */
export class FieldError extends Error {
  override name = "FieldError";
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
