/**
 * One network, its data on a back end, and the epochs over them.
 */
import type { Backend, ByteMatrix, Matrix, RowOrder } from "../backend.ts";
import { requireNormalizable } from "../config/batch_norm_checks.ts";
import type { TrainConfig } from "../config/options.ts";
import { epochKey, transformCount, transformTables } from "../dataset/augmentation.ts";
import { batchCount, batchRanges } from "../dataset/batches.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { LikenessOrder } from "../dataset/likeness.ts";
import { pictureChunks, type PictureSource } from "../dataset/picture_source.ts";
import { PixelOrder } from "../dataset/pixel_order.ts";
import { WeftError } from "../errors.ts";
import { Dropout } from "../nn/dropout.ts";
import { GradientClipping } from "../nn/gradient_clipping.ts";
import type { InputMap } from "../nn/input_map.ts";
import { type BatchBuffers, type Gradients, Mlp } from "../nn/mlp.ts";
import { foldNorm } from "../nn/norm_parameters.ts";
import { createOptimizer } from "../nn/optimizers/mod.ts";
import type { Optimizer } from "../nn/optimizers.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import {
  type Architecture,
  type LayerParameters,
  parametersFrom,
  type Tensors,
  tensorsOf,
  weightName,
} from "../nn/parameters.ts";
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import { bufferSizes, Evaluator, sum } from "./inference.ts";
import { learningRateAt } from "./schedule.ts";
import { TrainingLoss } from "./loss.ts";
import type { Rows } from "./rows.ts";
import { standardizing } from "./standardize.ts";
import { CLASSES, LOSSES } from "./state.ts";
import type { Stopwatch } from "./stopwatch.ts";

export { INPUT_SCALE } from "../nn/input_map.ts";

export interface EpochLosses {
  /** Nats a row, penalties included. */
  readonly loss: number;
  readonly accuracy: number;
}

/** What an epoch under way has found so far, a number a row. */
export interface RowsSoFar {
  readonly losses: Float32Array<ArrayBuffer>;
  readonly classes: Float32Array<ArrayBuffer>;
}

/** Holds everything that training keeps on the back end; disposing of it frees that. */
export class TrainingSession implements Disposable {
  /** Batches of an epoch. */
  readonly batches: number;
  readonly #backend: Backend;
  readonly #mlp: Mlp;
  /** What validation runs: where batches are normalised, a network with that folded in, as models have it. */
  readonly #evaluated: Mlp;
  readonly #loss: TrainingLoss;
  readonly #owned: DisposableStack;
  readonly #pixels: ByteMatrix;
  readonly #labels: ByteMatrix;
  readonly #order: RowOrder;
  readonly #losses: Matrix;
  readonly #classes: Matrix;
  readonly #correct: Matrix;
  readonly #buffers: Map<number, BatchBuffers>;
  readonly #gradients: Gradients;
  readonly #optimizer: Optimizer;
  readonly #clipping: GradientClipping | null;
  /** Null where nothing validates. */
  readonly #validation: Evaluator | null;
  /** The class of every row that may validate. */
  readonly #validationLabels: Uint8Array;
  /** Tables of source places, one a transform; null where pictures stay as they are. */
  readonly #sources: RowOrder | null;
  /** Decides which row goes through which of them in this epoch. */
  #key = 0;
  readonly #likeness: LikenessOrder;
  readonly #pixelOrder: PixelOrder;

  /** Row numbers to train on and to validate with. */
  readonly split: { readonly train: Uint32Array; readonly validation: Uint32Array };
  /** What the network takes for its inputs. */
  readonly input: InputMap;

