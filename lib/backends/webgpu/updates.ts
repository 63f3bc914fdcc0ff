/**
 * Updates of parameters, held back and dispatched several at once: a training step ends with one for every tensor, and
 * most of those are less work than a dispatch. And the scale that clips gradients.
 */
import {
  sharedNumbersOf,
  UPDATE_RULES,
  type UpdateNumbers,
  type UpdateRule,
  UPDATES,
} from "../../backend/updates.ts";
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { Variants } from "./kernels.ts";
import { clipScale } from "./shaders/clip_scale.ts";
import { PARAMETER_BYTES, THREADS } from "./shaders/shader.ts";
import { buffersOf, sharedWords, tensorWords, updateShader } from "./shaders/update.ts";
import type { GpuMatrix, Storage } from "./storage.ts";

type Scale = GpuMatrix | null;

/** A rule with its gradients scaled or not, and what a dispatch of it can take. */
class CompiledUpdate {
  /** Variants by the number of tensors. */
  readonly variants: Variants;
  readonly buffers: number;
  /** Tensors that a dispatch has parameters and bindings for. */
  readonly most: number;
  /** Names of numbers. */
  readonly shared: readonly string[];
  readonly own: readonly string[];

  constructor(device: GPUDevice, rule: UpdateRule, readonly scaled: boolean) {
    this.variants = new Variants(device, (tensors) => updateShader(rule, tensors, scaled));
    this.buffers = buffersOf(rule);
    this.shared = sharedNumbersOf(rule);
    this.own = UPDATES[rule].own;
    const { maxStorageBuffersPerShaderStage } = device.limits;
    // The first word is `zero`.
    const words = PARAMETER_BYTES / 4 - 1 - sharedWords(rule, scaled);
    this.most = Math.min(
      Math.floor(words / tensorWords(rule)),
      Math.floor((maxStorageBuffersPerShaderStage - +scaled) / this.buffers),
    );
  }
}

type Compiled = Readonly<Record<UpdateRule, readonly [CompiledUpdate, CompiledUpdate]>>;

export class Updates {
  /** By rule: unscaled and scaled. */
  readonly #compiled: Compiled;
  readonly #clipScale: Variants;
  /** What is held back: its kernel and, one tensor after the other, its matrices and its own parameters. */
  #update!: CompiledUpdate;
  #held = 0;
  #scale: Scale = null;
  readonly #matrices: GpuMatrix[] = [];
  readonly #own: number[] = [];
  readonly #shared: number[] = [];
  /** The matrices of the call that is being taken. */
  readonly #given: GpuMatrix[] = [];
  /** Used anew by every dispatch. */
  readonly #operands: Operand[] = [];

  constructor(readonly gpu: Gpu) {
    const { device } = gpu;
    this.#compiled = Object.fromEntries(
      UPDATE_RULES.map((rule) => [
        rule,
        [new CompiledUpdate(device, rule, false), new CompiledUpdate(device, rule, true)],
      ]),
    ) as unknown as Compiled;
    this.#clipScale = new Variants(device, clipScale);
  }

  clipScale(scale: GpuMatrix, sums: GpuMatrix, maxNorm: number): void {
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = sums.rows;
    words[at + 1] = scale.offset;
    words[at + 2] = sums.offset;
    floats[at + 3] = maxNorm;
    this.gpu.dispatcher.run(this.#clipScale.get(0), [scale, sums], 1);
  }

  /** Holds back an update, after what is held already or, where it does not fit, in place of it. */
  hold<Rule extends UpdateRule>(
    rule: Rule,
    w: GpuMatrix,
    slots: readonly GpuMatrix[],
    dw: GpuMatrix,
    numbers: UpdateNumbers<Rule>,
    scale: Scale,
  ): void {
    const update = this.#compiled[rule][scale ? 1 : 0];
    const { buffers, shared, own } = update;
    const given = this.#given;
    given[0] = w;
    for (let s = 0; s < slots.length; s++) given[s + 1] = slots[s];
    given[buffers - 1] = dw;
    const values = numbers as Readonly<Record<string, number>>;
    if (!this.#fits(update, values, scale)) this.launch();
    this.#update = update;
    this.#scale = scale;
    const at = this.#held++;
    for (let s = 0; s < shared.length; s++) this.#shared[s] = +values[shared[s]];
    for (let b = 0; b < buffers; b++) this.#matrices[buffers * at + b] = given[b];
    for (let o = 0; o < own.length; o++) this.#own[own.length * at + o] = values[own[o]];
  }

  /** Dispatches the updates that are held back. */
  launch(): void {
    const held = this.#held;
    if (held === 0) return;
    this.#held = 0;
    const { variants, buffers, scaled } = this.#update;
    const own = this.#update.own.length;
    const shared = this.#update.shared.length;
    const { words, floats } = this.gpu.recorder;
    let at = this.gpu.recorder.parameters();
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
    const operands = this.#operands;
    operands.length = buffers * held + +scaled;
    for (let i = 0; i < buffers * held; i++) operands[i] = this.#matrices[i];
    if (scaled) operands[buffers * held] = this.#scale!;
    const kernel = variants.get(held);
    this.gpu.dispatcher.runLinear(kernel, operands, Math.ceil(elements / THREADS));
  }

  /** Whether what was taken down can be part of the dispatch that is held back. */
  #fits(
    update: CompiledUpdate,
    numbers: Readonly<Record<string, number>>,
    scale: Scale,
  ): boolean {
    if (this.#held === 0) return true;
    if (update !== this.#update || this.#held === update.most || scale !== this.#scale) {
      return false;
    }
    const { shared, buffers } = update;
    for (let s = 0; s < shared.length; s++) {
      if (+numbers[shared[s]] !== this.#shared[s]) return false;
    }
    for (let b = 0; b < buffers; b++) if (this.#uses(this.#given[b].storage)) return false;
    return true;
  }

  /** Whether an update that is held back works on `storage`, which a dispatch can have once. */
  #uses(storage: Storage): boolean {
    for (let i = 0; i < this.#update.buffers * this.#held; i++) {
      if (this.#matrices[i].storage === storage) return true;
    }
    return false;
  }
}
