/** The metadata of a model file (model_file.ts), which anybody may have written: read key by key, and refused by name. */
import { WeftError } from "../errors.ts";
import { isInputScale } from "./finite.ts";
import type { SafetensorsFile } from "./safetensors.ts";

/** By version. */
export const FORMATS: Readonly<Record<string, string>> = { "1": "weft-mlp", "2": "weft" };

/** What a scale must be. */
export const SCALE = "a number above 0 that float32 holds, and 255 times it too";

export class Metadata {
  /** "1" or "2". */
  readonly version: string;

  constructor(readonly file: SafetensorsFile, readonly source: string) {
    const format = file.metadata.get("format") ?? "";
    if (!Object.values(FORMATS).includes(format)) {
      this.fail('it is not a model that Weft wrote (its metadata has no "format": "weft-mlp")');
    }
    this.version = this.text("formatVersion");
    if (FORMATS[this.version] !== format) {
      const readable = Object.keys(FORMATS).find((version) => FORMATS[version] === format);
      this.#refuse("formatVersion", `"${readable}", which this Weft reads`);
    }
  }

  fail(why: string): never {
    throw new WeftError(`Cannot use ${this.source}: ${why}; use a model file as Weft wrote it`);
  }

  text(key: string): string {
    const value = this.file.metadata.get(key);
    if (value === undefined) this.fail(`its metadata has no "${key}"`);
    return value;
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    const text = this.text(key);
    const value = values.find((candidate) => candidate === text);
    return value ?? this.#refuse(key, `one of ${values.join(", ")}`);
  }

  scale(key: string): number {
    const value = Number(this.text(key));
    return isInputScale(value) ? value : this.#refuse(key, SCALE);
  }

  size(key: string): number {
    const value = Number(this.text(key));
    return isSize(value) ? value : this.#refuse(key, "a whole number above 0");
  }

  sizes(key: string): number[] {
    return this.#array(key, isSize, "whole numbers above 0");
  }

  texts(key: string): string[] {
    return this.#array(key, (value): value is string => typeof value === "string", "texts");
  }

  #refuse(key: string, what: string): never {
    this.fail(`its "${key}" is ${JSON.stringify(this.text(key).slice(0, 60))}, not ${what}`);
  }

  object(key: string): Record<string, unknown> {
    const value = this.#json(key);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
    this.#refuse(key, "an object");
  }

  /** Undefined where it is not JSON at all: that is reported like JSON of another kind. */
  #json(key: string): unknown {
    try {
      return JSON.parse(this.text(key));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #array<T>(key: string, isItem: (value: unknown) => value is T, what: string): T[] {
    const value = this.#json(key);
    if (Array.isArray(value) && value.every(isItem)) return value;
    this.#refuse(key, `an array of ${what}`);
  }
}

export function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

export function isScale(value: unknown): value is number {
  return typeof value === "number" && isInputScale(value);
}
