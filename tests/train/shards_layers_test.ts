/** Shards with what else training has: convolutions, parameters that stay as they are, tables. */
import assert from "node:assert/strict";
import {
  createBackend,
  datasetOf,
  type EndEvent,
  type Model,
  readCsv,
  train,
  type TrainConfig,
  type TrainOptions,
} from "../../lib/mod.ts";
import { modelTensors } from "../../lib/model/model_file.ts";
import { digestOfRun, digestOfSlices, guardImages } from "../guards/guard_runs.ts";
import { requireOneNetwork } from "./shard_runs.ts";

const CONVOLUTIONS = "conv 4 5x5 stride 2, batch-norm, relu, conv 6 3x3 groups 2, batch-norm, " +
  "leaky-relu, pool 2, conv 5 3x3 valid, tanh, avg-pool 2, dense 12, batch-norm, relu, dropout 0.2";

const CONFIG: Partial<TrainConfig> = {
  layers: CONVOLUTIONS,
  epochs: 2,
  // Of 120 rows to train on, the last batch has 24.
  batchSize: 32,
  optimizer: "adamw",
  learningRate: 0.01,
  clipNorm: 1,
  shards: 4,
};

const IMAGES: TrainOptions = {
  train: guardImages(150, 5),
  preset: "small",
  config: { ...CONFIG, validation: 0.2, flip: true, shift: 1, patience: 3, restoreBest: true },
};

async function trained(options: TrainOptions): Promise<Model> {
  using backend = await createBackend({ backend: "wasm", simd: "strict", threads: 1 });
  const events = await Array.fromAsync(train({ ...options, backend }));
  return (events.at(-1) as EndEvent).model!;
}

Deno.test("convolutions end with one network for a number of shards, whatever processes, threads and slices", async () => {
  const digest = await requireOneNetwork(IMAGES);
  assert.equal(await digestOfRun(IMAGES, 2), digest);
  assert.equal(await digestOfSlices(IMAGES, 2), digest);
  assert.notEqual(await digestOfRun({ ...IMAGES, config: { ...CONFIG, shards: 2 } }, 1), digest);
});

Deno.test("parameters that are frozen stay as they are, in any number of processes", async () => {
  const config = { ...IMAGES.config, layers: CONVOLUTIONS.replaceAll("batch-norm, ", "") };
  const from = await trained({ ...IMAGES, config });
  // Below the first trained layer nothing is computed backward; above it, gradients are, which nobody sums.
  for (const freeze of [2, ["layers.1", "layers.3.weight"], ["layers.3"]]) {
    const options = { ...IMAGES, config, from, freeze };
    await requireOneNetwork(options, JSON.stringify(freeze));
    const before = new Map(modelTensors(from).map(({ name, data }) => [name, data]));
    const changed = modelTensors(await trained(options)).filter(({ name, data }) =>
      data.some((value, i) => value !== before.get(name)![i])
    ).map(({ name }) => name);
    const named = typeof freeze === "number" ? ["layers.0", "layers.1"] : freeze;
    const isFrozen = (name: string) => named.some((it) => name === it || name.startsWith(`${it}.`));
    assert(changed.length > 0);
    assert.deepEqual(changed.filter(isFrozen), [], JSON.stringify(freeze));
  }
});

Deno.test("a model goes on with shards on the rows of a table, with weights, groups and a class that validation alone has", async () => {
  const rows = Array.from({ length: 90 }, (_, i) => {
    const kind = i === 7 ? "odd" : ["low", "middle", "high"][i % 3];
    return `${(i * 37 % 23) / 7},${i % 5 === 0 ? "" : i % 11},${"abc"[i % 3 ^ i % 2]},${kind},${
      1 + i % 3
    },${Math.floor(i / 3)}`;
  });
  const text = ["size,age,shop,kind,weight,visit", ...rows].join("\n");
  const table = await readCsv(text);
  const dataset = datasetOf(table, { target: "kind", weights: "weight", groups: "visit" });
  const options: TrainOptions = {
    train: dataset,
    preset: "tabular",
    config: { epochs: 3, batchSize: 16, adapt: [], shards: 4 },
  };
  await requireOneNetwork(options);
  const from = await trained(options);
  const config = { epochs: 2, batchSize: 16, adapt: [], shards: 8 } as const;
  await requireOneNetwork({ ...options, config, from, freeze: 1 });
});
