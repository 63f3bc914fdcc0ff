/** Texts that are numbers or dates to people, and neither to programs. */
import type { Column } from "../table.ts";
import { cellText, numberOf } from "./cells.ts";

/** Numbers that nobody reads without knowing where they come from. */
export interface WrittenNumbers {
  /** "decimal commas" or "thousands separators". */
  readonly what: string;
  /** The first cell that has one. */
  readonly text: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** 0,5 and 12,75. */
const WITH_COMMA = /^[+-]?\d+(,\d+)?$/;

/** 1,234 and 1.234.567,8 and 1'234 and 1 234: digits in threes behind one separator, and another decimal mark if any. */
const IN_THREES =
  /^[+-]?[1-9]\d{0,2}(?:([,.'\u2019 \u00a0\u202f])\d{3}(?:\1\d{3})*)(?:(?!\1)[.,]\d+)?$/;

/** What a column's numbers have, if all of its cells are numbers but for that; null of any other column. */
export function writtenNumbersIn(column: Column): WrittenNumbers | null {
  if (column.kind !== "text") return null;
  const texts = column.texts.filter((text) => cellText(text) !== null);
  const odd = texts.filter((text) => !Number.isFinite(numberOf(text)));
  const areCommas = texts.every((text) => WITH_COMMA.test(text));
  const areInThrees = odd.every((text) => IN_THREES.test(text));
  if (odd.length === 0 || !odd.every((text) => WITH_COMMA.test(text) || IN_THREES.test(text))) {
    return null;
  }
  return areCommas && !areInThrees
    ? { what: "decimal commas", text: odd[0], remedy: "write points" }
    : { what: "thousands separators", text: odd[0], remedy: "write numbers such as 1234.5" };
}

const TIME = String
  .raw`\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?`;
const DAY = String.raw`\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{2}(?:\d{2})?`;
const DATE = new RegExp(`^(?:(?:${DAY})(?:[T ]${TIME})?|${TIME})$`, "i");

/** Whether all texts are dates or times of a day in digits; false of none. */
export function areDates(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => DATE.test(text));
}
