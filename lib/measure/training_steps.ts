/**
 * Training steps without a training loop around them: of any network, on batches in one fixed order, at one learning rate,
 * because a schedule goes by how many steps there are.
 */
import type { Backend, ByteMatrix, Matrix, RowOrder } from "../backend.ts";
import type { TrainConfig } from "../config/options.ts";
import { DEFAULTS } from "../config/presets.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { Dropout } from "../nn/dropout.ts";
import { GradientClipping } from "../nn/gradient_clipping.ts";
import { initialParameters } from "../nn/initializers.ts";
import { type BatchBuffers, type Gradients, Mlp } from "../nn/mlp.ts";
import { withNorm } from "../nn/norm_parameters.ts";
import { createOptimizer } from "../nn/optimizers/mod.ts";
import type { Optimizer } from "../nn/optimizers.ts";
import { type Architecture, type LayerParameters, layerShapes } from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { allRows } from "../train/inference.ts";
import { TrainingLoss } from "../train/loss.ts";
import { INPUT_SCALE } from "../train/session.ts";
import { PlainBuffers } from "./plain_buffers.ts";

/** What steps need to know of a run. */
export type StepConfig = Omit<TrainConfig, "epochs" | "splitSeed">;

/** The defaults, with other hidden layers. */
export function baselineConfig(hidden: readonly number[], batchSize = 256): StepConfig {
  return { ...DEFAULTS, hidden, batchSize };
}

/** The network of a run on `images`, which have `classes` classes. */
export function architectureFor(
  { height, width }: LabelledImages,
  { hidden, activation }: Pick<StepConfig, "hidden" | "activation">,
  classes: number,
): Architecture {
  return { inputs: height * width, hidden, outputs: classes, activation };
}

/** The weights that a step sequence begins with and the order in which it meets the rows. */
export function beginning(
  architecture: Architecture,
  rows: number,
  { seed, initializer }: Pick<StepConfig, "seed" | "initializer">,
) {
  const random = new NumpyRandomState(seed);
  const parameters = initialParameters(architecture, initializer, random);
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

/** Begins again after the last full batch; where the data has fewer rows than a batch, they come more than once in it. */
export class TrainingSteps implements Disposable {
  readonly #owned: DisposableStack;
  readonly #mlp: Mlp;
  readonly #batch: BatchBuffers;
  readonly #gradients: Gradients;
  readonly #optimizer: Optimizer;
  readonly #clipping: GradientClipping | null;
  readonly #pixels: ByteMatrix;
  readonly #labels: ByteMatrix;
  readonly #order: RowOrder;
  readonly #losses: Matrix;
  readonly #loss: TrainingLoss;
  #start = 0;
  #number = 0;

  constructor(
    readonly backend: Backend,
    images: LabelledImages,
    architecture: Architecture,
    readonly config: StepConfig,
  ) {
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const { rows } = images;
    const buffers = owned.use(new PlainBuffers(backend));
    const { parameters, order } = beginning(architecture, rows, config);
    const length = Math.max(rows, config.batchSize);
    this.#pixels = buffers.bytes(rows, architecture.inputs, images.pixels);
    this.#labels = buffers.bytes(rows, 1, images.labels);
    this.#order = buffers.order(Array.from({ length }, (_, i) => order[i % rows]));
    this.#losses = buffers.output(length, 1);
    this.#loss = new TrainingLoss(
      backend,
      (rows, columns) => buffers.output(rows, columns),
      config,
      this.#labels,
      images.labels,
      allRows(rows),
      architecture.outputs,
    );
    const network = config.batchNorm ? withNorm(parameters) : parameters;
    const dropout = config.dropout > 0 ? new Dropout(config.dropout, config.seed) : null;
    this.#mlp = owned.use(new Mlp(backend, architecture, network, INPUT_SCALE, dropout));
    this.#batch = this.#mlp.batchBuffers(config.batchSize, true);
    this.#optimizer = createOptimizer(config);
    this.#gradients = this.#mlp.gradients(config.freezeOutputBias, this.#optimizer.slots);
    this.#clipping = config.clipNorm > 0
      ? owned.use(new GradientClipping(backend, this.#gradients.parameters, config.clipNorm))
      : null;
    this.#owned = owned.move();
  }

  /** One step on the next full batch; after the last, on the first again. */
  run(): void {
    const { backend, config: { batchSize } } = this;
    if (this.#start + batchSize > this.#order.length) this.#start = 0;
    backend.gather(this.#batch.x, this.#pixels, this.#order, this.#start);
    const number = this.#number++;
    this.#loss.prepare(this.#order, this.#start, batchSize);
    this.#mlp.forward(this.#batch, number);
    this.#loss.take(this.#batch, this.#losses, this.#order, this.#start);
    this.#mlp.backward(this.#batch, this.#gradients, number);
    this.#optimizer.step(backend, this.#gradients.parameters, {
      number,
      learningRate: this.config.learningRate,
      batchRows: batchSize,
      scale: this.#clipping?.scale() ?? null,
    });
    this.#start += batchSize;
  }

  /** Losses, in nats, of the rows met since the first batch, each before its batch's update. */
  async losses(): Promise<Float32Array> {
    return (await this.backend.read(this.#losses)).subarray(0, this.#start);
  }

  /** The network as the steps have left it. */
  parameters(): Promise<LayerParameters[]> {
    return this.#mlp.read();
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
