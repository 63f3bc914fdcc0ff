/** What tasks cannot take is refused in one line that names the argument. */
import assert from "node:assert/strict";
import { evaluate, type TargetedFeatures, train } from "../../lib/mod.ts";
import { diabetes, passengers, tags } from "./task_data.ts";
import { runTraining } from "./training_run.ts";

// deno-lint-ignore no-explicit-any -- as from JavaScript
type Anything = any;

const [BINARY, LABELS, NUMBERS] = [passengers(0), tags(0), diabetes(0)].map(({ train }) => train);
const with_ = (data: TargetedFeatures, targets: Anything) => ({ ...data, targets });

const REFUSED: readonly (readonly [Anything, RegExp])[] = [
  [{ train: with_(BINARY, undefined) }, /: train.targets is missing; give \{ task, labels \} or/],
  [
    { train: with_(BINARY, { task: "ranking" }) },
    /targets.task is the text "ranking"; give one of/,
  ],
  [
    { train: with_(BINARY, { task: "binary" }) },
    /: train.targets.labels is missing; give a Uint8Array/,
  ],
  [{ train: with_(BINARY, { task: "binary", labels: ["yes"] }) }, /targets.labels is an array; /],
  [
    { train: with_(BINARY, { task: "binary", labels: new Uint8Array(3) }) },
    /there are 3 labels for/,
  ],
  [
    { train: with_(BINARY, { task: "binary", labels: new Uint8Array(BINARY.rows).fill(2, 4, 5) }) },
    /train.targets.labels has 2 in row 4; give 1 for yes and 0 for no$/,
  ],
  [
    { train: with_(LABELS, { task: "multi-label", labels: new Float32Array(9) }) },
    /is a Float32Array; /,
  ],
  [
    { train: with_(LABELS, { task: "multi-label", labels: new Uint8Array(7) }) },
    /there are 7 labels for/,
  ],
  [
    { train: with_(NUMBERS, { task: "regression", values: [1, 2] }) },
    /targets.values is an array; /,
  ],
  [
    { train: with_(NUMBERS, { task: "regression", values: new Float64Array(9) }) },
    /is a Float64Array/,
  ],
  [
    {
      train: with_(NUMBERS, {
        task: "regression",
        values: new Float32Array(NUMBERS.rows).fill(NaN),
      }),
    },
    /train.targets.values has NaN in row 0; give numbers/,
  ],
  [{ train: with_(NUMBERS, { ...NUMBERS.targets, names: ["a", "b"] }) }, /2 names for 1 targets/],
  [
    { train: with_(NUMBERS, { ...NUMBERS.targets, names: "a" }) },
    /targets.names is the text "a"; /,
  ],
  [{ train: NUMBERS, classNames: ["a"] }, /the task regression has none; name the targets/],
  [{ train: BINARY, classNames: ["a", "b", "c"] }, /3 class names: the task binary has 2$/],
  [{ train: { ...BINARY, weights: [1] } }, /: train.weights is an array; give a Float32Array/],
  [
    { train: { ...BINARY, weights: new Float32Array(BINARY.rows).fill(-1) } },
    /one of them -1; give/,
  ],
  [
    { train: BINARY, test: NUMBERS },
    /they are for the task regression, but the model is for binary$/,
  ],
  [
    { train: NUMBERS, config: { labelSmoothing: 0.1 } },
    /labelSmoothing = 0.1: the task regression/,
  ],
  [
    { train: NUMBERS, config: { classWeights: "balanced" } },
    /classWeights = balanced: the task regr/,
  ],
  [{ train: BINARY, config: { huber: 1 } }, /huber = 1: the task binary does not take it/],
  [
    { train: BINARY, config: { monitor: "rmse" } },
    /monitor = rmse: the task binary has the metrics/,
  ],
  [{ train: BINARY, config: { monitor: "luck" } }, /the metric "luck": metrics are loss, accuracy/],
];

for (const [options, message] of REFUSED) {
  Deno.test(`what a task cannot take is refused in one line: ${message.source}`, async () => {
    await assert.rejects(
      () => Array.fromAsync(train(options)),
      (error: Error) => {
        assert.match(error.name, /^(UsageError|WeftError)$/, error.stack);
        assert.match(error.message, /^Cannot [^\n]+$/);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

Deno.test("a model is evaluated on data of its own task alone", async () => {
  const { end } = await runTraining({ ...diabetes(0), config: { hidden: [4], epochs: 1 } });
  const model = end.model!;
  const { rows, features, shape } = NUMBERS;
  const labels = new Uint8Array(rows);
  for (
    const [data, message] of [
      [
        { rows, features, shape, labels },
        /for the task classification, but the model is for regression/,
      ],
      [
        with_(NUMBERS, { task: "binary", labels }),
        /for the task binary, but the model is for regressio/,
      ],
      [
        with_(NUMBERS, { task: "regression", values: new Float32Array(2 * rows) }),
        /they have 2 targets a row, but the model has 1/,
      ],
    ] as [Anything, RegExp][]
  ) await assert.rejects(evaluate(model, data), message);
});
