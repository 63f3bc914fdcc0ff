/**
 * Updates of parameters, held back and dispatched several at once: a training step ends with one for every tensor, and
 * most of those are less work than a dispatch.
 */
import type { AdamStep, MomentumStep, RmspropStep } from "../../backend.ts";
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { ADAM } from "./shaders/adam.ts";
import { MOMENTUM } from "./shaders/momentum.ts";
import { RMSPROP } from "./shaders/rmsprop.ts";
import { SGD } from "./shaders/sgd.ts";
import { PARAMETER_BYTES, THREADS } from "./shaders/shader.ts";
import {
  buffersOf,
  sharedWords,
  tensorWords,
  type UpdateKernel,
  updateShader,
} from "./shaders/update.ts";
import type { GpuMatrix, Storage } from "./storage.ts";

type Scale = GpuMatrix | null | undefined;

/** A kernel with its gradients scaled or not, and what a dispatch of it can take. */
class CompiledUpdate {
  /** Variants by the number of tensors. */
  readonly variants: Variants;
  readonly buffers: number;
  /** Tensors that a dispatch has parameters and bindings for. */
  readonly most: number;

  constructor(device: GPUDevice, readonly kernel: UpdateKernel, readonly scaled: boolean) {
    this.variants = new Variants(device, (tensors) => updateShader(kernel, tensors, scaled));
    this.buffers = buffersOf(kernel);
    const { maxStorageBuffersPerShaderStage } = device.limits;
    // The first word is `zero`.
    const words = PARAMETER_BYTES / 4 - 1 - sharedWords(kernel, scaled);
    this.most = Math.min(
      Math.floor(words / tensorWords(kernel)),
      Math.floor((maxStorageBuffersPerShaderStage - +scaled) / this.buffers),
    );
  }
}

