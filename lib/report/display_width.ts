/**
 * Lays out text by the columns that a terminal gives it: a Hangul syllable takes two, a combining
 * accent none. Names come from files and may hold anything, so `printable` goes before the rest.
 */

import stringWidth from "string-width";

export { printable } from "./printable.ts";

/** How many columns `text` takes. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** `text` with spaces after it, `width` columns wide or wider. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** `text` with spaces before it, `width` columns wide or wider. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** The beginning of `text` that fits into `width` columns; no character is cut in two. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    columns += displayWidth(segment);
    if (columns > width) break;
    kept += segment;
  }
  return kept.trimEnd();
}