  /**
   * @param tensors the network to begin with and, where training goes on, what the optimizer keeps
   * @param split   row numbers of `images` to train on and to validate with
   */
  constructor(
    backend: Backend,
    readonly architecture: Architecture,
    tensors: Tensors,
    images: LabelledImages | PictureSource,
    split: Rows,
    readonly config: TrainConfig,
    inputScale: number,
  ) {
    requireNormalizable(config, split.train.length);
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const rows = split.train.length;
    this.#backend = backend;
    this.batches = batchCount(rows, config.batchSize);
    this.#pixelOrder = new PixelOrder(images.height, images.width);
    this.#pixels = own(backend.allocateBytes(images.rows, architecture.inputs));
    this.#writePixels(this.#pixels, images);
    this.#labels = own(backend.allocateBytes(images.rows, 1));
    backend.write(this.#labels, images.labels);
    this.#order = own(backend.allocateOrder(rows));
    this.#losses = own(backend.allocate(rows, 1));
    this.#classes = own(backend.allocate(rows, 1));
    this.#correct = own(backend.allocate(1, 1));
    const [input, ...others] = parametersFrom(tensors, architecture);
    const first = { ...input, weights: this.#pixelOrder.arrangeRows(input.weights) };
    const network = [first, ...others];
    this.input = config.standardize
      ? standardizing(images, split.train)
      : { scale: inputScale, offset: 0 };
    const { scale, offset } = this.input;
    const dropout = config.dropout > 0 ? new Dropout(config.dropout, config.seed) : null;
    this.#mlp = owned.use(new Mlp(backend, architecture, network, scale, dropout, offset));
    this.#evaluated = network.some(({ norm }) => norm)
      ? owned.use(new Mlp(backend, architecture, network.map(foldNorm), scale, null, offset))
      : this.#mlp;
    this.#loss = new TrainingLoss(
      backend,
      (rows, columns) => own(backend.allocate(rows, columns)),
      config,
      this.#labels,
      images.labels,
      split.train,
      architecture.outputs,
    );
    this.#buffers = bufferSizes(this.#mlp, rows, config.batchSize, true);
    this.#optimizer = createOptimizer(config);
    this.#gradients = this.#mlp.gradients(config.freezeOutputBias, this.#optimizer.slots);
    this.#clipping = config.clipNorm > 0
      ? owned.use(new GradientClipping(backend, this.#gradients.parameters, config.clipNorm))
      : null;
    const slots = this.#slots();
    // Where training begins there are none: they are zeros. Where it goes on, none may be left out.
    for (const { name, matrix } of slots.some(({ name }) => tensors.has(name)) ? slots : []) {
      const values = numbersOf(tensors.get(name), name, matrix.rows * matrix.columns);
      backend.write(
        matrix,
        this.#isOfPixels(name) ? this.#pixelOrder.arrangeRows(values) : values,
      );
    }
    this.#sources = null;
    if (transformCount(config) > 1) {
      const tables = transformTables(images.height, images.width, config);
      this.#sources = own(backend.allocateOrder(tables.length));
      backend.writeOrder(this.#sources, this.#pixelOrder.arrangeSources(tables));
    }
    this.#likeness = new LikenessOrder(images);
    this.split = { train: split.train, validation: split.validation.slice() };
    let [pixels, labels, likeness] = [this.#pixels, this.#labels, this.#likeness];
    const { holdOut } = split;
    if (holdOut) {
      pixels = own(backend.allocateBytes(holdOut.rows, architecture.inputs));
      this.#writePixels(pixels, holdOut);
      labels = own(backend.allocateBytes(holdOut.rows, 1));
      backend.write(labels, holdOut.labels);
      likeness = new LikenessOrder(holdOut);
    }
    likeness.sort(this.split.validation);
    this.#validationLabels = (holdOut ?? images).labels;
    this.#validation = this.split.validation.length === 0
      ? null
      : owned.use(new Evaluator(this.#evaluated, pixels, labels, this.split.validation));
    this.#owned = owned.move();
  }

  /** Copies pictures to the back end, a few at a time: all of them would be in memory three times. */
  #writePixels(matrix: ByteMatrix, images: LabelledImages | PictureSource): void {
    for (const { first, rows, pixels } of pictureChunks(images)) {
      const view = this.#backend.view(matrix, first, rows);
      this.#backend.write(view, this.#pixelOrder.arrangePixels(pixels));
    }
  }

  /** The network's parameters as they are now, with what normalises batches apart. */
  async parameters(): Promise<LayerParameters[]> {
    const [first, ...others] = await this.#mlp.read();
    return [{ ...first, weights: this.#pixelOrder.restoreRows(first.weights) }, ...others];
  }

  /** The network as it is now and what the optimizer keeps: all that another session takes to go on. */
  async tensors(): Promise<Map<string, Float32Array<ArrayBuffer>>> {
    const tensors = tensorsOf(await this.parameters());
    for (const { name, matrix } of this.#slots()) {
      const values = await this.#backend.read(matrix);
      tensors.set(name, this.#isOfPixels(name) ? this.#pixelOrder.restoreRows(values) : values);
    }
    return tensors;
  }

  /** The optimizer's matrices, called after their parameters: `layers.0.weight.residual`. */
  #slots(): { readonly name: string; readonly matrix: Matrix }[] {
    return this.#gradients.parameters.flatMap(({ name, slots }) =>
      slots.map((matrix, i) => ({ name: `${name}.${this.#optimizer.slots[i]}`, matrix }))
    );
  }

  /** Whether a tensor has a row for each pixel, in the back end's order of pixels. */
  #isOfPixels(name: string): boolean {
    return name.startsWith(weightName(0));
  }

  /** Losses and predicted classes of the rows that the first `batches` batches of this epoch have met. */
  async rowsSoFar(batches: number): Promise<RowsSoFar> {
    const rows = Math.min(batches * this.config.batchSize, this.split.train.length);
    const read = async (matrix: Matrix) => (await this.#backend.read(matrix)).slice(0, rows);
    return { losses: await read(this.#losses), classes: await read(this.#classes) };
  }

  /**
   * Takes an epoch up where another session left it.
   *
   * @throws {WeftError} where they are not the rows that the first `batches` batches of an epoch have met
   */
  restoreRows({ losses, classes }: RowsSoFar, batches: number): void {
    if (batches > this.batches) {
      throw new WeftError(
        `Cannot go on from this state: batch is ${batches}, and an epoch has ${this.batches}; go on from an earlier one`,
      );
    }
    const rows = Math.min(batches * this.config.batchSize, this.split.train.length);
    const restore = (matrix: Matrix, values: Float32Array<ArrayBuffer>, name: string) =>
      this.#backend.write(this.#backend.view(matrix, 0, rows), numbersOf(values, name, rows));
    restore(this.#losses, losses, LOSSES);
    restore(this.#classes, classes, CLASSES);
  }

  /**
   * Draws the batches of the coming epoch. Within each, rows that look alike stand together.
   *
   * @param epoch its number, from 0, which decides how pictures are mirrored and shifted
   */
  shuffle(random: NumpyRandomState, epoch = 0): void {
    this.#key = epochKey(this.config.seed, epoch);
    const { train } = this.split;
    // The rows at a permutation's positions: the same exchanges lead to it.
    const order = train.slice();
    random.shuffle(order);
    for (const { start, end } of batchRanges(train.length, this.config.batchSize)) {
      this.#likeness.sort(order.subarray(start, end));
    }
    this.#backend.writeOrder(this.#order, order);
  }

  /**
   * Trains on every batch in turn, but for the first `done`, pausing after each.
   *
   * @param epoch epochs that are complete: with a batch's number, they decide about the rate and what is dropped
   */
  *steps(stopwatch: Stopwatch, done = 0, epoch = 0): Generator<void, void, void> {
    const rows = this.split.train.length;
    let number = epoch * this.batches + done;
    for (const { start, end } of batchRanges(rows, this.config.batchSize).drop(done)) {
      this.#step(number++, start, this.#buffers.get(end - start)!, stopwatch);
      yield;
    }
  }

  /** Of step `number`, counted from 0 since training began. */
  learningRate(number: number): number {
    return learningRateAt(this.config, number, {
      epochs: this.config.epochs,
      batches: this.batches,
    });
  }

  #step(number: number, start: number, buffers: BatchBuffers, stopwatch: Stopwatch): void {
    const backend = this.#backend;
    const mlp = this.#mlp;
    stopwatch.begin("gather");
    const pixels = this.#pixels;
    const sources = this.#sources;
    if (!sources) backend.gather(buffers.x, pixels, this.#order, start);
    else backend.gatherTransformed(buffers.x, pixels, this.#order, start, sources, this.#key);
    this.#loss.prepare(this.#order, start, buffers.x.rows);
    stopwatch.begin("forward");
    const logits = mlp.forward(buffers, number);
    stopwatch.begin("loss");
    backend.argmax(this.#classes, logits, start);
    this.#loss.take(buffers, this.#losses, this.#order, start);
    stopwatch.begin("backward");
    mlp.backward(buffers, this.#gradients, number);
    stopwatch.begin("update");
    this.#optimizer.step(backend, this.#gradients.parameters, {
      number,
      learningRate: this.learningRate(number),
      batchRows: logits.rows,
      scale: this.#clipping?.scale() ?? null,
    });
    stopwatch.begin(null);
  }

  /** Losses of the epoch just trained, and the first batch (from 1) whose loss is not finite. */
  async trainLosses(penalty: number): Promise<EpochLosses & { divergedBatch: number | null }> {
    const losses = await this.#backend.read(this.#losses);
    this.#backend.countCorrect(this.#correct, this.#classes, this.#labels, this.#order);
    const [correct] = await this.#backend.read(this.#correct);
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    return {
      loss: this.#loss.mean(sum(losses), penalty),
      accuracy: correct / losses.length,
      divergedBatch: bad < 0 ? null : Math.floor(bad / this.config.batchSize) + 1,
    };
  }

  /** Loss and accuracy on the validation rows, as the network is now; null where there are none. */
  async validate(penalty: number): Promise<EpochLosses | null> {
    if (!this.#validation) return null;
    if (this.#evaluated !== this.#mlp) {
      this.#evaluated.write((await this.#mlp.read()).map(foldNorm));
    }
    const { losses, classes } = await this.#validation.run();
    const { validation } = this.split;
    const labels = this.#validationLabels;
    const correct = classes.filter((value, i) => value === labels[validation[i]]).length;
    return { loss: (sum(losses) + penalty) / losses.length, accuracy: correct / losses.length };
  }

  /** l1 sum|w| + l2 / 2 sum w^2 over all weights as they are now; summed in float64. */
  async penalty(): Promise<number> {
    const { l1, l2 } = this.config;
    if (l1 === 0 && l2 === 0) return 0;
    let penalty = 0;
    for (const { weights } of await this.#mlp.read()) {
      for (const w of weights) penalty += l1 * Math.abs(w) + l2 / 2 * w * w;
    }
    return penalty;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** A tensor of a state, which must have so many numbers. */
function numbersOf(
  values: Float32Array<ArrayBuffer> | undefined,
  name: string,
  length: number,
): Float32Array<ArrayBuffer> {
  if (values?.length === length) return values;
  throw new WeftError(
    `Cannot go on from this state: ${name} must have ${length} numbers, and has ${
      values?.length ?? "none"
    }; go on from an earlier one`,
  );
}
