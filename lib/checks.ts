/** Checks of what a caller without types hands over: one line that names the argument, never an engine's TypeError. */
import { UsageError } from "./errors.ts";

/** What a value is, in a few words: "a Float32Array", "an array", "a text", "missing". */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return `${/^[AEIOU](?!int)/.test(name) ? "an" : "a"} ${name}`;
}

/** Whether it is a typed array of that name, of whichever realm or subclass. */
export function isArrayOf(
  name: "Uint8Array" | "Uint32Array" | "Float32Array",
  value: unknown,
): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/**
 * Refuses an argument.
 *
 * @param cannot what was asked, as in "Cannot train"
 * @param name   of the argument, as in "train.pixels"
 * @param give   what it must be
 */
export function refuse(cannot: string, name: string, value: unknown, give: string): never {
  throw new UsageError(`${cannot}: ${name} is ${kindOf(value)}; give ${give}`);
}

export function requireObject(cannot: string, name: string, value: unknown, give: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(cannot, name, value, give);
  }
}

/** Texts, such as names of classes. */
export function requireTexts(cannot: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(cannot, name, value, "an array of texts");
  const wrong = value.findIndex((item) => typeof item !== "string");
  if (wrong >= 0) refuse(cannot, `${name}[${wrong}]`, value[wrong], "an array of texts");
}

/** Row numbers. */
export function requireRowNumbers(cannot: string, name: string, value: unknown): void {
  if (!isArrayOf("Uint32Array", value)) refuse(cannot, name, value, "a Uint32Array of row numbers");
}
