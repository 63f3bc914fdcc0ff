/** A network in training on a back end: its parameters, its loss, and what changes the one to make the other smaller. */
import type { Backend } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import type { PixelOrder } from "../dataset/layout/pixel_layout.ts";
import { WeftError } from "../errors.ts";
import { GradientClipping } from "../nn/gradient_clipping.ts";
import type { Network } from "../nn/network.ts";
import { createOptimizer } from "../nn/optimizers/mod.ts";
import type { Optimizer, Parameter } from "../nn/optimizers.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import type { Shards } from "../nn/shards.ts";
import { Sequential } from "../nn/sequential.ts";
import type { Tensors, Values } from "../nn/tensors.ts";
import type { Task, TaskLoss } from "../task/task.ts";
import { GradientBlock } from "./gradient_block.ts";
import { type ProcessGroup, shardsOf } from "./process_group.ts";
import type { UploadedSamples } from "./uploaded_samples.ts";

/** What a learner is made of, besides its tensors. */
export interface LearnerOptions {
  readonly task: Task;
  readonly network: Network;
  readonly config: TrainConfig;
  /** What it learns from, and which rows of that. */
  readonly samples: UploadedSamples;
  readonly rows: Uint32Array;
  readonly pixelOrder: PixelOrder;
  readonly group: ProcessGroup;
}

export class Learner implements Disposable {
  readonly network: Sequential;
  /** The network that validation runs: where batches are normalized, one with that folded in, as models have it. */
  readonly evaluated: Sequential;
  readonly loss: TaskLoss;
  /** What is trained. */
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
  readonly clipping: GradientClipping | null;
  readonly group: ProcessGroup;
  /** Which shards of a batch are this process's. */
  readonly shards: Shards;
  /** What is summed over processes; null for one. */
  readonly block: GradientBlock | null;
  readonly #owned: DisposableStack;

  /**
   * @param tensors the network to begin with and, where training resumes, what the optimizer keeps
   * @throws {WeftError} where one is missing or of another length
   */
  constructor(readonly backend: Backend, tensors: Tensors, readonly options: LearnerOptions) {
    const { task, network, config, samples, rows, group } = options;
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const arranged = new Map(
      [...network.pick(tensors)].map(([name, values]) => [name, this.#arrange(name, values)]),
    );
    this.network = owned.use(new Sequential(backend, network, arranged));
    this.evaluated = network.layers.some(({ kind }) => kind.folds)
      ? owned.use(new Sequential(backend, network.folded, network.fold(arranged)))
      : this.network;
    this.loss = task.loss({
      backend,
      allocate: (rows, columns) => own(backend.allocate(rows, columns)),
      uploaded: samples.targets,
      rows,
      outputs: network.spec.outputs,
    }, config);
    this.optimizer = createOptimizer(config);
    this.group = group;
    const shards = this.shards = shardsOf(group, config.shards);
    const block = this.block = group.size > 1
      ? owned.use(new GradientBlock(backend, network))
      : null;
    const { slots: names } = this.optimizer;
    this.parameters = block
      ? this.network.parameters(names, shards, (rows, columns) => block.take(rows, columns))
      : this.network.parameters(names, shards);
    this.clipping = config.clipNorm > 0
      ? owned.use(new GradientClipping(backend, this.parameters, config.clipNorm))
      : null;
    const slots = this.#slots();
    // Where training begins there are none: they are zeros. Where it resumes, none may be missing.
    for (const { name, matrix } of slots.some(({ name }) => tensors.has(name)) ? slots : []) {
      const values = numbersOf(tensors.get(name), name, matrix.rows * matrix.columns);
      backend.write(matrix, this.#arrange(name, values));
    }
    this.#owned = owned.move();
  }

  /** The network's tensors as they are now. */
  async networkTensors(): Promise<Map<string, Values>> {
    const tensors = await this.network.read();
    return new Map([...tensors].map(([name, values]) => [name, this.#restore(name, values)]));
  }

  /** The network as it is now and what the optimizer keeps: all that another session takes to resume. */
  async tensors(): Promise<Map<string, Values>> {
    const tensors = await this.networkTensors();
    for (const { name, matrix } of this.#slots()) {
      tensors.set(name, this.#restore(name, await this.backend.read(matrix)));
    }
    return tensors;
  }

  /** Lets `evaluated` have the parameters as they are now. */
  async prepareEvaluation(): Promise<void> {
    if (this.evaluated === this.network) return;
    this.evaluated.write(this.options.network.fold(await this.network.read()));
  }

  /** l1 sum|w| + l2 / 2 sum w^2 over all weights as they are now; summed in float64. */
  async penalty(): Promise<number> {
    const { network, config: { l1, l2 } } = this.options;
    if (l1 === 0 && l2 === 0) return 0;
    const tensors = await this.network.read();
    let penalty = 0;
    const penalized = network.tensors.filter((tensor) =>
      tensor.matrix.penalized && network.isTrained(tensor)
    );
    for (const { name } of penalized) {
      for (const w of tensors.get(name)!) penalty += l1 * Math.abs(w) + l2 / 2 * w * w;
    }
    return penalty;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /** The optimizer's matrices, called after their parameters: `layers.0.weight.residual`. */
  #slots() {
    return this.parameters.flatMap(({ name, slots }) =>
      slots.map((matrix, i) => ({ name: `${name}.${this.optimizer.slots[i]}`, matrix }))
    );
  }

  /** A tensor as the back end has it. */
  #arrange(name: string, values: Values): Values {
    return this.#isOfPixels(name) ? this.options.pixelOrder.arrangeRows(values) : values;
  }

  /** The inverse. */
  #restore(name: string, values: Values): Values {
    return this.#isOfPixels(name) ? this.options.pixelOrder.restoreRows(values) : values;
  }

  /** Whether a tensor has a row for each pixel, in the back end's order of pixels. */
  #isOfPixels(name: string): boolean {
    const { inputTensor } = this.options.network;
    return name === inputTensor || name.startsWith(`${inputTensor}.`);
  }
}

/** A tensor of a state, which must have so many numbers. */
export function numbersOf(
  values: Float32Array<ArrayBuffer> | undefined,
  name: string,
  length: number,
): Float32Array<ArrayBuffer> {
  if (values?.length === length) return values;
  throw new WeftError(
    `Cannot resume from this state: ${name} must have ${length} numbers, and has ${
      values?.length ?? "none"
    }; continue from an earlier one`,
  );
}
