/**
 * The first batches of a baseline epoch in another JavaScript library, timed batch by batch, with its losses checked
 * against Weft's. Prints one JSON document.
 *
 * A whole epoch would take some of them half a minute, so a part is measured and scaled up; the validation is left out,
 * which is in their favor, and the batches are gathered here, outside the time.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O classes.
 */
import { loadDataset } from "../../../data/load.ts";
import { createBackend } from "../../../lib/backends/mod.ts";
import type { LabeledImages } from "../../../lib/dataset/dataset.ts";
import { allRows } from "../../../lib/dataset/batches.ts";
import { planSteps, RunSteps } from "../../../lib/measure/run_steps.ts";
import { NumpyRandomState } from "../../../lib/random/numpy_random_state.ts";
import { resolveConfig } from "../../../lib/config/resolve.ts";

export const [B, I, H, O] = [256, 784, 100, 10];
export const LEARNING_RATE = 0.1;

const CONFIG = resolveConfig({ hidden: [H], batchSize: B });

/** Training rows of the baseline, of which an epoch consists. */
const EPOCH_ROWS = 48_000;

/** Mean losses of a batch may differ by so much, in nats: sums of float32 in another order, some steps on. */
const TOLERANCE = 1e-3;

/** Just below the largest loss that Weft knows, -ln 1e-10. */
const CLIPPED = 23.02;

export interface Batch {
  /** B x I, pixels from 0 to 1. */
  readonly x: Float32Array<ArrayBuffer>;
  /** B x O, 1 at the label. */
  readonly oneHot: Float32Array<ArrayBuffer>;
}

/** Trains on one batch and returns the mean loss that it met, in nats. */
export type Step = (batch: Batch) => Promise<number>;

/** Makes a network with these weights, I x H and H x O, whose hidden bias is zero and which has no output bias. */
export type MakeStep = (
  w1: Float32Array<ArrayBuffer>,
  w2: Float32Array<ArrayBuffer>,
) => Promise<Step>;

function gather({ pixels, labels }: LabeledImages, rows: Uint32Array): Batch {
  const batch = { x: new Float32Array(B * I), oneHot: new Float32Array(B * O) };
  rows.forEach((row, i) => {
    for (let j = 0; j < I; j++) batch.x[i * I + j] = pixels[row * I + j] / 255;
    batch.oneHot[i * O + labels[row]] = 1;
  });
  return batch;
}

/** Mean loss of each batch in Weft; null where a row's loss is so large that Weft clips it, which the peers do not. */
async function weftLosses(images: LabeledImages, batches: number): Promise<(number | null)[]> {
  using backend = await createBackend({ backend: "wasm" });
  using steps = new RunSteps(backend, planSteps(images, CONFIG, O));
  for (let i = 0; i < batches; i++) steps.run();
  const losses = await steps.losses();
  return Array.from({ length: batches }, (_, i) => {
    const batch = losses.subarray(i * B, (i + 1) * B);
    if (batch.some((loss) => loss >= CLIPPED)) return null;
    return batch.reduce((sum, loss) => sum + loss, 0) / B;
  });
}

/** Times `batches` batches; the first ten warm up. */
export async function measurePeer(name: string, make: MakeStep, batches: number): Promise<void> {
  const { dataset: { train } } = await loadDataset();
  const { tensors } = planSteps(train, CONFIG, O);
  // As the steps of Weft meet them.
  const order = allRows(train.rows);
  new NumpyRandomState(CONFIG.seed).shuffle(order);
  const expected = await weftLosses(train, batches);
  const step = await make(tensors.get("layers.0.weight")!, tensors.get("layers.1.weight")!);
  const times: number[] = [];
  let compared = 0;
  for (let i = 0; i < batches; i++) {
    const batch = gather(train, order.subarray(i * B, (i + 1) * B));
    const startedAt = performance.now();
    const loss = await step(batch);
    times.push(performance.now() - startedAt);
    const wanted = expected[i];
    if (wanted === null) continue;
    compared++;
    if (!(Math.abs(loss - wanted) <= TOLERANCE)) {
      throw new Error(`${name} meets a loss of ${loss} in batch ${i + 1}, Weft of ${wanted}`);
    }
  }
  if (compared === 0) throw new Error(`No batch of ${name} could be compared with Weft's`);
  const batchesOfEpoch = EPOCH_ROWS / B;
  console.log(JSON.stringify({ batchMs: times.slice(10), batchesOfEpoch, compared }));
}
