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
import { rowWindows } from "../../dataset/preprocessing/row_windows.ts";
import type { Table } from "../../dataset/table.ts";
import type { Backend } from "../../backend/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import { predict, predictProbabilities } from "../../train/inference.ts";
import { createNamedBackend } from "../choose_backend.ts";
import { requireRowKind } from "../data_kind.ts";
import { interruption } from "../interruption.ts";
import type { CommonOptions } from "../options/common.ts";
import { printErrorLine } from "../output.ts";
import { arrayForModel } from "../samples/array_rows.ts";
import { answerColumns } from "./answer_columns.ts";
import { answerWriter, keptNames, type Write } from "./answer_writer.ts";
import { openRows } from "./row_file.ts";
import { type RowPart, rowParts } from "./row_parts.ts";

export interface PredictTableOptions extends CommonOptions {
  readonly proba?: boolean;
  readonly keep?: boolean;
  /** Name of an array. */
  readonly inputs?: string;
}

/** Rows that are answered at once. */
const MOST_ROWS = 8192;

/**
 * @param data a path, or "-" for standard input
 * @throws {UsageError} if the model takes other rows
 * @throws {WeftError} if the rows cannot be read, or are none of the model's
 */
export async function predictTable(
  data: string,
  model: Model & { readonly preprocessing: Preprocessing },
  options: PredictTableOptions,
): Promise<number> {
  const { preprocessing } = model;
  const { proba = false, keep = false, json = false } = options;
  const { task = "classification" } = model;
  if (proba && task === "regression") {
    throw new UsageError(
      "Cannot give probabilities: the model predicts numbers, for its task is regression; leave --proba out",
    );
  }
  const isArray = await requireRowKind(data, "Cannot predict from");
  if (isArray && keep) {
    throw new UsageError(
      `Cannot keep the columns of ${data}: it is an array, which has none; leave --keep out`,
    );
  }
  using interrupted = interruption();
  const file = isArray ? null : await openRows(data);
  const rows = file && rowParts(file, keep);
  using backend = await createNamedBackend(options);
  const answers = answerColumns(model, preprocessing.target, proba);
  const predictor = new Predictor(model, preprocessing, backend);
  const kept = () => keep && rows ? keptNames(rows.names, answers) : [];
  const write = answerWriter(answers, kept, json);
  const answer = async (part: RowPart | null) => !part || await predictor.answer(part, write);
  if (!file || !rows) {
    const table = await arrayForModel(data, options, preprocessing);
    if (!await answer({ table, texts: null })) return 0;
  } else {
    for await (const piece of file.pieces) {
      interrupted.signal.throwIfAborted();
      rows.push(piece);
      // A window may have rows of any two parts.
      if (!preprocessing.window && !await answer(rows.take())) return 0;
    }
    if (!await answer(rows.end())) return 0;
  }
  for (const line of noteLines(predictor.valueNotes)) printErrorLine(`note: ${line}`);
  return 0;
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
    if (this.preprocessing.window) return await this.#answerWindows({ table, texts }, write);
    for (let first = 0; first < table.rows; first += MOST_ROWS) {
      // Made once a part, and then asked for some of its rows at a time.
      const count = Math.min(MOST_ROWS, table.rows - first);
      const outputs = await this.#outputs(this.#encoded(table, first, count));
      if (!write(outputs, texts && texts.slice(first, first + count))) return false;
    }
    this.#before += table.rows;
    return true;
  }

  /** The windows that end in the rows: rows that end none have no answer. */
  async #answerWindows({ table, texts }: RowPart, write: Write): Promise<boolean> {
    const { preprocessing } = this;
    const encoder = new Encoder(preprocessing, table);
    const values = new Float32Array(table.rows * encoder.features);
    encoder.encode(values, 0, table.rows);
    this.#note(encoder.notes);
    const { ends, read } = rowWindows(encoder, preprocessing.window!);
    for (let row = 0, window = 0; row < table.rows; row += MOST_ROWS) {
      const count = Math.min(MOST_ROWS, table.rows - row);
      const first = window;
      while (window < ends.length && ends[window] < row + count) window++;
      const outputs = window === first
        ? []
        : await this.#outputs(read(values, first, window - first));
      const answers = new Array<ArrayLike<number> | null>(count).fill(null);
      outputs.forEach((output, i) => answers[ends[first + i] - row] = output);
      if (!write(answers, texts && texts.slice(row, row + count))) return false;
    }
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
