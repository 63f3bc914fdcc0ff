/** A search to test with, with every field filled. */

import type { Search, TrialRecord } from "../../lib/run_log/search/search.ts";

function trial(number: number, losses: readonly number[]): TrialRecord {
  const last = losses.at(-1)!;
  return {
    trial: number,
    run: `wide-00${number}`,
    status: losses.length === 2 ? "completed" : "dropped",
    begun: true,
    options: {
      "learning-rate": Number((0.01 * 3 ** number).toPrecision(4)),
      hidden: number % 2 ? [64] : [256, 128],
      activation: number % 2 ? "relu" : "tanh",
      epochs: 9,
    },
    epochs: losses.length === 2 ? 9 : 3,
    validationLoss: last,
    validationAccuracy: 1 - last / 2,
    scores: losses,
  };
}

export const sampleSearch: Search = {
  type: "search",
  schema: 1,
  status: "completed",
  id: "5f3c1d6e-0b6a-4c55-9a58-3f0d6f5b2a11",
  name: "wide",
  startedAt: "2026-11-23T10:31:07.000Z",
  totalMs: 61_000,
  strategy: "halving",
  metric: "validation-loss",
  seed: 7,
  trialsAsked: 6,
  timeMs: 600_000,
  workers: 2,
  dataDir: "my-images",
  dataset: { name: "my-images", sha256: { "train-images-idx3-ubyte": "c59f468a" } },
  bracketSize: 6,
  rungs: [{ epochs: 3, trials: 6 }, { epochs: 9, trials: 2 }],
  space: [
    { option: "learning-rate", kind: "log-uniform", values: [0.01, 10] },
    { option: "hidden", kind: "choice", values: [[64], [256, 128]] },
    { option: "activation", kind: "choice", values: ["relu", "tanh"] },
    { option: "epochs", kind: "fixed", values: [9] },
  ],
  trials: [
    trial(1, [0.61]),
    trial(2, [0.52, 0.41]),
    trial(3, [0.5, 0.38]),
    trial(4, [0.55]),
    {
      ...trial(5, [0.9]),
      status: "diverged",
      scores: [null],
      validationLoss: null,
      validationAccuracy: null,
      epochs: 1,
      error:
        "Training diverged: the training loss in epoch 2, batch 7 is no longer a finite number",
    },
    trial(6, [0.8]),
  ],
  bestArguments: ["--learning-rate", "0.27", "--hidden", "64", "--no-flip"],
};
