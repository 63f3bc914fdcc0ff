/** How the cost of training grows with each size of the network, the batch, the data and the team. */
import { createBackend } from "../../lib/backends/mod.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { train } from "../../lib/train/trainer.ts";
import { measure } from "../../lib/measure/statistics.ts";
import { planSteps, RunSteps } from "../../lib/measure/run_steps.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";

/** Of Fashion-MNIST. */
const CLASSES = 10;

export interface ScalingPoint {
  /** Where on the axis: units, rows, layers or threads. */
  readonly at: number;
  /** Milliseconds of a training step, or of an epoch where the axis is rows of data. */
  readonly medianMs: number;
  readonly bestMs: number;
  /** Of the matrix products alone, at the median; null for an epoch. */
  readonly gflops: number | null;
}

export interface ScalingAxis {
  readonly name: string;
  readonly what: "step" | "epoch";
  readonly title: string;
  readonly threads: number | null;
  readonly points: readonly ScalingPoint[];
}

interface StepSize {
  readonly at: number;
  readonly hidden: readonly number[];
  readonly batchSize: number;
  readonly threads: number;
}

async function measureStep(
  images: LabeledImages,
  { at, hidden, batchSize, threads }: StepSize,
  budgetMs: number,
): Promise<ScalingPoint> {
  using backend = await createBackend({ backend: "wasm", threads });
  const plan = planSteps(images, resolveConfig({ hidden, batchSize }), CLASSES);
  using steps = new RunSteps(backend, plan);
  const { median, best } = await measure(() => steps.run(), budgetMs);
  const gflops = plan.network.flopsOfStep(batchSize) / median / 1e6;
  return { at, medianMs: median, bestMs: best, gflops };
}

/** The second epoch over the first `rows` rows; the first is cold. */
async function measureEpoch(
  images: LabeledImages,
  rows: number,
  threads: number,
): Promise<ScalingPoint> {
  using backend = await createBackend({ backend: "wasm", threads });
  const size = images.height * images.width;
  const part = {
    ...images,
    rows,
    pixels: images.pixels.subarray(0, rows * size),
    labels: images.labels.subarray(0, rows),
  };
  const times: number[] = [];
  for await (const event of train({ train: part, backend, config: { epochs: 4 } })) {
    if (event.type === "epoch" && event.epoch > 1) times.push(event.epochMs);
  }
  const [best, medianMs] = times.sort((a, b) => a - b);
  return { at: rows, medianMs, bestMs: best, gflops: null };
}

/**
 * All axes; but for its own size, each has the baseline's.
 *
 * @param counts numbers of threads to try; the other axes use the last, all processors
 */
export async function measureScaling(
  images: LabeledImages,
  counts: readonly number[],
  budgetMs: number,
): Promise<ScalingAxis[]> {
  const most = counts.at(-1)!;
  const base = { hidden: [100], batchSize: 256, threads: most };
  const steps = async (sizes: readonly StepSize[], budget: number) => {
    const points: ScalingPoint[] = [];
    for (const size of sizes) points.push(await measureStep(images, size, budget));
    return points;
  };
  const axis = async (
    name: string,
    title: string,
    sizes: readonly StepSize[],
    threads: number | null = most,
    budget = budgetMs,
  ): Promise<ScalingAxis> => ({
    name,
    title,
    what: "step",
    threads,
    points: await steps(sizes, budget),
  });

  const epochs: ScalingPoint[] = [];
  for (const rows of [1000, 4000, 15_000, 60_000]) {
    epochs.push(await measureEpoch(images, Math.min(rows, images.rows), most));
  }
  return [
    await axis(
      "width",
      "units of the hidden layer",
      [32, 128, 512, 1024, 4096].map((at) => ({
        ...base,
        at,
        hidden: [at],
      })),
    ),
    await axis(
      "batch",
      "rows of a batch",
      [1, 8, 64, 256, 1024, 8192].map((at) => ({
        ...base,
        at,
        batchSize: at,
      })),
    ),
    await axis(
      "depth",
      "hidden layers of 100",
      [1, 2, 4, 8].map((at) => ({
        ...base,
        at,
        hidden: Array<number>(at).fill(100),
      })),
    ),
    { name: "rows", title: "rows of the data", what: "epoch", threads: most, points: epochs },
    await axis(
      "threads",
      "threads, baseline",
      counts.map((at) => ({ ...base, at, threads: at })),
      null,
    ),
    await axis(
      "large",
      "784-1024-1024-10 by 512, threads",
      counts.map((at) => ({ at, hidden: [1024, 1024], batchSize: 512, threads: at })),
      null,
      // A step takes a tenth of a second.
      5 * budgetMs,
    ),
  ];
}
