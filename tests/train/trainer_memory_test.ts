/** A back end that is shared gets all its memory back, however a run ends. */
import assert from "node:assert/strict";
import {
  createBackend,
  evaluate,
  predictProbabilities,
  train,
  type TrainConfig,
  WeftError,
} from "../../lib/mod.ts";
import type { Backend } from "../../lib/backend/mod.ts";
import { createReference } from "../../lib/backends/reference/reference_backend.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const IMAGES = toyImages(60, 3);
const CONFIG: Partial<TrainConfig> = { hidden: [5], batchSize: 10, epochs: 2 };
const CLIPPED: Partial<TrainConfig> = { ...CONFIG, optimizer: "adam", clipNorm: 1 };

type Buffer = object;

interface Accounting extends Backend {
  readonly living: ReadonlySet<Buffer>;
  allocated(): number;
}

/**
 * A back end that keeps account of its buffers: each is released once, and is not a view.
 *
 * @param most buffers that there is memory for
 */
function accounting(most = Infinity): Accounting {
  const reference = createReference();
  const living = new Set<Buffer>();
  let allocated = 0;
  const born = <T extends Buffer>(buffer: T): T => {
    if (++allocated > most) throw new WeftError("Out of memory");
    living.add(buffer);
    return buffer;
  };
  return {
    ...reference,
    living,
    allocated: () => allocated,
    allocate: (rows, columns) => born(reference.allocate(rows, columns)),
    allocateOrder: (length) => born(reference.allocateOrder(length)),
    allocateBytes: (rows, columns) => born(reference.allocateBytes(rows, columns)),
    release: (buffer) =>
      assert(living.delete(buffer), "what is released was allocated, and is released once"),
  };
}

Deno.test("a run that is completed releases every buffer, its evaluations too", async () => {
  const backend = accounting();
  await runTraining({ train: IMAGES, test: toyImages(7, 3), config: CONFIG, backend });
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that diverges releases every buffer", async () => {
  const backend = accounting();
  const config = { ...CONFIG, activation: "relu" as const, learningRate: 1e30 };
  const { end } = await runTraining({ train: IMAGES, config, backend });
  assert.equal(end.status, "diverged");
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that is interrupted releases every buffer", async () => {
  const backend = accounting();
  await runTraining({ train: IMAGES, config: CONFIG, backend, signal: AbortSignal.abort() });
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that its listener leaves releases every buffer", async () => {
  const backend = accounting();
  for await (const event of train({ train: IMAGES, config: CONFIG, backend })) {
    if (event.type === "epoch") break;
  }
  assert(backend.allocated() > 0);
  assert.equal(backend.living.size, 0);
});

Deno.test("evaluating and predicting release every buffer", async () => {
  const backend = accounting();
  const { end } = await runTraining({ train: IMAGES, config: CONFIG, backend });
  await evaluate(end.model!, IMAGES, { backend });
  await predictProbabilities(end.model!, IMAGES.pixels, { backend });
  assert.equal(backend.living.size, 0);
});

Deno.test("whichever buffer there is no memory for, those before it are released", async () => {
  const whole = accounting();
  const { end } = await runTraining({ train: IMAGES, config: CONFIG, backend: whole });
  const uses: readonly ((backend: Accounting) => Promise<unknown>)[] = [
    (backend) => runTraining({ train: IMAGES, config: CONFIG, backend }),
    (backend) => runTraining({ train: IMAGES, config: CLIPPED, backend }),
    (backend) => evaluate(end.model!, IMAGES, { backend }),
    (backend) => predictProbabilities(end.model!, IMAGES.pixels, { backend }),
  ];
  for (const use of uses) {
    const enough = accounting();
    await use(enough);
    for (let most = 0; most < enough.allocated(); most++) {
      const backend = accounting(most);
      await assert.rejects(() => use(backend), { message: "Out of memory" });
      assert.equal(backend.living.size, 0, `with memory for ${most} buffers`);
    }
  }
});

Deno.test("training steps allocate nothing: more epochs take no more buffers", async () => {
  for (const config of [CONFIG, CLIPPED]) {
    const allocated = async (epochs: number) => {
      const backend = accounting();
      await runTraining({ train: IMAGES, config: { ...config, epochs }, backend });
      return backend.allocated();
    };
    assert.equal(await allocated(7), await allocated(1));
  }
});

Deno.test("WebAssembly memory does not grow when the same training runs again", async () => {
  using backend = await createBackend({ backend: "wasm" });
  // Wide enough that its buffers do not fit into the memory that the back end begins with.
  const options = { train: IMAGES, backend, config: { ...CONFIG, hidden: [3000] } };
  using growth = countGrowth();
  await runTraining(options);
  const first = growth.count;
  await runTraining(options);
  await runTraining(options);
  assert(first > 0);
  assert.equal(growth.count, first);
});

/** Counts how often any WebAssembly memory grows. */
function countGrowth(): { count: number } & Disposable {
  const { grow } = WebAssembly.Memory.prototype;
  const counter = {
    count: 0,
    [Symbol.dispose]: () => void (WebAssembly.Memory.prototype.grow = grow),
  };
  WebAssembly.Memory.prototype.grow = function (pages) {
    counter.count++;
    return grow.call(this, pages);
  };
  return counter;
}