export class Updates {
  /** By kernel: unscaled and scaled. */
  readonly #compiled: ReadonlyMap<UpdateKernel, readonly [CompiledUpdate, CompiledUpdate]>;
  /** What is held back: its kernel and, one tensor after the other, its matrices and its own parameters. */
  #update!: CompiledUpdate;
  #held = 0;
  #scale: Scale = null;
  readonly #matrices: GpuMatrix[] = [];
  readonly #own: number[] = [];
  readonly #shared: number[] = [];
  /** Of the call that is being taken. */
  readonly #given: { matrices: GpuMatrix[]; own: number[]; shared: number[] } = {
    matrices: [],
    own: [],
    shared: [],
  };
  /** Used anew by every dispatch. */
  readonly #storages: Storage[] = [];

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
  ) {
    const { device } = recorder;
    this.#compiled = new Map(
      [SGD, MOMENTUM, ADAM, RMSPROP].map((kernel) => [
        kernel,
        [new CompiledUpdate(device, kernel, false), new CompiledUpdate(device, kernel, true)],
      ]),
    );
  }

  holdSgd(
    w: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    learningRate: number,
    l1: number,
    l2: number,
    scale: Scale,
  ): void {
    this.#take(w, residual, dw);
    const { shared, own } = this.#given;
    shared[0] = learningRate;
    own[0] = l1;
    own[1] = l2;
    this.#hold(SGD, scale);
  }

  holdMomentum(
    w: GpuMatrix,
    velocity: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    { learningRate, momentum, nesterov, l1, l2 }: MomentumStep,
    scale: Scale,
  ): void {
    this.#take(w, velocity, residual, dw);
    const { shared, own } = this.#given;
    shared[0] = learningRate;
    shared[1] = momentum;
    shared[2] = +nesterov;
    own[0] = l1;
    own[1] = l2;
    this.#hold(MOMENTUM, scale);
  }

  holdAdam(
    w: GpuMatrix,
    mean: GpuMatrix,
    square: GpuMatrix,
    dw: GpuMatrix,
    { stepSize, correction, rate1, rate2, epsilon, decay, l1, l2 }: AdamStep,
    scale: Scale,
  ): void {
    this.#take(w, mean, square, dw);
    const { shared, own } = this.#given;
    shared[0] = stepSize;
    shared[1] = correction;
    shared[2] = rate1;
    shared[3] = rate2;
    shared[4] = epsilon;
    own[0] = l1;
    own[1] = l2;
    own[2] = decay;
    this.#hold(ADAM, scale);
  }

  holdRmsprop(
    w: GpuMatrix,
    square: GpuMatrix,
    dw: GpuMatrix,
    { learningRate, rate, epsilon, l1, l2 }: RmspropStep,
    scale: Scale,
  ): void {
    this.#take(w, square, dw);
    const { shared, own } = this.#given;
    shared[0] = learningRate;
    shared[1] = rate;
    shared[2] = epsilon;
    own[0] = l1;
    own[1] = l2;
    this.#hold(RMSPROP, scale);
  }

  /** Dispatches the updates that are held back. */
  launch(): void {
    const held = this.#held;
    if (held === 0) return;
    this.#held = 0;
    const { variants, buffers, scaled } = this.#update;
    const own = this.#update.kernel.own.length;
    const shared = this.#update.kernel.shared.length;
    this.#bind(held);
    const { words, floats } = this.recorder;
    let at = this.recorder.parameters();
    for (let s = 0; s < shared; s++) floats[at++] = this.#shared[s];
    if (scaled) words[at++] = this.#scale!.offset;
    let elements = 0;
    for (let t = 0; t < held; t++) {
      const w = this.#matrices[buffers * t];
      const count = w.rows * w.stride;
      words[at++] = count;
      for (let b = 0; b < buffers; b++) words[at++] = this.#matrices[buffers * t + b].offset;
      for (let o = 0; o < own; o++) floats[at++] = this.#own[own * t + o];
      elements += count;
    }
    const kernel = variants.get(held);
    const group = this.groups.findAll(kernel, this.#storages);
    this.recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(elements / THREADS));
  }

  /** Takes down the matrices of a call: w, what is kept of it, and dw. */
  #take(w: GpuMatrix, second: GpuMatrix, third: GpuMatrix, fourth?: GpuMatrix): void {
    const { matrices } = this.#given;
    matrices[0] = w;
    matrices[1] = second;
    matrices[2] = third;
    if (fourth) matrices[3] = fourth;
  }

  /** Holds back the call that was taken down, after what is held already or, where it does not fit, in place of it. */
  #hold(kernel: UpdateKernel, scale: Scale): void {
    const update = this.#compiled.get(kernel)![scale ? 1 : 0];
    if (!this.#fits(update, scale)) this.launch();
    const { matrices, own, shared } = this.#given;
    this.#update = update;
    this.#scale = scale;
    const at = this.#held++;
    for (let s = 0; s < kernel.shared.length; s++) this.#shared[s] = shared[s];
    for (let b = 0; b < update.buffers; b++) this.#matrices[update.buffers * at + b] = matrices[b];
    for (let o = 0; o < kernel.own.length; o++) this.#own[kernel.own.length * at + o] = own[o];
  }

  /** Whether what was taken down can be part of the dispatch that is held back. */
  #fits(update: CompiledUpdate, scale: Scale): boolean {
    if (this.#held === 0) return true;
    if (update !== this.#update || this.#held === update.most || scale !== this.#scale) {
      return false;
    }
    const { matrices, shared } = this.#given;
    for (let s = 0; s < update.kernel.shared.length; s++) {
      if (shared[s] !== this.#shared[s]) return false;
    }
    for (let b = 0; b < update.buffers; b++) if (this.#uses(matrices[b].storage)) return false;
    return true;
  }

  /** Whether an update that is held back works on `storage`, which a dispatch can have once. */
  #uses(storage: Storage): boolean {
    for (let i = 0; i < this.#update.buffers * this.#held; i++) {
      if (this.#matrices[i].storage === storage) return true;
    }
    return false;
  }

  /** Fills `storages` in the order of the bindings; what is read and also written becomes a copy. */
  #bind(held: number): void {
    const { buffers, scaled } = this.#update;
    const storages = this.#storages;
    storages.length = buffers * held + +scaled;
    for (let i = 0; i < buffers * held; i++) {
      const { storage } = this.#matrices[i];
      const isGradient = i % buffers === buffers - 1;
      storages[i] = isGradient ? this.#apart(storage, i - buffers + 1, i) : storage;
    }
    if (!scaled) return;
    const last = buffers * held;
    storages[last] = this.#apart(this.#scale!.storage, 0, last);
  }

  /** `input`, or a copy of it where it is among the bindings from `begin` to `end`. */
  #apart(input: Storage, begin: number, end: number): Storage {
    for (let i = begin; i < end; i++) {
      if (this.#storages[i] === input) return this.aliases.apart(input, input);
    }
    return input;
  }
}
