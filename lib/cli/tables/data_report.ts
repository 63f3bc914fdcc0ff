/** A table as people read it: what would be trained, at 80 columns and at 40. */
import type { PlannedColumn } from "../../dataset/preprocessing/planned_columns.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount, formatPercent } from "../../report/format.ts";
import { pageWidth } from "../../report/page_width.ts";
import { table, wrap } from "../../report/table.ts";
import type { DescribedTable, Preview } from "./described_table.ts";

/** Below this, a column of a table has lines of its own. */
const WIDE = 60;
/** More columns, classes or features are counted. */
const MOST_SHOWN = 40;
/** Values of a category. */
const MOST_VALUES = 4;

export function dataReport(described: DescribedTable): string {
  const { name, rows, columns, classes, preview } = described;
  const heading = `${printable(name)}: ${counted(rows, "row")}, ${
    counted(columns.length, "column")
  }`;
  return [
    [heading, ...learnedLines(described)].map(wrap).join("\n"),
    columnsText(columns, rows),
    ...classes.length > 0 ? [classesText(classes, rows)] : [],
    ...preview ? [previewText(preview)] : [],
    ...mindText(described),
  ].join("\n\n");
}

function learnedLines({ task, why, target, dropped, parts, positive }: DescribedTable): string[] {
  if (task === null) return target.length > 0 ? [] : ["name what to predict with --target COLUMN"];
  const positives = positive === null ? "" : `; positive: ${positive}`;
  return [
    `${target.join(", ")}: ${task} (${why})${positives}`,
    ...parts
      ? [
        `${formatCount(parts.train)} rows to train on, ${
          formatCount(parts.validation)
        } to validate` +
        (parts.test > 0 ? `, ${formatCount(parts.test)} to test` : ""),
      ]
      : [],
    ...dropped > 0 ? [`${counted(dropped, "row")} without target: left out`] : [],
  ].map(printable);
}

function columnsText(columns: readonly PlannedColumn[], rows: number): string {
  const shown = columns.slice(0, MOST_SHOWN);
  const more = columns.length - shown.length;
  const last = more > 0 ? [`and ${counted(more, "column")} more`] : [];
  if (pageWidth() < WIDE) {
    const lines = shown.map((column) => {
      const { missing, distinct, values } = cellsOf(column, rows);
      const facts = [
        kindOf(column),
        ...missing === "-" ? [] : [`${missing} missing`],
        ...distinct === "-" ? [] : [`${distinct} distinct`],
        ...values === "" ? [] : [values],
      ];
      return wrap(`${printable(column.name)}: ${facts.join(", ")}`);
    });
    return [...lines, ...last].join("\n");
  }
  const cells = shown.map((column) => {
    const { missing, distinct, values } = cellsOf(column, rows);
    return [printable(column.name), kindOf(column), missing, distinct, values];
  });
  return [table(["Column", "Kind", "Missing", "Distinct", "Values"], cells), ...last].join("\n");
}

function kindOf({ role, kind, size }: PlannedColumn): string {
  if (role === "input") return kind === "vector" ? `${size} numbers` : kind;
  return role;
}

function cellsOf(column: PlannedColumn, rows: number) {
  const { holes, distinct, role, kind } = column;
  if (role === "ignored") return { missing: "-", distinct: "-", values: "" };
  return {
    missing: holes === 0 ? "-" : formatPercent(holes / rows, 1),
    distinct: kind === "vector" ? "-" : formatCount(distinct),
    values: printable(valuesText(column, rows)),
  };
}

function valuesText({ range, values, kind }: PlannedColumn, rows: number): string {
  if (range) return `${short(range.min)} to ${short(range.max)}, median ${short(range.median)}`;
  if (!values || values.length === 0) return "";
  if (kind === "text") return values.slice(0, 2).map(({ value }) => value).join(", ") + ", ...";
  const texts = values.slice(0, MOST_VALUES).map(({ value, rows: count }) =>
    `${value} ${formatPercent(count / rows, 0)}`
  );
  return texts.join(", ") + (values.length > MOST_VALUES ? ", ..." : "");
}

/** At most five digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function classesText(classes: DescribedTable["classes"], rows: number): string {
  const shown = classes.slice(0, MOST_SHOWN);
  const more = classes.length - shown.length;
  const cells = shown.map(({ name, rows: count }) => [
    printable(name),
    formatCount(count),
    formatPercent(count / rows, 1),
  ]);
  return [
    table(["Class", "Rows", "Part"], cells),
    ...more > 0 ? [`and ${formatCount(more)} more`] : [],
  ].join("\n");
}

/** A line each feature, because a row may have hundreds. */
function previewText({ features, rows }: Preview): string {
  const shown = features.slice(0, MOST_SHOWN);
  const more = features.length - shown.length;
  const cells = shown.map((name, i) => [
    printable(name),
    ...rows.map((row) => String(Number(row[i].toPrecision(4)))),
  ]);
  return [
    table(["As the network gets it", ...rows.map((_, i) => `row ${i + 1}`)], cells),
    ...more > 0 ? [`and ${counted(more, "feature")} more`] : [],
  ].join("\n");
}

function mindText({ warnings, notes }: DescribedTable): string[] {
  const lines = (head: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [
      `${head}:\n${
        texts.slice(0, MOST_SHOWN).map((text) => wrap(`- ${printable(text)}`)).join("\n")
      }`,
    ];
  // Notes on columns are among the warnings.
  const others = notes.filter((note) => !/^column "/.test(note) || /is left out/.test(note));
  return [...lines("Mind", warnings), ...lines("Note", others)];
}

function counted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}
