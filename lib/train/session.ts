/** One network, its data on a back end, and the epochs over them. */
import type { Backend, Matrix, RowIndices } from "../backend/mod.ts";
import { requireNormalizable } from "../config/batch_norm_checks.ts";
import type { TrainConfig } from "../config/options.ts";
import { batchCount, batchRanges } from "../dataset/batches.ts";
import { PixelOrder } from "../dataset/layout/pixel_layout.ts";
import { isGrayImage, type SampleData, samplesOf } from "../dataset/samples.ts";
import { WeftError } from "../errors.ts";
import { imageSize } from "../model/model.ts";
import { AS_THEY_ARE, INPUT_SCALE, type InputMap } from "../nn/input_map.ts";
import { Network } from "../nn/network.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { ownRange, shardRange } from "../nn/shards.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import type { Tensors, Values } from "../nn/tensors.ts";
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import { TASKS } from "../task/mod.ts";
import {
  evaluationOptions,
  type Metrics,
  type TargetMap,
  type Task,
  type TaskLoss,
} from "../task/task.ts";
import { numberOf } from "../task/threshold.ts";
import { bufferSizes, Evaluator, sum, sumOfLosses } from "./evaluator.ts";
import type { Wishes } from "./gradient_block.ts";
import { Learner, numbersOf } from "./learner.ts";
import { ALONE, mergeRows, type ProcessGroup } from "./process_group.ts";
import type { Rows } from "./rows.ts";
import { learningRateAt } from "./schedule.ts";
import { standardizing } from "./standardize.ts";
import { foundName, LOSSES } from "./checkpoint/state.ts";
import { trainingStep } from "./step.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { UploadedSamples } from "./uploaded_samples.ts";

export interface EpochLosses {
  /** A row's, penalties included. */
  readonly loss: number;
  readonly metrics: Metrics;
}

/** What an epoch under way has found so far, row by row. */
export interface RowsSoFar {
  readonly losses: Float32Array<ArrayBuffer>;
  /** What the task finds of each row: of classification, the predicted class. */
  readonly found: Float32Array<ArrayBuffer>;
}

/** Holds everything that training keeps on the back end; disposing of it frees that. */
export class TrainingSession implements Disposable {
  /** Batches of an epoch. */
  readonly batches: number;
  /** Row numbers to train on and to validate with. */
  readonly split: { readonly train: Uint32Array; readonly validation: Uint32Array };
  /** What the network takes for its inputs, and what its outputs are standardized by. */
  readonly input: InputMap;
  readonly targetMap: TargetMap | null;
  readonly task: Task;
  readonly #backend: Backend;
  readonly #samples: UploadedSamples;
  /** What validates: the rows that are trained on, or others. */
  readonly #held: UploadedSamples;
  readonly #learner: Learner;
  readonly #buffers: Map<number, BatchBuffers>;
  readonly #order: RowIndices;
  readonly #losses: Matrix;
  readonly #found: Matrix;
  /** The rows of the epoch under way, as they are met. */
  #met: Uint32Array;
  /** Null where nothing validates. */
  readonly #validation: { readonly evaluator: Evaluator; readonly loss: TaskLoss } | null;
  readonly #owned: DisposableStack;

