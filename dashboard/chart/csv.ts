/** Tables as comma-separated values, as RFC 4180 has them. */

/** What spreadsheets take for a formula: it would run on the machine of anyone who opens a stranger's log. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * @param rows Numbers that are not finite, null and undefined become empty cells; a text that a spreadsheet would compute
 *     gets an apostrophe in front.
 * @returns Lines that end in CR LF.
 */
export function toCsv(
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string {
  return rows.map((row) => row.map(toCell).join(",") + "\r\n").join("");
}

function toCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
