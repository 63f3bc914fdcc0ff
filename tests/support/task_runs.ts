/** Real runs of every task, quick to train, as a trainer logs them: for tests of pages and for looking at them. */

import { join } from "node:path";
import type { TrainOptions } from "../../lib/mod.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { describeRun } from "../../lib/train/describe.ts";
import { sampleRun } from "../samples/records.ts";
import { diabetes, passengers, TAG_NAMES, tags } from "../train/task_data.ts";
import { runTraining } from "../train/training_run.ts";

const CONFIG = {
  hidden: [16],
  activation: "relu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.01,
  batchSize: 32,
  epochs: 12,
  patience: 4,
} as const;

/** What each is trained on, by the name of its run. */
export const TASK_RUNS: Readonly<Record<string, Omit<TrainOptions, "config">>> = {
  passengers: { ...passengers(0), classNames: ["died", "survived"] },
  tags: { ...tags(0), classNames: TAG_NAMES },
  diabetes: diabetes(0),
};

/** Trains `name` of `TASK_RUNS` and writes its folder below `root`. */
export async function writeTaskRun(root: string, name: string): Promise<void> {
  const config = resolveConfig(CONFIG);
  const options = TASK_RUNS[name];
  const { epochs, end, events } = await runTraining({ ...options, config });
  const start = events.find((event) => event.type === "start")!;
  const { model: _, lastModel: __, environment: ___, divergedAt: ____, ...ended } = end;
  const records = [
    {
      ...sampleRun,
      trial: undefined,
      schema: 2,
      name,
      startedAt: new Date().toISOString(),
      config: { preset: "baseline", ...config },
      dataset: {
        name,
        train: start.trainRows,
        validation: start.validationRows,
        test: options.test!.rows,
        sha256: {},
      },
      parameters: start.parameters,
      ...describeRun(options, config),
    },
    ...epochs,
    ended,
  ];
  await Deno.mkdir(join(root, name), { recursive: true });
  const lines = records.map((record) => `${JSON.stringify(record)}\n`);
  await Deno.writeTextFile(join(root, name, "log.jsonl"), lines.join(""));
}
