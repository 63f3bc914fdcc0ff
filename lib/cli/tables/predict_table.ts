/**
 * `predict FILE`: what a model says of each row of a table, as CSV on standard output, a row for a row. Rows are read and
 * answered a part at a time, so that a file may be larger than memory; notes go to standard error.
 */
import { Encoder } from "../../dataset/preprocessing/encoder.ts";
import {
  type EncodingNotes,
  mergeNotes,
  NO_NOTES,
  noteLines,
} from "../../dataset/preprocessing/notes.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { Table } from "../../dataset/table.ts";
import type { Backend } from "../../backend/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import { predict, predictProbabilities } from "../../train/inference.ts";
import { createNamedBackend } from "../choose_backend.ts";
import { interruption } from "../interruption.ts";
import type { CommonOptions } from "../options/common.ts";
import { printErrorLine, printJson, printRows } from "../output.ts";
import { type AnswerColumns, answerColumns, type Cell } from "./answer_columns.ts";
import { csvLine } from "./csv_line.ts";
import { openRows } from "./row_file.ts";
import { type RowPart, rowParts } from "./row_parts.ts";

export interface PredictTableOptions extends CommonOptions {
  readonly proba?: boolean;
  readonly keep?: boolean;
}

/** Rows that are answered at once. */
const MOST_ROWS = 8192;

/**
 * @param data a path, or "-" for standard input
 * @throws {UsageError} if the model takes no tables
 * @throws {WeftError} if the rows cannot be read, or are none of the model's
 */
export async function predictTable(
  data: string,
  model: Model,
  options: PredictTableOptions,
): Promise<number> {
  const { preprocessing } = model;
  const { proba = false, keep = false, json = false } = options;
  if (!preprocessing) {
    throw new UsageError(
      `Cannot predict from ${data}: the model was not trained on a table; give rows of its test set with --index, ` +
        "an image with --image, or name another model with --model",
    );
  }
  const { task = "classification" } = model;
  if (proba && task === "regression") {
    throw new UsageError(
      "Cannot give probabilities: the model predicts numbers, for its task is regression; leave --proba out",
    );
  }
  using interrupted = interruption();
  const file = await openRows(data);
  const rows = rowParts(file, keep);
  using backend = await createNamedBackend(options);
  const answers = answerColumns(model, preprocessing.target, proba);
  const predictor = new Predictor(model, preprocessing, backend);
  const kept = () => keep ? keptNames(rows.names, answers) : [];
  const write = json ? jsonWriter(answers, kept) : csvWriter(answers, kept);
  for await (const piece of file.pieces) {
    interrupted.signal.throwIfAborted();
    rows.push(piece);
    const part = rows.take();
    if (part && !await predictor.answer(part, write)) return 0;
  }
  const last = rows.end();
  if (last && !await predictor.answer(last, write)) return 0;
  for (const line of noteLines(predictor.valueNotes)) printErrorLine(`note: ${line}`);
  return 0;
}

/** Two columns of one name would be none that a reader takes. */
function keptNames(names: readonly string[], { names: own }: AnswerColumns): readonly string[] {
  const twice = names.find((name) => own.includes(name));
  if (twice === undefined) return names;
  throw new UsageError(
    `Cannot keep the column ${JSON.stringify(twice)}: the predictions have one of that name; ` +
      "rename it, or leave --keep out",
  );
}

/** Writes the answers of a part; false once the reader of the output has gone away. */
type Write = (outputs: readonly ArrayLike<number>[], texts: RowPart["texts"]) => boolean;

function csvWriter(answers: AnswerColumns, kept: () => readonly string[]): Write {
  let head: string | null = null;
  return (outputs, texts) => {
    const first = head === null ? csvLine([...kept(), ...answers.names]) : "";
    head ??= first;
    const lines = outputs.map((row, i) =>
      csvLine([...texts?.[i] ?? [] as Cell[], ...answers.cells(row)])
    );
    return printRows(first + lines.join(""));
  };
}

function jsonWriter(answers: AnswerColumns, kept: () => readonly string[]): Write {
  return (outputs, texts) => {
    const names = [...kept(), ...answers.names];
    return outputs.every((row, i) => {
      const values = [...texts?.[i] ?? [] as Cell[], ...answers.cells(row)];
      return printJson(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    });
  };
}

/** Answers rows a part after the other, and keeps what is odd about them. */
class Predictor {
  #notes: EncodingNotes = NO_NOTES;
  /** Rows before the part. */
  #before = 0;

  constructor(
    readonly model: Model,
    readonly preprocessing: Preprocessing,
    readonly backend: Backend,
  ) {}

  /** What is odd about values, which is said at the end; of columns it has been said. */
  get valueNotes(): EncodingNotes {
    return { ...NO_NOTES, unknownValues: this.#notes.unknownValues };
  }

  async answer({ table, texts }: RowPart, write: Write): Promise<boolean> {
    for (let first = 0; first < table.rows; first += MOST_ROWS) {
      // Made once a part, and then asked for some of its rows at a time.
      const count = Math.min(MOST_ROWS, table.rows - first);
      const outputs = await this.#outputs(this.#encoded(table, first, count));
      if (!write(outputs, texts && texts.slice(first, first + count))) return false;
    }
    this.#before += table.rows;
    return true;
  }

  #encoder: { readonly table: Table; readonly encoder: Encoder } | null = null;

  #encoded(table: Table, first: number, count: number): Float32Array {
    try {
      if (this.#encoder?.table !== table) {
        this.#encoder = { table, encoder: new Encoder(this.preprocessing, table) };
      }
      const { encoder } = this.#encoder;
      const values = new Float32Array(count * encoder.features);
      encoder.encode(values, first, count);
      if (first + count === table.rows) this.#note(encoder.notes);
      return values;
    } catch (error) {
      throw this.#inFile(error);
    }
  }

  /** Says at once what is odd about columns. */
  #note(notes: EncodingNotes): void {
    const before = this.#notes;
    this.#notes = mergeNotes(before, notes);
    const isNew = (name: string, known: readonly string[]) => !known.includes(name);
    const unknown = before.unknownColumns.map(({ name }) => name);
    const news = {
      ...NO_NOTES,
      missing: notes.missing.filter((name) => isNew(name, before.missing)),
      unknownColumns: notes.unknownColumns.filter(({ name }) => isNew(name, unknown)),
    };
    for (const line of noteLines(news)) printErrorLine(`note: ${line}`);
  }

  /** Rows of a part count from its beginning, and those of messages from that of the file. */
  #inFile(error: unknown): unknown {
    if (!(error instanceof WeftError) || this.#before === 0) return error;
    const message = error.message.replace(
      /\bin row (\d+)/,
      (_, row) => `in row ${this.#before + Number(row)}`,
    );
    return new WeftError(message);
  }

  /** Probabilities, or numbers in the target's unit. */
  async #outputs(values: Float32Array): Promise<ArrayLike<number>[]> {
    const { model, backend } = this;
    const { task = "classification" } = model;
    if (task === "regression") {
      const answers = await predict<number | number[] & number>(model, values, { backend });
      return answers.map((answer: number | number[]) => Array.isArray(answer) ? answer : [answer]);
    }
    const rows = await predictProbabilities(model, values, { backend });
    return task === "binary" ? rows.map(([, yes]) => [yes]) : rows;
  }
}
