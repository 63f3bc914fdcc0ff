/** `evaluate`: how good a saved model is on the test set. */
import { UsageError } from "../errors.ts";
import { printable } from "../report/display_width.ts";
import { formatCount, formatLoss, formatPercent } from "../report/format.ts";
import { evaluate } from "../train/inference.ts";
import { perClassMetrics } from "../task/metrics/metrics.ts";
import { createNamedBackend, printAdapters } from "./choose_backend.ts";
import { loadTestSet } from "./load_data.ts";
import { loadModel } from "./load_model.ts";
import type { CommonOptions } from "./options/common.ts";
import type { TableOptions } from "./options/tables.ts";
import { print, printJson } from "./output.ts";
import { measuresText } from "../report/measures.ts";
import { classSections } from "./train/report.ts";

export interface EvaluateCommandOptions
  extends CommonOptions, Pick<TableOptions, "target" | "inputs" | "skipBroken"> {
  /** "-", or a path that can be read, and is no folder of IDX files. */
  readonly data?: string;
  readonly model?: string;
}

export async function evaluateCommand(options: EvaluateCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  const { model, path } = await loadModel(options.model);
  if (options.data !== undefined) {
    const { evaluateData } = await import("./tables/evaluate_table.ts");
    return await evaluateData(options.data, { model, path }, options);
  }
  // Said before images are looked for, which may be fetched.
  if (model.preprocessing) {
    throw new UsageError(
      `Cannot evaluate ${path} without a table: it was trained on one; name rows with their targets, such as ` +
        "deno task evaluate rows.csv",
    );
  }
  const { name, test } = await loadTestSet(options.dataDir, model);
  using backend = await createNamedBackend(options);
  const { confusionMatrix, ...measured } = await evaluate(model, test, { backend });
  const { loss, accuracy } = measured;
  const perClass = perClassMetrics(confusionMatrix, model.classNames);
  if (options.json) {
    const { rows } = test;
    const result = { model: path, dataset: name, rows, ...measured, confusionMatrix, perClass };
    printJson(result);
    return 0;
  }
  const correct = formatCount(Math.round(accuracy * test.rows));
  print(`${printable(path)} on the test set of ${printable(name)}`);
  print(
    `accuracy ${formatPercent(accuracy)} (${correct} of ${formatCount(test.rows)}), ` +
      `loss ${formatLoss(loss)}`,
  );
  print(measuresText(measured));
  print();
  print(classSections(perClass, confusionMatrix, options.language));
  return 0;
}
