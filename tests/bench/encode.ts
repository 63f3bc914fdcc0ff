/**
 * What a training step costs the processor where a GPU computes: recording its dispatches, finishing and submitting them,
 * on their own. The network is as deep as the baseline, so its step has the same dispatches, and so small that an adapter
 * in software leaves the processor to the recording.
 */
import { createBackend, listAdapters } from "../../lib/backends/mod.ts";
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { messageOf, WeftError } from "../../lib/errors.ts";
import { summarize, type Timing } from "../../lib/measure/statistics.ts";
import { planSteps, RunSteps } from "../../lib/measure/run_steps.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { toyImages } from "../support/toy_images.ts";

const CLASSES = 6;
const ROWS = 128;
const CONFIG = resolveConfig({ hidden: [12], batchSize: 8 });

/** Steps that are timed together: as many as one submission has (recorder.ts), for the next would wait for it. */
const STEPS = 16;

const ZERO = new Float32Array(1);

export interface EncodeFigures {
  readonly adapter: string;
  /** Milliseconds of a step. */
  readonly step: Timing;
}

/** Measures the first adapter; the losses of the steps are compared with the reference's first. */
export async function measureEncode(
  budgetMs: number,
): Promise<EncodeFigures | { readonly reason: string }> {
  try {
    const [adapter] = await listAdapters();
    using gpu = await createBackend({ backend: "webgpu" });
    using reference = await createBackend({ backend: "reference" });
    using steps = stepsOn(gpu);
    using expected = stepsOn(reference);
    await checkLosses(steps, expected);
    const word = gpu.allocate(1, 1);
    const turn = () => timeSteps(steps, word);
    const warmUntil = performance.now() + budgetMs / 2;
    while (performance.now() < warmUntil) await turn();
    const times: number[] = [];
    const end = performance.now() + budgetMs;
    while (performance.now() < end) times.push(await turn());
    return { adapter: adapter.name, step: summarize(times) };
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    return { reason: messageOf(error) };
  }
}

function stepsOn(backend: Backend): RunSteps {
  return new RunSteps(backend, planSteps(toyImages(ROWS, CLASSES), CONFIG, CLASSES));
}

async function checkLosses(steps: RunSteps, expected: RunSteps): Promise<void> {
  for (let i = 0; i < STEPS; i++) {
    steps.run();
    expected.run();
  }
  const [losses, wanted] = [await steps.losses(), await expected.losses()];
  const worst = wanted.reduce((max, loss, i) => Math.max(max, Math.abs(loss - losses[i])), 0);
  if (!(worst <= 1e-4)) throw new Error(`webgpu meets losses that differ by ${worst}`);
}

/**
 * Milliseconds of a step, of `STEPS` of them that begin when the device is idle.
 *
 * @param word written at the end, because what is recorded is submitted before a write
 */
async function timeSteps(steps: RunSteps, word: Matrix): Promise<number> {
  const startedAt = performance.now();
  for (let i = 0; i < STEPS; i++) steps.run();
  steps.backend.write(word, ZERO);
  const elapsed = performance.now() - startedAt;
  await steps.backend.settle();
  return elapsed / STEPS;
}
