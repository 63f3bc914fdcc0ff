/**
 * The kinds of value that an option may have: how each is read from a text, checked and written. A kind checks what can be
 * said of a value alone; `resolve.ts` checks values beside each other.
 */
import type { ClassWeights } from "../task/class_weights.ts";
import { readThreshold, requireThreshold, type Threshold } from "../task/threshold.ts";
import { UsageError } from "../errors.ts";

export interface Kind<T> {
  /** Stands for a value in help, as in "<n>"; empty for a flag, which has none. */
  readonly placeholder: string;
  /** The words there are, if the value is one of a few. */
  readonly choices?: readonly string[];
  /** What values there are, as in "a number above 0". */
  readonly values: string;
  /** The value, or undefined if the text is none. It may still be out of range. */
  read(text: string): T | undefined;
  /** What a text must be, to follow "it must be"; `typed` is the option with an example of a value. */
  form(typed: string): string;
  /** The value as one would type it. */
  write(value: T): string;
  /**
   * The one way of saying a value that can be said in several.
   *
   * @throws {UsageError} if it is no such value
   */
  canonical?(value: T): T;
  /** @throws {UsageError} if it is no such value, or out of range */
  check(value: unknown, option: string): void;
}

export interface Range {
  readonly whole?: boolean;
  readonly powerOfTwo?: boolean;
  readonly least?: number;
  /** Whether `least` itself is out. */
  readonly above?: boolean;
  readonly most?: number;
  /** Whether `most` itself is out. */
  readonly below?: boolean;
}

/** From 0 up to, but without, 1. */
export const FRACTION: Range = { least: 0, most: 1, below: true };

/** What the generators take as seeds. */
export const SEED: Range = { whole: true, least: 0, most: 2 ** 32 - 1 };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Texts with commas between them, of which each fits `item`; spaces around them do not belong to them. */
export function readList(text: string, item: RegExp): string[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  return parts.every((part) => item.test(part)) ? parts : undefined;
}

const readNumbers = (text: string) => readList(text, NUMBER)?.map(Number);

/** A number; `noun` is what errors call it. */
export function number(noun: string, range: Range): Kind<number> {
  return {
    placeholder: range.whole ? "<n>" : "<f>",
    values: inWords(range),
    read: (text) => NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined,
    form: (typed) => `a number, such as ${typed}`,
    write: String,
    check: (value) => checkNumber(value, noun, range),
  };
}

function inWords({ whole, powerOfTwo, least, above, most = Infinity, below }: Range): string {
  const noun = powerOfTwo ? "power of two" : whole ? "whole number" : "number";
  return `a ${noun} ${above ? "above" : "of at least"} ${least}` +
    (most < Infinity ? ` and ${below ? "below" : "at most"} ${most}` : "");
}

function checkNumber(value: unknown, noun: string, range: Range): void {
  const { whole, powerOfTwo, least = -Infinity, above, most = Infinity, below } = range;
  const fits = typeof value === "number" && Number.isFinite(value) &&
    (above ? value > least : value >= least) && (below ? value < most : value <= most) &&
    (!whole || Number.isSafeInteger(value)) &&
    (!powerOfTwo || Number.isInteger(Math.log2(value)));
  if (fits) return;
  const article = /^(L\d|[aeio])/.test(noun) ? "an" : "a";
  refuse(`${article} ${noun} of ${value}`, `it must be ${inWords(range)}`);
}

/** True or false. */
export const flag: Kind<boolean> = {
  placeholder: "",
  values: "true or false",
  read: () => undefined,
  form: () => "true or false",
  write: String,
  check(value, option) {
    if (typeof value !== "boolean") refuse(`${option} = ${value}`, "it must be true or false");
  },
};

/** One of a few words; `noun` and `nouns` are what errors call it and its like. */
export function choice<T extends string>(
  noun: string,
  nouns: string,
  choices: readonly T[],
): Kind<T> {
  return {
    placeholder: "<name>",
    choices,
    values: choices.join(", "),
    read: (text) => choices.find((choice) => choice === text),
    form: () => `one of ${choices.join(", ")}`,
    write: String,
    check(value) {
      if (choices.some((choice) => choice === value)) return;
      refuse(`the ${noun} "${value}"`, `${nouns} are ${choices.join(", ")}`);
    },
  };
}

