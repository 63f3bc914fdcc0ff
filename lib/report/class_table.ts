/** How well each class is recognized, as a table of text. */

import { displayWidth, padEnd, padStart, printable, truncate } from "./display_width.ts";
import { formatCount } from "./format.ts";
import { PAGE_WIDTH, pageWidth } from "./page_width.ts";

/**
 * One row: fractions from 0 to 1, and how many rows truly are of the class. All are null and 0 of a class that is absent from
 * labels and predictions.
 */
export interface ClassTableRow {
  readonly name: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly support: number;
}

const HEADINGS = ["Precision", "Recall", "F1", "Support"];
const COLUMN_WIDTHS = [11, 11, 11, 11];

/** Where the page is narrower than 80 columns. */
const NARROW_WIDTHS = [10, 7, 7, 8];

/** Wider names are cut, so that the table fits the page, but not below this. */
const LEAST_NAME_WIDTH = 6;

/**
 * Draws the table, with the plain mean over the classes as its last row.
 *
 * @param classes One entry a class, in the order to show them.
 * @returns Lines as wide as the page, which is at most 80 columns.
 */
export function classTable(classes: readonly ClassTableRow[]): string {
  const widths = pageWidth() < PAGE_WIDTH ? NARROW_WIDTHS : COLUMN_WIDTHS;
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const nameRoom = Math.max(LEAST_NAME_WIDTH, pageWidth() - columns);
  const rows = [...classes, meanOf(classes)].map((row) => ({
    name: truncate(printable(row.name), nameRoom),
    cells: [
      ...[row.precision, row.recall, row.f1].map((value) => value?.toFixed(4) ?? "-"),
      formatCount(row.support),
    ],
  }));
  const nameWidth = Math.max(...["Class", ...rows.map(({ name }) => name)].map(displayWidth));
  const line = (name: string, cells: readonly string[]) =>
    padEnd(name, nameWidth) + cells.map((cell, i) => padStart(cell, widths[i])).join("");
  const rule = "-".repeat(nameWidth + columns);
  const lines = rows.map(({ name, cells }) => line(name, cells));
  return [line("Class", HEADINGS), rule, ...lines.slice(0, -1), rule, ...lines.slice(-1)].join(
    "\n",
  );
}

/** Every class counts alike, however rare it is, unless it is absent; scikit-learn calls this the macro average. */
function meanOf(all: readonly ClassTableRow[]): ClassTableRow {
  const classes = all.filter((row) => !isAbsent(row));
  const mean = (values: readonly (number | null)[]) =>
    values.length === 0 || values.includes(null)
      ? null
      : values.reduce<number>((total, value) => total + (value ?? 0), 0) / values.length;
  return {
    name: "Mean",
    precision: mean(classes.map(({ precision }) => precision)),
    recall: mean(classes.map(({ recall }) => recall)),
    f1: mean(classes.map(({ f1 }) => f1)),
    support: classes.reduce((total, { support }) => total + support, 0),
  };
}

function isAbsent({ precision, recall, f1, support }: ClassTableRow): boolean {
  return support === 0 && precision === null && recall === null && f1 === null;
}
