/** The style sheet of all pages: those that lie beside what they style, one after another. */

/** In the order in which they count: of rules that say as much of an element, the later one holds. */
const SHEETS = [
  "ui/theme.css",
  "ui/page.css",
  "ui/parts.css",
  "ui/controls.css",
  "ui/tables.css",
  "ui/bars.css",
  "run/run.css",
  "run/list.css",
  "chart/chart.css",
  "search/search.css",
  "compare/compare.css",
  "ui/print.css",
];

export async function styleSheet(): Promise<string> {
  const sheets = SHEETS.map((path) => Deno.readTextFile(new URL(path, import.meta.url)));
  return (await Promise.all(sheets)).join("\n");
}