  /**
   * @param tensors the network to begin with and, where training resumes, what the optimizer keeps
   * @param split   row numbers of `data` to train on and to validate with
   * @param group   the processes that train together
   */
  constructor(
    backend: Backend,
    network: Network,
    tensors: Tensors,
    data: SampleData,
    split: Rows,
    readonly config: TrainConfig,
    readonly group: ProcessGroup = ALONE,
  ) {
    const rows = split.train.length;
    requireNormalizable(config, rows);
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.#backend = backend;
    this.batches = batchCount(rows, config.batchSize);
    const samples = samplesOf(data);
    const { targets } = samples;
    const task = this.task = TASKS[targets.task];
    const map = this.targetMap = task.fit(targets, split.train);
    const { height, width } = imageSize(samples.shape);
    // Where the first layer looks at shapes, or rows are no such images, features stay in their own order: that of one line.
    const pixelOrder = network.inputTensor && isGrayImage(samples)
      ? new PixelOrder(height, width)
      : new PixelOrder(1, network.inputs);
    this.#samples = owned.use(new UploadedSamples(backend, samples, map, pixelOrder, config));
    this.#held = split.holdOut
      ? owned.use(new UploadedSamples(backend, samplesOf(split.holdOut), map, pixelOrder, null))
      : this.#samples;
    this.#order = own(backend.allocateOrder(rows));
    this.#losses = own(backend.allocate(rows, 1));
    const { outputs } = network.spec;
    const columns = task.foundColumns(outputs);
    this.#found = own(backend.allocate(rows, columns));
    this.#met = split.train;
    this.input = samples.element === "float32"
      ? AS_THEY_ARE
      : config.standardize
      ? standardizing(samples, split.train)
      : { scale: INPUT_SCALE, offset: 0 };
    this.#learner = owned.use(
      new Learner(backend, tensors, {
        task,
        network: new Network({ ...network.spec, inputMap: this.input }),
        config,
        samples: this.#samples,
        rows: split.train,
        pixelOrder,
        group,
      }),
    );
    this.#buffers = bufferSizes(this.#learner.network, rows, config.batchSize, true);
    this.split = { train: split.train, validation: split.validation.slice() };
    const { validation } = this.split;
    this.#held.sort(validation);
    this.#validation = validation.length === 0 ? null : {
      evaluator: owned.use(
        new Evaluator(this.#learner.evaluated, this.#held.asTheyAre, validation, columns),
      ),
      loss: task.loss({
        backend,
        allocate: (rows, columns) => own(backend.allocate(rows, columns)),
        uploaded: { ...this.#held.targets, weights: null },
        rows: validation,
        outputs,
      }, evaluationOptions(config)),
    };
    this.#owned = owned.move();
  }

  /** The network's tensors as they are now. */
  networkTensors(): Promise<Map<string, Values>> {
    return this.#learner.networkTensors();
  }

  /** The network as it is now and what the optimizer keeps: all that another session takes to resume. */
  tensors(): Promise<Map<string, Values>> {
    return this.#learner.tensors();
  }

  /** Losses, and what was found, of the rows that the first `batches` batches of this epoch have met. */
  async rowsSoFar(batches: number): Promise<RowsSoFar> {
    const rows = Math.min(batches * this.config.batchSize, this.split.train.length);
    return {
      losses: await this.#readRows(this.#losses, rows),
      found: await this.#readRows(this.#found, rows),
    };
  }

  /** The first `rows` rows of what batches leave, each of the process whose it is. */
  async #readRows(matrix: Matrix, rows: number): Promise<Float32Array<ArrayBuffer>> {
    const values = (await this.#backend.read(matrix)).slice(0, rows * matrix.columns);
    const { group, config: { batchSize } } = this;
    const { shards } = this.#learner;
    // Of a whole epoch: where it is over, the last batch is smaller.
    const own = Array.from(batchRanges(this.split.train.length, batchSize), ({ start, end }) => {
      const range = ownRange(end - start, shards);
      return { start: start + range.start, end: Math.min(start + range.end, rows) };
    }).filter(({ start, end }) => start < end);
    return await mergeRows(group, values, matrix.columns, own);
  }

