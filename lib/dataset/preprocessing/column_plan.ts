/**
 * Finds out what the columns of a table are. Kinds are inferred from all rows; nothing that training learns is.
 */
import { didYouMean } from "../../did_you_mean.ts";
import { UsageError } from "../../errors.ts";
import type { Column, Table } from "../table.ts";
import {
  type ColumnChoices,
  type ColumnPlan,
  type ColumnRole,
  IMPUTES,
  type PlannedColumn,
} from "./planned_columns.ts";
import { describeCategory, describeNumbers, strayIn } from "./column_facts.ts";
import { writtenNumbersIn } from "./written_forms.ts";

export {
  type ColumnChoices,
  type ColumnFacts,
  type ColumnPlan,
  type ColumnRole,
  type Impute,
  IMPUTES,
  type PlannedColumn,
} from "./planned_columns.ts";

/** A text column with more distinct values is no category. */
export const MOST_CATEGORIES = 100;
/** Not even if somebody says that it is one. */
const MOST_CHOSEN_CATEGORIES = 1000;

/** Columns that are no inputs. */
export interface ColumnRoles {
  /** Names of the columns to learn. */
  readonly targets: readonly string[];
  /** The column that says what each row counts. */
  readonly weights?: string;
  /** The column whose equal values are never split. */
  readonly groups?: string;
}

/**
 * Infers what each column is.
 *
 * @throws {UsageError} if a choice names a column that there is not, or a text column is neither number nor category: it
 * names the columns to ignore
 */
export function planColumns(
  table: Table,
  roles: ColumnRoles,
  choices: ColumnChoices = {},
): ColumnPlan {
  const columns = describeColumns(table, roles, choices);
  const texts = columns.filter(({ role, kind }) => role === "input" && kind === "text");
  if (texts.length > 0) throw refusalOf(texts, table);
  if (!columns.some(({ role }) => role === "input")) {
    throw new UsageError(
      "Cannot train on this table: no column is left to learn from; give one with columns besides the target",
    );
  }
  return { columns, impute: choices.impute ?? "median" };
}

/**
 * What each column is, for reports: also columns of text, which cannot be learned from.
 *
 * @throws {UsageError} if a choice names a column that there is not
 */
export function describeColumns(
  table: Table,
  roles: ColumnRoles,
  choices: ColumnChoices = {},
): PlannedColumn[] {
  const { impute = "median" } = choices;
  if (!IMPUTES.includes(impute)) {
    throw new UsageError(`Cannot impute with "${impute}": it must be ${IMPUTES.join(", ")}`);
  }
  requireChoices(table, choices);
  return table.columns.map((column) => planColumn(column, table.rows, roles, choices));
}

function planColumn(
  column: Column,
  rows: number,
  roles: ColumnRoles,
  choices: ColumnChoices,
): PlannedColumn {
  const { name } = column;
  const kind = kindOf(column, rows, choices);
  const facts = column.kind === "vector"
    ? { holes: 0, distinct: 0, range: null, notes: [], size: column.size }
    : kind === "number"
    ? describeNumbers(column, rows)
    : describeCategory(column, rows);
  const planned = { name, kind, ...facts };
  const [role, why] = roleOf(planned, column, roles, choices);
  const asTheyAre = choices.asTheyAre?.includes(name) ? { asTheyAre: true } : {};
  return { ...planned, ...asTheyAre, role, why };
}

function kindOf(column: Column, rows: number, choices: ColumnChoices): PlannedColumn["kind"] {
  const { name } = column;
  if (column.kind === "vector") return "vector";
  if (choices.numbers?.includes(name)) return "number";
  const isCategory = choices.categories?.includes(name);
  if (column.kind === "number" && !isCategory) return "number";
  if (isCategory) return "category";
  const { distinct } = describeCategory(column, rows);
  const isOdd = strayIn(column) !== null || writtenNumbersIn(column) !== null;
  return distinct <= MOST_CATEGORIES && !isOdd ? "category" : "text";
}

