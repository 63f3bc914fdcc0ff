/** Tables on the terminal, at most 80 columns wide, and how their numbers are written. */

/** Columns of the narrowest terminal that is common. */
export const WIDTH = 80;

/** Lines of a table: the first column to the left, the others to the right, each as wide as its widest cell. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > WIDTH) throw new Error(`The table "${heads.join(" ")}" is ${total} columns wide`);
  const format = (cells: readonly string[]) =>
    cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ")
      .trimEnd();
  return [format(heads), "-".repeat(total), ...rows.map(format)].join("\n");
}

/** Text cut into lines of at most 80 columns, later ones indented. */
export function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line.length + 1 + word.length > WIDTH) {
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
