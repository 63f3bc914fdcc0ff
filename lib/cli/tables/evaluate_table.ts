/** `evaluate DATA`: how good a model is on rows of a table, arrays or images, by the metrics of its task. */
import { type Model, thresholdOf } from "../../model/model.ts";
import { formatCount } from "../../report/format.ts";
import { printable } from "../../report/display_width.ts";
import { metricsText } from "../../report/metrics_text.ts";
import { measuresText } from "../../report/measures.ts";
import { wrap } from "../../report/table.ts";
import {
  type ConfusionMatrix,
  confusionMatrix,
  perClassMetrics,
} from "../../task/metrics/metrics.ts";
import { TASKS } from "../../task/mod.ts";
import { evaluate, type FullEvaluation, predict } from "../../train/inference.ts";
import type { rowsForModel } from "../../train/tables/model_dataset.ts";
import type { Backend } from "../../backend/mod.ts";
import { createNamedBackend } from "../choose_backend.ts";
import type { CommonOptions } from "../options/common.ts";
import { print, printErrorLine, printJson } from "../output.ts";
import { classSections } from "../train/report.ts";
import { type EvaluatedRows, rowsToEvaluate } from "./rows_to_evaluate.ts";

export type EvaluateDataOptions = CommonOptions & EvaluatedRows;

/**
 * @param data a path, or "-" for standard input
 * @throws {UsageError} if the model takes other rows
 * @throws {WeftError} if the rows cannot be read, or are none of the model's
 */
export async function evaluateData(
  data: string,
  { model, path }: { readonly model: Model; readonly path: string },
  options: EvaluateDataOptions,
): Promise<number> {
  const { title, sha256, data: rows, notes } = await rowsToEvaluate(
    data,
    { model, path },
    options,
  );
  for (const note of notes) printErrorLine(`note: ${note}`);
  using backend = await createNamedBackend(options);
  const measured = await evaluate(model, rows, { backend });
  const { task = "classification", classNames } = model;
  const confusion = await confusionOf(model, rows, measured, backend);
  const perClass = confusion && perClassMetrics(confusion, classNames);
  if (options.json) {
    const { confusionMatrix: _, ...figures } = measured as Partial<FullEvaluation>;
    printJson({
      model: path,
      dataset: title,
      sha256,
      rows: rows.rows,
      task,
      ...task === "binary" || task === "multi-label" ? { threshold: thresholdOf(model) } : {},
      ...figures,
      ...(confusion ? { confusionMatrix: confusion, perClass } : {}),
    });
    return 0;
  }
  print(
    `${printable(path)} on the ${formatCount(rows.rows)} ${
      model.preprocessing?.window ? "windows" : "rows"
    } of ${printable(title)}`,
  );
  const { loss, metrics } = measured;
  // Macro F1 is among the measures of classification.
  const shown = TASKS[task].metrics.filter(({ name }) => !isFull(measured) || name !== "macroF1");
  print(wrap(metricsText(shown, { loss, ...metrics })));
  if (isFull(measured)) print(measuresText(measured));
  if (task === "binary") {
    print(wrap(`${classNames[1]} from a probability of ${thresholdOf(model)} on`));
  }
  if (perClass && confusion) {
    print();
    print(classSections(perClass, confusion, "en"));
  }
  return 0;
}

type Rows = ReturnType<typeof rowsForModel>["data"];

const isFull = (measured: object): measured is FullEvaluation => "topK" in measured;

/** Counts by true and predicted class; null of tasks without classes. */
async function confusionOf(
  model: Model,
  rows: Rows,
  measured: object,
  backend: Backend,
): Promise<ConfusionMatrix | null> {
  if (isFull(measured)) return measured.confusionMatrix;
  if (model.task !== "binary" || !("features" in rows && "targets" in rows)) return null;
  const { features, targets } = rows;
  if (targets.task !== "binary") return null;
  const values = typeof features === "function" ? features(0, rows.rows) : features;
  const answers = await predict(model, values, { backend });
  // Rows of a value that is neither have no place.
  const isKnown = (row: number) => targets.labels[row] < 2;
  return confusionMatrix(
    targets.labels.filter((_, row) => isKnown(row)),
    Float32Array.from(answers).filter((_, row) => isKnown(row)),
    2,
  );
}
