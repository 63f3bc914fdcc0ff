/** Writes predictions, a row for a row, as CSV or JSON Lines. */
import { UsageError } from "../../errors.ts";
import { printJson, printRows } from "../output.ts";
import type { AnswerColumns, Cell } from "./answer_columns.ts";
import { csvLine } from "./csv_line.ts";
import type { RowPart } from "./row_parts.ts";

/** Two columns of one name would be none that a reader takes. */
export function keptNames(
  names: readonly string[],
  { names: own }: AnswerColumns,
): readonly string[] {
  const twice = names.find((name) => own.includes(name));
  if (twice === undefined) return names;
  throw new UsageError(
    `Cannot keep the column ${JSON.stringify(twice)}: the predictions have one of that name; ` +
      "rename it, or leave --keep out",
  );
}

/** Outputs of rows; null where a row has no answer. */
export type Outputs = readonly (ArrayLike<number> | null)[];

/** Writes the answers of a part; false once the reader of the output has gone away. */
export type Write = (outputs: Outputs, texts: RowPart["texts"]) => boolean;

/** @param kept names of the columns that stand before the answers, asked for once there are rows */
export function answerWriter(
  answers: AnswerColumns,
  kept: () => readonly string[],
  json: boolean,
): Write {
  return json ? jsonWriter(answers, kept) : csvWriter(answers, kept);
}

function cellsOf(answers: AnswerColumns, row: ArrayLike<number> | null, hole: "" | null) {
  return row === null ? answers.names.map(() => hole) : answers.cells(row);
}

function csvWriter(answers: AnswerColumns, kept: () => readonly string[]): Write {
  let head: string | null = null;
  return (outputs, texts) => {
    const first = head === null ? csvLine([...kept(), ...answers.names]) : "";
    head ??= first;
    const lines = outputs.map((row, i) =>
      csvLine([...texts?.[i] ?? [] as Cell[], ...cellsOf(answers, row, "") as Cell[]])
    );
    return printRows(first + lines.join(""));
  };
}

function jsonWriter(answers: AnswerColumns, kept: () => readonly string[]): Write {
  return (outputs, texts) => {
    const names = [...kept(), ...answers.names];
    return outputs.every((row, i) => {
      const values = [...texts?.[i] ?? [] as Cell[], ...cellsOf(answers, row, null)];
      return printJson(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    });
  };
}
