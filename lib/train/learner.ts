/** A network in training on a back end: its parameters, its loss, and what changes the one to make the other smaller. */
import type { Backend } from "../backend.ts";
import type { PixelOrder } from "../dataset/pixel_order.ts";
import { WeftError } from "../errors.ts";
import { Dropout } from "../nn/dropout.ts";
import { GradientClipping } from "../nn/gradient_clipping.ts";
import type { InputMap } from "../nn/input_map.ts";
import { type Gradients, Mlp } from "../nn/mlp.ts";
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
import type { TrainConfig } from "./config.ts";
import type { GradientSync } from "./gradient_sync.ts";
import { TrainingLoss } from "./loss.ts";
import type { UploadedImages } from "./uploaded_images.ts";

/** What a learner is made of, besides its tensors. */
export interface LearnerOptions {
  readonly architecture: Architecture;
  readonly config: TrainConfig;
  /** What the network takes for its inputs. */
  readonly input: InputMap;
  /** What it learns from, and which rows of that. */
  readonly images: UploadedImages;
  readonly rows: Uint32Array;
  readonly pixelOrder: PixelOrder;
  readonly sync: GradientSync;
}

export class Learner implements Disposable {
  readonly network: Mlp;
  /** The network that validation runs: where batches are normalised, one with that folded in, as models have it. */
  readonly evaluated: Mlp;
  readonly loss: TrainingLoss;
  readonly gradients: Gradients;
  readonly optimizer: Optimizer;
  readonly clipping: GradientClipping | null;
  readonly sync: GradientSync;
  readonly #owned: DisposableStack;

  /**
   * @param tensors the network to begin with and, where training resumes, what the optimizer keeps
   * @throws {WeftError} where one is missing or of another length
   */
  constructor(readonly backend: Backend, tensors: Tensors, readonly options: LearnerOptions) {
    const { architecture, config, input: { scale, offset }, images, rows, sync } = options;
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const [first, ...others] = parametersFrom(tensors, architecture);
    const arranged = { ...first, weights: this.#arrange(weightName(0), first.weights) };
    const parameters = [arranged, ...others];
    const dropout = config.dropout > 0 ? new Dropout(config.dropout, config.seed) : null;
    this.network = owned.use(new Mlp(backend, architecture, parameters, scale, dropout, offset));
    this.evaluated = parameters.some(({ norm }) => norm)
      ? owned.use(new Mlp(backend, architecture, parameters.map(foldNorm), scale, null, offset))
      : this.network;
    this.loss = new TrainingLoss(
      backend,
      (rows, columns) => own(backend.allocate(rows, columns)),
      config,
      images.labels,
      images.labelValues,
      rows,
      architecture.outputs,
    );
    this.optimizer = createOptimizer(config);
    this.gradients = this.network.gradients(config.freezeOutputBias, this.optimizer.slots);
    this.clipping = config.clipNorm > 0
      ? owned.use(new GradientClipping(backend, this.gradients.parameters, config.clipNorm))
      : null;
    this.sync = sync;
    const slots = this.#slots();
    // Where training begins there are none: they are zeros. Where it resumes, none may be missing.
    for (const { name, matrix } of slots.some(({ name }) => tensors.has(name)) ? slots : []) {
      const values = numbersOf(tensors.get(name), name, matrix.rows * matrix.columns);
      backend.write(matrix, this.#arrange(name, values));
    }
    this.#owned = owned.move();
  }

  /** The network's parameters as they are now, with what normalises batches apart. */
  async parameters(): Promise<LayerParameters[]> {
    const [first, ...others] = await this.network.read();
    const { pixelOrder } = this.options;
    return [{ ...first, weights: pixelOrder.restoreRows(first.weights) }, ...others];
  }

  /** The network as it is now and what the optimizer keeps: all that another session takes to resume. */
  async tensors(): Promise<Map<string, Float32Array<ArrayBuffer>>> {
    const tensors = tensorsOf(await this.parameters());
    for (const { name, matrix } of this.#slots()) {
      const values = await this.backend.read(matrix);
      const { pixelOrder } = this.options;
      tensors.set(name, isOfPixels(name) ? pixelOrder.restoreRows(values) : values);
    }
    return tensors;
  }

  /** Lets `evaluated` have the parameters as they are now. */
  async prepareEvaluation(): Promise<void> {
    if (this.evaluated === this.network) return;
    this.evaluated.write((await this.network.read()).map(foldNorm));
  }

  /** l1 sum|w| + l2 / 2 sum w^2 over all weights as they are now; summed in float64. */
  async penalty(): Promise<number> {
    const { l1, l2 } = this.options.config;
    if (l1 === 0 && l2 === 0) return 0;
    let penalty = 0;
    for (const { weights } of await this.network.read()) {
      for (const w of weights) penalty += l1 * Math.abs(w) + l2 / 2 * w * w;
    }
    return penalty;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /** The optimizer's matrices, called after their parameters: `layers.0.weight.residual`. */
  #slots() {
    return this.gradients.parameters.flatMap(({ name, slots }) =>
      slots.map((matrix, i) => ({ name: `${name}.${this.optimizer.slots[i]}`, matrix }))
    );
  }

  /** A tensor as the back end has it. */
  #arrange(name: string, values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    return isOfPixels(name) ? this.options.pixelOrder.arrangeRows(values) : values;
  }
}

/** Whether a tensor has a row for each pixel, in the back end's order of pixels. */
function isOfPixels(name: string): boolean {
  return name.startsWith(weightName(0));
}

/** A tensor of a state, which must have so many numbers. */
export function numbersOf(
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