/** Some of a few words, in any order; `noun` and `nouns` are what errors call one and all of them. */
export function someOf<T extends string>(
  noun: string,
  nouns: string,
  choices: readonly T[],
): Kind<readonly T[]> {
  const isOne = (word: unknown): word is T => choices.some((choice) => choice === word);
  return {
    placeholder: "<names>",
    values: `none, or some of ${choices.join(", ")}`,
    read: (text) => text === "none" ? [] : readList(text, /./) as T[] | undefined,
    form: (typed) => `names with commas between them, such as ${typed}, or none`,
    write: (value) => value.join() || "none",
    // Each once, in the order of the choices.
    canonical: (value) =>
      Array.isArray(value) && value.every(isOne)
        ? choices.filter((choice) => value.includes(choice))
        : value,
    check(value, option) {
      if (!Array.isArray(value)) {
        return refuse(`${option} = ${JSON.stringify(value)}`, "it must be a list of names");
      }
      const wrong = value.find((word) => !isOne(word));
      if (wrong !== undefined) {
        refuse(`the ${noun} "${wrong}"`, `${nouns} are ${choices.join(", ")}`);
      }
    },
  };
}

/** The sizes of layers; `noun` is what errors call one of them. */
export function sizes(noun: string, most: number): Kind<readonly number[]> {
  const range = { whole: true, least: 1, most };
  return {
    placeholder: "<sizes>",
    values: `none, or a list of sizes, each ${inWords(range)}`,
    read: (text) => text === "none" ? [] : readNumbers(text),
    form: (typed) => `whole numbers with commas between them, such as ${typed}, or none`,
    write: (value) => value.join() || "none",
    check(value, option) {
      if (!Array.isArray(value)) {
        const must = "it must be a list of layer sizes, such as [100]";
        return refuse(`${option} = ${JSON.stringify(value)}`, must);
      }
      for (const size of value) checkNumber(size, noun, range);
    },
  };
}

export type { ClassWeights, Threshold };

/** From which probability on an answer is yes. */
export const threshold: Kind<Threshold> = {
  placeholder: "<t>",
  values: "a number above 0 and below 1, f1, or recall=F with F above 0 and at most 1",
  read: readThreshold,
  form: () => "a number such as 0.4, f1, or recall=0.9",
  write: String,
  canonical: (value) => typeof value === "string" ? readThreshold(value) ?? value : value,
  check: requireThreshold,
};

/** What the rows of each class count. */
export const weights: Kind<ClassWeights> = {
  placeholder: "<w>",
  values: "none, balanced, or a list with a number above 0 for each class",
  read: (text) => text === "none" || text === "balanced" ? text : readNumbers(text),
  form: () => "none, balanced, or a number a class, such as 1,2,0.5",
  write: String,
  check(value) {
    if (value === "none" || value === "balanced") return;
    const must = `they must be "none", "balanced" or numbers above 0, one a class`;
    if (!Array.isArray(value)) refuse(`the class weights ${JSON.stringify(value)}`, must);
    const wrong = value.find((weight) => !(weight > 0 && Number.isFinite(weight)));
    if (wrong !== undefined) refuse(`a class weight of ${wrong}`, must);
  },
};

/**
 * A text in a language of its own, or null for none.
 *
 * @param nouns what errors call it
 * @param canonical the one way of writing what a text says; throws a `UsageError` if it is none of the language
 * @param require   throws a `UsageError` if a text of the language says what cannot be
 */
export function text(
  nouns: string,
  values: string,
  canonical: (text: string) => string,
  require: (text: string) => void,
): Kind<string | null> {
  return {
    placeholder: "<text>",
    values,
    read: (text) => text,
    form: (typed) => `a text, such as ${typed}`,
    write: (value) => `"${value}"`,
    canonical: (value) => typeof value === "string" ? canonical(value) : value,
    check(value) {
      if (value === null) return;
      if (typeof value === "string") require(value);
      else refuse(`the ${nouns} ${JSON.stringify(value)}`, "they must be a text");
    },
  };
}

function refuse(what: string, why: string): never {
  throw new UsageError(`Cannot train with ${what}: ${why}`);
}
