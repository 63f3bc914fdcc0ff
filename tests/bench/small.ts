/**
 * Training steps of networks that are too small for threads: one thread, as many as Weft starts by default, the same
 * step in plain loops of TypeScript, and jax-js. In turns, after the losses of Weft and the loops were compared.
 */
import { createBackend } from "../../lib/backends/mod.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { allRows } from "../../lib/dataset/batches.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { planSteps, RunSteps } from "../../lib/measure/run_steps.ts";
import { median, summarize, time, type Timing } from "../../lib/measure/statistics.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { PlainLoops } from "./peers/plain_loops.ts";
import { runScript } from "./processes.ts";

/** Rows of a batch, inputs, hidden units, classes. */
const NETWORKS = [[32, 8, 64, 2], [256, 8, 64, 2], [64, 30, 16, 3]] as const;

const ROWS = 1024;
/** Mean losses may differ by so much, in nats: float32 against sums in float64. */
const TOLERANCE = 1e-4;

export interface SmallFigures {
  readonly network: string;
  /** Milliseconds of a step, by who does it. */
  readonly steps: Readonly<Record<string, Timing>>;
  readonly jax: number | string;
}

function imagesOf(inputs: number, classes: number): LabeledImages {
  const pixels = Uint8Array.from({ length: ROWS * inputs }, (_, i) => i * 7919 % 251);
  const labels = Uint8Array.from({ length: ROWS }, (_, i) => i * 7 % classes);
  return { rows: ROWS, height: 1, width: inputs, pixels, labels };
}

async function measureNetwork(
  network: typeof NETWORKS[number],
  rounds: number,
): Promise<SmallFigures> {
  const [B, I, H, O] = network;
  const images = imagesOf(I, O);
  const config = resolveConfig({ hidden: [H], batchSize: B });
  const plan = planSteps(images, config, O);
  using owned = new DisposableStack();
  const weft = async (threads?: number) => {
    const backend = owned.use(await createBackend({ backend: "wasm", threads }));
    const steps = owned.use(new RunSteps(backend, plan));
    return { steps, threads: backend.description.threads };
  };
  const [alone, team] = [await weft(1), await weft()];
  // The rows of each batch, in another order: the sum of their gradients is the same but for rounding.
  const order = allRows(ROWS);
  new NumpyRandomState(config.seed).shuffle(order);
  const [first, second] = [0, 1].map((l) => plan.tensors.get(`layers.${l}.weight`)!.slice());
  const plain = new PlainLoops(images, order, first, second, network, config.learningRate);
  let start = 0;
  const next = () => (start = start + 2 * B > ROWS ? 0 : start + B);
  const losses = Array.from({ length: ROWS / B }, () => {
    alone.steps.run();
    const loss = plain.step(start);
    next();
    return loss;
  });
  const rows = await alone.steps.losses();
  losses.forEach((loss, batch) => {
    const sum = rows.subarray(batch * B, (batch + 1) * B).reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum / B - loss) <= TOLERANCE)) {
      throw new Error(
        `Plain loops meet a loss of ${loss} in batch ${batch + 1}, Weft of ${sum / B}`,
      );
    }
  });
  const ways: Record<string, () => void> = {
    "1 thread": () => alone.steps.run(),
    [`${team.threads} threads`]: () => team.steps.run(),
    "plain loops": () => plain.step(next()),
  };
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as number[]]));
  const repeats = Math.ceil(4000 / B);
  for (let round = -3; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const ms = time(() => {
        for (let i = 0; i < repeats; i++) way();
      });
      if (round >= 0) times[name].push(ms / repeats);
    }
  }
  const jax = await runScript("peers/jax_js_small.ts", network.map(String), [
    "--no-config",
    "--no-lock",
  ]);
  return {
    network: `${I}-${H}-${O}, batch ${B}`,
    steps: Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, summarize(ms)])),
    jax: "reason" in jax ? jax.reason : median((jax.value as { stepMs: number[] }).stepMs),
  };
}

export async function measureSmall(rounds: number): Promise<SmallFigures[]> {
  const figures: SmallFigures[] = [];
  for (const network of NETWORKS) figures.push(await measureNetwork(network, rounds));
  return figures;
}
