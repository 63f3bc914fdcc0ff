/** `evaluate`: how good a saved model is on the test set. */
import { createBackend } from "../backends/mod.ts";
import type { Language } from "../dataset/class_names.ts";
import { WeftError } from "../errors.ts";
import { formatCount, formatLoss, formatPercent } from "../report/format.ts";
import { evaluate } from "../train/inference.ts";
import { perClassMetrics } from "../train/metrics.ts";
import { loadData } from "./load_data.ts";
import { loadModel } from "./load_model.ts";
import { print } from "./output.ts";
import { classSections } from "./train_report.ts";

export interface EvaluateCommandOptions {
  readonly model?: string;
  readonly dataDir?: string;
  readonly backend: "wasm" | "reference" | "auto";
  readonly simd: "auto" | "relaxed" | "strict";
  readonly language: Language;
  readonly json?: boolean;
}

export async function evaluateCommand(options: EvaluateCommandOptions): Promise<number> {
  const { model, path } = await loadModel(options.model);
  const { dataset: { test, name }, origin } = await loadData(options.dataDir);
  if (!test) {
    throw new WeftError(
      `Cannot evaluate ${path}: the data in ${origin} has no test set; add t10k-images and t10k-labels files`,
    );
  }
  using backend = await createBackend(options);
  const { loss, accuracy, confusionMatrix } = await evaluate(model, test, { backend });
  const perClass = perClassMetrics(confusionMatrix, model.classNames);
  if (options.json) {
    print(
      JSON.stringify({
        model: path,
        dataset: name,
        rows: test.rows,
        loss,
        accuracy,
        confusionMatrix,
        perClass,
      }),
    );
    return 0;
  }
  const correct = Math.round(accuracy * test.rows);
  print(`${path} on the test set of ${name}`);
  print(
    `accuracy ${formatPercent(accuracy)} (${formatCount(correct)} of ${
      formatCount(test.rows)
    }), loss ${formatLoss(loss)}`,
  );
  print();
  print(classSections(perClass, confusionMatrix, options.language));
  return 0;
}