function roleOf(
  { name, kind, holes, distinct }: Pick<PlannedColumn, "name" | "kind" | "holes" | "distinct">,
  column: Column,
  { targets, weights, groups }: ColumnRoles,
  { ignore, numbers, categories }: ColumnChoices,
): [ColumnRole, string] {
  if (targets.includes(name)) return ["target", "the target"];
  if (name === weights) return ["weights", "what rows count"];
  if (name === groups) return ["groups", "groups of rows"];
  if (ignore?.includes(name)) return ["ignored", "to be ignored"];
  if (kind !== "vector" && distinct === 0 && holes > 0) return ["ignored", "no cell has a value"];
  const chosen = numbers?.includes(name) || categories?.includes(name);
  if (categories?.includes(name) && distinct > MOST_CHOSEN_CATEGORIES) {
    throw new UsageError(
      `Cannot take column ${
        JSON.stringify(name)
      } for categories: it has ${distinct} distinct values, and ` +
        `${MOST_CHOSEN_CATEGORIES} are possible; leave it out with --ignore ${name}`,
    );
  }
  if (chosen) return ["input", `to be ${kind === "number" ? "numbers" : "categories"}`];
  if (kind === "vector") return ["input", "lists of numbers"];
  if (kind === "number") return ["input", "all cells are numbers"];
  const stray = strayIn(column);
  const written = writtenNumbersIn(column);
  if (written) return ["input", written.what];
  return ["input", stray ? `text among numbers` : `${distinct} distinct texts`];
}

/** One line that says what to type. */
function refusalOf(texts: readonly PlannedColumn[], table: Table): UsageError {
  const names = texts.map(({ name }) => name);
  const strays = table.columns.flatMap((column) => {
    if (!names.includes(column.name)) return [];
    const stray = strayIn(column);
    return stray ? [{ name: column.name, stray }] : [];
  });
  for (const column of table.columns) {
    const { name } = column;
    const written = names.includes(name) ? writtenNumbersIn(column) : null;
    if (!written) continue;
    const { what, text, remedy } = written;
    return new UsageError(
      `Cannot learn from column ${JSON.stringify(name)}: its numbers have ${what}, such as ${
        JSON.stringify(text)
      }; ${remedy}, or take it with --categories ${quoted(name)}`,
    );
  }
  const option = `--ignore ${names.map(quoted).join(",")}`;
  if (strays.length === names.length) {
    const [{ name, stray }] = strays;
    return new UsageError(
      `Cannot learn from column ${
        JSON.stringify(name)
      }: it has ${stray} among numbers; mend the cell, or leave the ` +
        `column out with ${option}, or take it with --categories ${quoted(name)}`,
    );
  }
  const [first] = texts;
  const what = texts.length === 1
    ? `column ${
      JSON.stringify(first.name)
    }: it has ${first.distinct} distinct texts, so it is no category`
    : `columns ${
      names.map((name) => JSON.stringify(name)).join(", ")
    }: they have ${first.distinct} distinct texts or more than ${MOST_CATEGORIES}, so they are no categories`;
  return new UsageError(
    `Cannot learn from ${what} (a date, an identifier?); leave ${
      texts.length === 1 ? "it" : "them"
    } out with ${option}`,
  );
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text}"`;
}

function requireChoices({ columns }: Table, choices: ColumnChoices): void {
  const { numbers = [], categories = [], ignore = [], asTheyAre = [] } = choices;
  const lists = { numbers, categories, ignore, asTheyAre };
  for (const [list, names] of Object.entries(lists)) {
    for (const name of names) {
      requireColumn(columns, name, `Cannot find the column ${JSON.stringify(name)} of ${list}`);
    }
  }
  const both = numbers.find((name) => categories.includes(name));
  if (both === undefined) return;
  throw new UsageError(
    `Cannot take column ${
      JSON.stringify(both)
    } for numbers and for categories: leave out one of them`,
  );
}

/** @throws {UsageError} if no column has that name: it says which may be meant */
export function requireColumn(columns: readonly Column[], name: string, cannot: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  const names = columns.map((column) => column.name);
  const meant = didYouMean(name, names);
  const known = names.length <= 12
    ? names.join(", ")
    : `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
  const suggestion = meant === null ? "" : `did you mean ${JSON.stringify(meant)}? `;
  throw new UsageError(`${cannot}: ${suggestion}the columns are ${known}`);
}
