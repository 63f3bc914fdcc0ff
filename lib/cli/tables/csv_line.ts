/** Writes rows as CSV (RFC 4180), so that any reader gets the same cells back. */

/** A line with its end. Cells are quoted where they have to be: readers cut spaces off. */
export function csvLine(cells: readonly (string | number)[]): string {
  // A line without any character is no row for readers.
  if (cells.length === 1 && cells[0] === "") return '""\n';
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(cell: string | number): string {
  const text = Object.is(cell, -0) ? "-0" : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
