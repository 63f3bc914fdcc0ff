/**
 * Training steps of networks with two convolutions in Weft and in PyTorch, in turns, after the losses with one thread and with
 * all of them were found to be the same. Batches of 128 images of 28 x 28 pixels, AdamW.
 */
import { createBackend } from "../../lib/backends/mod.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { planSteps, RunSteps } from "../../lib/measure/run_steps.ts";
import { summarize, time, type Timing } from "../../lib/measure/statistics.ts";
import { pathOf, runProgram } from "./processes.ts";

/** Outputs of both convolutions, and units of the dense layer. */
const NETWORKS = [[16, 32, 64], [32, 64, 128]] as const;

const [ROWS, SIDE, CLASSES, BATCH] = [1280, 28, 10, 128];
const WARM_UP = 10;

export interface ConvolutionFigures {
  readonly network: string;
  readonly threads: number;
  readonly flops: number;
  /** Milliseconds of a step, by who does it. */
  readonly steps: Readonly<Record<string, Timing>>;
  /** Who could not, and why. */
  readonly missing: readonly string[];
}

function images(): LabeledImages {
  const pixels = Uint8Array.from({ length: ROWS * SIDE ** 2 }, (_, i) => i * 7919 % 251);
  const labels = Uint8Array.from({ length: ROWS }, (_, i) => i * 7 % CLASSES);
  return { rows: ROWS, height: SIDE, width: SIDE, pixels, labels };
}

async function measureNetwork(
  [first, second, units]: typeof NETWORKS[number],
  threads: number,
  rounds: number,
  stepsOfRound: number,
): Promise<ConvolutionFigures> {
  const block = (outputs: number) => `conv ${outputs} 3x3, batch-norm, relu, pool 2`;
  const layers = `${block(first)}, ${block(second)}, dense ${units}, relu`;
  const config = resolveConfig({
    layers,
    batchSize: BATCH,
    initializer: "he-normal",
    optimizer: "adamw",
    learningRate: 0.001,
    freezeOutputBias: false,
  });
  const plan = planSteps(images(), config, CLASSES);
  using owned = new DisposableStack();
  const make = async (threads: number) => {
    const backend = owned.use(await createBackend({ backend: "wasm", threads }));
    return owned.use(new RunSteps(backend, plan));
  };
  const [alone, team] = [await make(1), await make(threads)];
  for (let i = 0; i < WARM_UP; i++) for (const steps of [alone, team]) steps.run();
  const [expected, met] = [await alone.losses(), await team.losses()];
  if (expected.some((loss, i) => loss !== met[i] || !Number.isFinite(loss))) {
    throw new Error(`${threads} threads meet other losses than one`);
  }
  const times: Record<string, number[]> = {};
  const missing: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [name, steps] of [["1 thread", alone], [`${threads} threads`, team]] as const) {
      for (let i = 0; i < stepsOfRound; i++) (times[name] ??= []).push(time(() => steps.run()));
    }
    if (missing.length > 0) continue;
    const peer = await runProgram("/usr/bin/python3", [
      ...["-B", pathOf("peers/torch_convolution.py"), "--channels", `${first},${second}`],
      ...["--dense", `${units}`, "--threads", `${threads}`, "--steps", `${stepsOfRound}`],
    ]);
    if ("reason" in peer) missing.push(`PyTorch: ${peer.reason}`);
    else {
      const { version, stepMs } = peer.value as { version: string; stepMs: number[] };
      (times[`PyTorch ${version}, ${threads} threads`] ??= []).push(...stepMs);
    }
  }
  return {
    network: `conv ${first}, conv ${second}, dense ${units}`,
    threads,
    flops: plan.network.flopsOfStep(BATCH),
    steps: Object.fromEntries(Object.entries(times).map(([who, ms]) => [who, summarize(ms)])),
    missing,
  };
}

/** Both networks, with so many threads. */
export async function measureConvolution(
  threads: number,
  quick: boolean,
): Promise<ConvolutionFigures[]> {
  const figures: ConvolutionFigures[] = [];
  for (const network of NETWORKS) {
    figures.push(await measureNetwork(network, threads, quick ? 1 : 3, quick ? 10 : 30));
  }
  return figures;
}
