/** What a predictor answers, by the task that its model has learned. */

import type { Predictor } from "./predictor.ts";

/** What is said of a row; what is in it depends on the task. */
export interface Answer {
  /** Of classification the name of the most probable class, the first of equals; of binary tasks that of yes or no. */
  readonly predicted?: string;
  /** Of binary tasks: of yes, and from which on that is the answer. */
  readonly probability?: number;
  /** From which probability on the answer is yes. */
  readonly threshold?: number;
  /** Of multi-label tasks: names of what the row has. */
  readonly labels?: readonly string[];
  /** By name: of classes, of labels. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Of regression: targets by name, in their own unit. */
  readonly predictions?: Readonly<Record<string, number>>;
  /** What may be wrong with the image; absent where nothing is noticed. */
  readonly note?: string;
}

/** What a task says of a row of its outputs. */
export function answerOf(
  { classNames, answers }: Pick<Predictor, "classNames" | "answers">,
  own: Float32Array,
): Answer {
  const { task, threshold, targets } = answers;
  const named = (names: readonly string[], valueOf: (j: number) => number) =>
    Object.fromEntries(names.map((name, j) => [name, valueOf(j)]));
  switch (task) {
    case "classification":
      return {
        predicted: classNames[indexOfLargest(own)],
        probabilities: named(classNames, (j) => own[j]),
      };
    case "binary":
      return { predicted: classNames[+(own[0] >= threshold)], probability: own[0], threshold };
    case "multi-label":
      return {
        labels: classNames.filter((_, j) => own[j] >= threshold),
        probabilities: named(classNames, (j) => own[j]),
      };
    case "regression":
      return {
        predictions: named(targets!.names, (j) => own[j] * targets!.std[j] + targets!.mean[j]),
      };
  }
}

/** The first of equals. */
function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
