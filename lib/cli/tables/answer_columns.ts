/** What predictions on a table look like: names of columns, and a row's cells. */
import { type Model, thresholdOf } from "../../model/model.ts";
import type { TargetColumns } from "../../dataset/preprocessing/preprocessing.ts";

/** What is written of a row; numbers are written in full, so that whoever reads them has the same bits. */
export type Cell = string | number;

export interface AnswerColumns {
  readonly names: readonly string[];
  /**
   * A row's cells.
   *
   * @param outputs of the row: probabilities (of binary tasks that of yes alone), or numbers in the target's unit
   */
  cells(outputs: ArrayLike<number>): Cell[];
}

/** @param proba whether the probability of every class is written */
export function answerColumns(model: Model, target: TargetColumns, proba: boolean): AnswerColumns {
  const { task = "classification", classNames } = model;
  const threshold = thresholdOf(model);
  const pNames = proba && task !== "regression" ? classNames.map((name) => `p_${name}`) : [];
  switch (task) {
    case "classification":
      return {
        names: ["prediction", "probability", ...pNames],
        cells(outputs) {
          const all = Array.from(outputs);
          const best = all.indexOf(Math.max(...all));
          return [classNames[best], all[best], ...proba ? all : []];
        },
      };
    case "binary":
      return {
        names: ["prediction", "probability", ...pNames],
        cells({ 0: yes }) {
          const both = proba ? [Math.fround(1 - yes), yes] : [];
          return [classNames[+(yes >= threshold)], yes, ...both];
        },
      };
    case "multi-label": {
      const { separator } = target;
      const isCell = separator !== undefined;
      return {
        names: [
          ...isCell ? ["prediction"] : classNames.map((name) => `prediction_${name}`),
          ...pNames,
        ],
        cells(outputs) {
          const all = Array.from(outputs);
          const labels = classNames.filter((_, label) => all[label] >= threshold);
          const bits = all.map((output) => +(output >= threshold));
          return [...isCell ? [labels.join(separator)] : bits, ...proba ? all : []];
        },
      };
    }
    case "regression": {
      const { names } = model.targets!;
      return {
        names: names.length === 1 ? ["prediction"] : names.map((name) => `prediction_${name}`),
        cells: (outputs) => Array.from(outputs),
      };
    }
  }
}
