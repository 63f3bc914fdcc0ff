/**
 * Which classes are taken for which, as text: the whole matrix if it fits the page (ten
 * classes of ten thousand rows fit 80 columns), else the most frequent confusions.
 *
 * Glossary: O classes; the matrix has a row for each true class and a column for each predicted
 * one.
 */

import { displayWidth, padEnd, padStart, printable, truncate } from "./display_width.ts";
import { formatCount, formatPercent } from "./format.ts";
import { PAGE_WIDTH, pageWidth } from "./page_width.ts";

/**
 * Names of the rows are cut to this, names of the columns to what is left, but not below the
 * second.
 */
const MAX_ROW_NAME_WIDTH = 14;
const MIN_COLUMN_NAME_WIDTH = 4;
const MAX_COLUMN_NAME_WIDTH = 7;

/** The list of confusions: its heads, and the widths of its columns. */
const WIDE_LIST = {
  heads: ["True class     ", "Predicted class", "Rows", "Of its class"],
  nameWidth: 24,
  countWidth: 10,
  shareWidth: 13,
};

/** The same on a narrower page: the names take what numbers and gaps leave. */
function narrowList(): typeof WIDE_LIST {
  const heads = ["True", "Predicted", "Rows", "Share"];
  const nameWidth = Math.max(MIN_COLUMN_NAME_WIDTH, (pageWidth() - 19) >> 1);
  return { heads, nameWidth, countWidth: 7, shareWidth: 8 };
}

/** How many confusions are listed where the matrix does not fit. */
const LISTED_CONFUSIONS = 15;

/**
 * Draws a confusion matrix.
 *
 * @param confusion O x O counts.
 * @param classNames O names.
 * @returns Lines as wide as the page, which is at most 80 columns.
 */
export function confusionMatrixText(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
): string {
  const names = classNames.map(printable);
  return drawMatrix(confusion, names) ?? listConfusions(confusion, names);
}

/** Null where the matrix is too wide. */
function drawMatrix(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
): string | null {
  const cells = confusion.map((counts) => counts.map((count) => count === 0 ? "." : String(count)));
  const cellWidth = Math.max(...cells.flat().map((cell) => cell.length));
  const nameWidth = Math.max(...names.map(displayWidth));
  // Rows may have to be numbered, when their columns' names cannot be told apart.
  const numbered = nameWidth + `#${names.length - 1} `.length;
  const rowRoom = Math.min(numbered, MAX_ROW_NAME_WIDTH);
  const room = Math.floor((pageWidth() - rowRoom) / names.length) - 1;
  if (room < Math.max(cellWidth, MIN_COLUMN_NAME_WIDTH)) return null;

  const columnWidth = Math.min(
    room,
    Math.max(cellWidth, Math.min(nameWidth, MAX_COLUMN_NAME_WIDTH)),
  );
  const { rowNames, columnNames } = fitNames(names, columnWidth);
  const rowNameWidth = Math.max(...rowNames.map(displayWidth));
  const line = (name: string, columns: readonly string[]) =>
    padEnd(name, rowNameWidth) + columns.map((text) => ` ${padStart(text, columnWidth)}`).join("");
  return [
    "Rows: true class. Columns: predicted class.",
    line("", columnNames),
    ...cells.map((columns, index) => line(rowNames[index], columns)),
  ].join("\n");
}

/**
 * Names cut to the width they have; where two columns would look the same, every class gets its
 * number.
 */
function fitNames(
  names: readonly string[],
  columnWidth: number,
): { readonly rowNames: readonly string[]; readonly columnNames: readonly string[] } {
  const short = names.map((name) => truncate(name, columnWidth));
  const distinct = new Set(short).size === names.length;
  return {
    rowNames: names.map((name, index) =>
      truncate(distinct ? name : `#${index} ${name}`, MAX_ROW_NAME_WIDTH)
    ),
    columnNames: distinct ? short : names.map((_, index) => `#${index}`),
  };
}

function listConfusions(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
): string {
  const confusions = confusion.flatMap((counts, trueClass) => {
    const support = counts.reduce((total, count) => total + count, 0);
    return counts.map((count, predicted) => ({ trueClass, predicted, count, support }));
  }).filter(({ trueClass, predicted, count }) => trueClass !== predicted && count > 0);
  if (confusions.length === 0) return "No class was taken for another.";
  // Stable: equally frequent ones stay in the order of the classes.
  confusions.sort((a, b) => b.count - a.count);
  const { heads, nameWidth, countWidth, shareWidth } = pageWidth() < PAGE_WIDTH
    ? narrowList()
    : WIDE_LIST;
  const rows = confusions.slice(0, LISTED_CONFUSIONS).map((confusion) => [
    truncate(names[confusion.trueClass], nameWidth),
    truncate(names[confusion.predicted], nameWidth),
    formatCount(confusion.count),
    formatPercent(confusion.count / confusion.support, 1),
  ]);
  const widths = [0, 1].map((column) =>
    Math.max(...[heads, ...rows].map((row) => displayWidth(row[column])))
  );
  const line = ([trueName, predicted, count, share]: readonly string[]) =>
    `${padEnd(trueName, widths[0])}  ${padEnd(predicted, widths[1])} ` +
    `${padStart(count, countWidth)} ${padStart(share, shareWidth)}`;
  return [
    `The most frequent confusions (${rows.length} of ${confusions.length}):`,
    line(heads),
    ...rows.map(line),
  ].join("\n");
}
