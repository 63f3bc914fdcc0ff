/** Training steps without a training loop around them: of any network, on batches in one fixed order. */
import type { Backend, ByteMatrix, Matrix, RowOrder } from "../../lib/backend.ts";
import type { LabelledImages } from "../../lib/dataset/dataset.ts";
import { standardNormal } from "../../lib/nn/initializers.ts";
import { type BatchBuffers, type Gradients, Mlp } from "../../lib/nn/mlp.ts";
import { Sgd } from "../../lib/nn/optimizers.ts";
import { type Architecture, layerShapes } from "../../lib/nn/parameters.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { PlainBuffers } from "./plain_buffers.ts";

const SEED = 42;
const LEARNING_RATE = 0.1;

/** A network with sigmoid hidden layers for `images`, which have ten classes. */
export function architectureFor(images: LabelledImages, hidden: readonly number[]): Architecture {
  return { inputs: images.height * images.width, hidden, outputs: 10, activation: "sigmoid" };
}

/** The weights that a step sequence begins with and the order in which it meets the rows. */
export function beginning(architecture: Architecture, rows: number) {
  const random = new NumpyRandomState(SEED);
  const parameters = standardNormal(architecture, random);
  return { parameters, order: random.permutation(rows) };
}

/** Multiplications and additions of a step's matrix products. */
export function flopsOfStep(architecture: Architecture, batchSize: number): number {
  // Forward and the weights' gradient, and the input's gradient for all layers but the first.
  const products = layerShapes(architecture).map(([inputs, outputs], l) =>
    (l === 0 ? 2 : 3) * inputs * outputs
  );
  return 2 * batchSize * products.reduce((sum, product) => sum + product);
}

export class TrainingSteps implements Disposable {
  readonly #owned = new DisposableStack();
  readonly #mlp: Mlp;
  readonly #batch: BatchBuffers;
  readonly #gradients: Gradients;
  readonly #optimizer = new Sgd(LEARNING_RATE);
  readonly #pixels: ByteMatrix;
  readonly #labels: ByteMatrix;
  readonly #order: RowOrder;
  readonly #losses: Matrix;
  #start = 0;

  constructor(
    readonly backend: Backend,
    images: LabelledImages,
    architecture: Architecture,
    readonly batchSize: number,
  ) {
    const buffers = this.#owned.use(new PlainBuffers(backend));
    const { parameters, order } = beginning(architecture, images.rows);
    this.#pixels = buffers.bytes(images.rows, architecture.inputs, images.pixels);
    this.#labels = buffers.bytes(images.rows, 1, images.labels);
    this.#order = buffers.order([...order]);
    this.#losses = buffers.output(images.rows, 1);
    this.#mlp = this.#owned.use(new Mlp(backend, architecture, parameters, 1 / 255));
    this.#batch = this.#mlp.batchBuffers(batchSize, true);
    this.#gradients = this.#mlp.gradients(true);
  }

  /** One step on the next full batch; after the last, on the first again. */
  run(): void {
    const { backend, batchSize } = this;
    if (this.#start + batchSize > this.#order.length) this.#start = 0;
    backend.gather(this.#batch.x, this.#pixels, this.#order, this.#start);
    const logits = this.#mlp.forward(this.#batch);
    const dLogits = this.#batch.gradients.at(-1)!;
    backend.softmaxCrossEntropy(
      dLogits,
      this.#losses,
      logits,
      this.#labels,
      this.#order,
      this.#start,
    );
    this.#mlp.backward(this.#batch, this.#gradients);
    this.#optimizer.step(backend, this.#gradients.parameters, batchSize);
    this.#start += batchSize;
  }

  /** Losses, in nats, of the rows met since the first batch, each before its batch's update. */
  async losses(): Promise<Float32Array> {
    return (await this.backend.read(this.#losses)).subarray(0, this.#start);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
