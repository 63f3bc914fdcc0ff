/** Tables on the terminal, as wide as the page, which is at most 80 columns, and how their numbers are written. */

import { displayWidth, padEnd, padStart, truncate } from "./display_width.ts";
import { pageWidth } from "./page_width.ts";

export { PAGE_WIDTH as WIDTH } from "./page_width.ts";

/** Of a column that others are cut for. */
const LEAST_WIDTH = 1;

/** Ends a cell that was cut, so that nobody takes it for all of it. */
const CUT = "…";

/**
 * Lines of a table: the first column to the left, the others to the right, each as wide as its widest cell. Where they
 * have no room together, the widest cells are cut.
 */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) =>
    Math.max(...lines.map((line) => displayWidth(line[column])))
  );
  let total = widths.reduce((sum, width) => sum + width + 2, -2);
  const most = pageWidth();
  for (; total > most; total--) {
    const widest = Math.max(...widths);
    if (widest <= LEAST_WIDTH) break;
    widths[widths.indexOf(widest)]--;
  }
  const format = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? padEnd : padStart)(cut(cell, widths[i]), widths[i]))
      .join("  ").trimEnd();
  return [format(heads), "-".repeat(total), ...rows.map(format)].join("\n");
}

function cut(cell: string, width: number): string {
  return displayWidth(cell) <= width ? cell : truncate(cell, width - 1) + CUT;
}

/** Text cut into lines as wide as the page, later ones indented. */
export function wrap(text: string): string {
  const lines: string[] = [];
  const width = pageWidth();
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Three digits, whatever the size. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A time with the unit that suits it. */
export function duration(ms: number): string {
  if (ms < 0.999) return `${digits(ms * 1000)} us`;
  return ms < 999 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`;
}

export function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}
