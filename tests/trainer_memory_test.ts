/** A back end that is shared gets all its memory back, however a run ends. */
import assert from "node:assert/strict";
import {
  createBackend,
  evaluate,
  predictProbabilities,
  train,
  type TrainConfig,
  WeftError,
} from "../lib/mod.ts";
import { ReferenceBackend } from "../lib/backends/reference.ts";
import { toyPictures } from "./toy_pictures.ts";
import { runTraining } from "./training_run.ts";

const PICTURES = toyPictures(60, 3);
const CONFIG: Partial<TrainConfig> = { hidden: [5], batchSize: 10, epochs: 2 };
const CLIPPED: Partial<TrainConfig> = { ...CONFIG, optimizer: "adam", clipNorm: 1 };

type Buffer = object;

/** Keeps account of its buffers: each is released once, and is not a view. */
class Accounting extends ReferenceBackend {
  readonly living = new Set<Buffer>();
  allocated = 0;

  /** @param most buffers that there is memory for */
  constructor(readonly most = Infinity) {
    super();
  }

  override allocate(...size: Parameters<ReferenceBackend["allocate"]>) {
    return this.#born(super.allocate(...size));
  }
  override allocateOrder(...size: Parameters<ReferenceBackend["allocateOrder"]>) {
    return this.#born(super.allocateOrder(...size));
  }
  override allocateBytes(...size: Parameters<ReferenceBackend["allocateBytes"]>) {
    return this.#born(super.allocateBytes(...size));
  }
  override release(buffer?: Buffer): void {
    assert(
      buffer && this.living.delete(buffer),
      "what is released was allocated, and is released once",
    );
  }

  #born<T extends Buffer>(buffer: T): T {
    if (++this.allocated > this.most) throw new WeftError("Out of memory");
    this.living.add(buffer);
    return buffer;
  }
}

Deno.test("a run that is completed releases every buffer, its evaluations too", async () => {
  const backend = new Accounting();
  await runTraining({ train: PICTURES, test: toyPictures(7, 3), config: CONFIG, backend });
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that diverges releases every buffer", async () => {
  const backend = new Accounting();
  const config = { ...CONFIG, activation: "relu" as const, learningRate: 1e30 };
  const { end } = await runTraining({ train: PICTURES, config, backend });
  assert.equal(end.status, "diverged");
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that is interrupted releases every buffer", async () => {
  const backend = new Accounting();
  await runTraining({ train: PICTURES, config: CONFIG, backend, signal: AbortSignal.abort() });
  assert.equal(backend.living.size, 0);
});

Deno.test("a run that its listener leaves releases every buffer", async () => {
  const backend = new Accounting();
  for await (const event of train({ train: PICTURES, config: CONFIG, backend })) {
    if (event.type === "epoch") break;
  }
  assert(backend.allocated > 0);
  assert.equal(backend.living.size, 0);
});

Deno.test("evaluating and predicting release every buffer", async () => {
  const backend = new Accounting();
  const { end } = await runTraining({ train: PICTURES, config: CONFIG, backend });
  await evaluate(end.model!, PICTURES, { backend });
  await predictProbabilities(end.model!, PICTURES.pixels, { backend });
  assert.equal(backend.living.size, 0);
});

Deno.test("whichever buffer there is no memory for, those before it are released", async () => {
  const whole = new Accounting();
  const { end } = await runTraining({ train: PICTURES, config: CONFIG, backend: whole });
  const uses: readonly ((backend: Accounting) => Promise<unknown>)[] = [
    (backend) => runTraining({ train: PICTURES, config: CONFIG, backend }),
    (backend) => runTraining({ train: PICTURES, config: CLIPPED, backend }),
    (backend) => evaluate(end.model!, PICTURES, { backend }),
    (backend) => predictProbabilities(end.model!, PICTURES.pixels, { backend }),
  ];
  for (const use of uses) {
    const enough = new Accounting();
    await use(enough);
    for (let most = 0; most < enough.allocated; most++) {
      const backend = new Accounting(most);
      await assert.rejects(() => use(backend), { message: "Out of memory" });
      assert.equal(backend.living.size, 0, `with memory for ${most} buffers`);
    }
  }
});

Deno.test("training steps allocate nothing: more epochs take no more buffers", async () => {
  for (const config of [CONFIG, CLIPPED]) {
    const allocated = async (epochs: number) => {
      const backend = new Accounting();
      await runTraining({ train: PICTURES, config: { ...config, epochs }, backend });
      return backend.allocated;
    };
    assert.equal(await allocated(7), await allocated(1));
  }
});

Deno.test("WebAssembly memory does not grow when the same training runs again", async () => {
  using backend = await createBackend({ backend: "wasm" });
  // Wide enough that its buffers do not fit into the memory that the back end begins with.
  const options = { train: PICTURES, backend, config: { ...CONFIG, hidden: [3000] } };
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