  /**
   * Takes an epoch up where another session left it.
   *
   * @throws {WeftError} where they are not the rows that the first `batches` batches of an epoch have met
   */
  restoreRows({ losses, found }: RowsSoFar, batches: number): void {
    if (batches > this.batches) {
      throw new WeftError(
        `Cannot resume from this state: batch is ${batches}, and an epoch has ${this.batches}; continue from an earlier one`,
      );
    }
    const rows = Math.min(batches * this.config.batchSize, this.split.train.length);
    const restore = (matrix: Matrix, values: Float32Array<ArrayBuffer>, name: string) =>
      this.#backend.write(
        this.#backend.view(matrix, 0, rows),
        numbersOf(values, name, rows * matrix.columns),
      );
    restore(this.#losses, losses, LOSSES);
    restore(this.#found, found, foundName(this.task.name));
  }

  /**
   * Draws the batches of the coming epoch. Within each, or each of its shards, rows that look alike stand together.
   *
   * @param epoch its number, from 0, which decides how images are mirrored and shifted
   */
  shuffle(random: NumpyRandomState, epoch = 0): void {
    this.#samples.beginEpoch(this.config.seed, epoch);
    const { train } = this.split;
    // The rows at a permutation's positions: the same exchanges lead to it.
    const order = train.slice();
    random.shuffle(order);
    const { batchSize, shards } = this.config;
    for (const { start, end } of batchRanges(train.length, batchSize)) {
      for (let shard = 0; shard < shards; shard++) {
        const range = shardRange(end - start, shard, shards);
        this.#samples.sort(order.subarray(start + range.start, start + range.end));
      }
    }
    this.#met = order;
    this.#backend.writeOrder(this.#order, order);
  }

  /**
   * Trains on every batch in turn, but for the first `done`, pausing after each; yields what is to be waited for before
   * the next, or null.
   *
   * @param epoch epochs that are complete: with a batch's number, they decide about the rate and what is dropped
   * @param wishes asked before each batch where several processes train; `agreed` says afterwards whether one of them wished so
   */
  *steps(
    stopwatch: Stopwatch,
    done = 0,
    epoch = 0,
    wishes?: () => Wishes,
  ): Generator<Promise<void> | null, void, void> {
    const rows = {
      order: this.#order,
      met: this.#met,
      losses: this.#losses,
      found: this.#found,
    };
    let number = epoch * this.batches + done;
    const rowCount = this.split.train.length;
    for (const { start, end } of batchRanges(rowCount, this.config.batchSize, done)) {
      const buffers = this.#buffers.get(end - start)!;
      if (wishes) this.#learner.block?.wish(wishes());
      const batch = { number, start, buffers, learningRate: this.learningRate(number) };
      yield trainingStep(this.#backend, this.#learner, this.#samples, rows, batch, stopwatch);
      number++;
    }
  }

  /** What processes have agreed on with the last batch; null for one process, which asks nobody. */
  agreed(): Wishes | null {
    return this.#learner.block?.agreed() ?? null;
  }

  /** Of step `number`, counted from 0 since training began. */
  learningRate(number: number): number {
    const { config, batches } = this;
    return learningRateAt(config, number, { epochs: config.epochs, batches });
  }

  /** Losses of the epoch just trained, and the first batch (from 1) whose loss is not finite. */
  async trainLosses(penalty: number): Promise<EpochLosses & { divergedBatch: number | null }> {
    const losses = await this.#readRows(this.#losses, this.#losses.rows);
    if (this.group.size > 1) {
      this.#backend.write(this.#found, await this.#readRows(this.#found, this.#found.rows));
    }
    const { loss } = this.#learner;
    const metrics = await loss.epochMetrics(this.#found, this.#order, this.#met);
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    return {
      loss: loss.mean(sum(losses), penalty),
      metrics,
      divergedBatch: bad < 0 ? null : Math.floor(bad / this.config.batchSize) + 1,
    };
  }

  /** Loss and metrics on the validation rows, as the network is now; null where there are none. */
  async validate(penalty: number): Promise<EpochLosses | null> {
    if (!this.#validation) return null;
    await this.#learner.prepareEvaluation();
    const { evaluator, loss } = this.#validation;
    const { losses, found } = await evaluator.run(loss, this.group);
    const { targets, map } = this.#held.targets;
    const { outputs } = this.#learner.options.network.spec;
    const about = { outputs, map, threshold: numberOf(this.config.threshold) };
    const metrics = this.task.measure(found, targets, this.split.validation, about);
    const total = sumOfLosses(losses, targets, this.split.validation);
    return { loss: loss.mean(total, penalty), metrics };
  }

  /** l1 sum|w| + l2 / 2 sum w^2 over all weights as they are now; summed in float64. */
  penalty(): Promise<number> {
    return this.#learner.penalty();
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
