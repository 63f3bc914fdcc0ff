/**
 * Updates of parameters, held back and dispatched several at once: a training step ends with one for every tensor, and
 * most of those are less work than a dispatch.
 */
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { sgd, SGD_TENSOR_WORDS } from "./shaders/sgd.ts";
import { PARAMETER_BYTES, THREADS } from "./shaders/shader.ts";
import type { GpuMatrix, Storage } from "./storage.ts";

/** Buffers that the update of a tensor works on. */
const BUFFERS = 3;

/** Tensors for which the parameters of a dispatch, after `zero` and the learning rate, have room. */
const MOST_BY_PARAMETERS = Math.floor((PARAMETER_BYTES / 4 - 2) / SGD_TENSOR_WORDS);

export class Updates {
  readonly #sgd: Variants;
  /** Tensors that a dispatch can take. */
  readonly #most: number;
  /** Of the updates that are held back: w, residual and dw of each in turn, l1 and l2 likewise, and how many there are. */
  readonly #matrices: GpuMatrix[] = [];
  readonly #penalties: number[] = [];
  #held = 0;
  #learningRate = 0;
  /** Used anew by every dispatch. */
  readonly #storages: Storage[] = [];

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
  ) {
    const { device } = recorder;
    this.#sgd = new Variants(device, sgd);
    const { maxStorageBuffersPerShaderStage } = device.limits;
    this.#most = Math.min(
      MOST_BY_PARAMETERS,
      Math.floor(maxStorageBuffersPerShaderStage / BUFFERS),
    );
  }

  holdSgd(
    w: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    learningRate: number,
    l1: number,
    l2: number,
  ): void {
    const fits = this.#held < this.#most && learningRate === this.#learningRate &&
      !this.#uses(w.storage) && !this.#uses(residual.storage) && !this.#uses(dw.storage);
    if (!fits) this.launch();
    this.#learningRate = learningRate;
    const at = this.#held++;
    this.#matrices[BUFFERS * at] = w;
    this.#matrices[BUFFERS * at + 1] = residual;
    this.#matrices[BUFFERS * at + 2] = dw;
    this.#penalties[2 * at] = l1;
    this.#penalties[2 * at + 1] = l2;
  }

  /** Dispatches the updates that are held back. */
  launch(): void {
    const held = this.#held;
    if (held === 0) return;
    this.#held = 0;
    const matrices = this.#matrices;
    const storages = this.#storages;
    storages.length = BUFFERS * held;
    for (let i = 0; i < storages.length; i += BUFFERS) {
      const [w, residual] = [matrices[i].storage, matrices[i + 1].storage];
      storages[i] = w;
      storages[i + 1] = residual;
      storages[i + 2] = this.aliases.apart(matrices[i + 2].storage, w, residual);
    }
    const { words, floats } = this.recorder;
    let at = this.recorder.parameters();
    floats[at++] = this.#learningRate;
    let elements = 0;
    for (let t = 0; t < held; t++) {
      const w = matrices[BUFFERS * t];
      const count = w.rows * w.stride;
      words[at] = count;
      words[at + 1] = w.offset;
      words[at + 2] = matrices[BUFFERS * t + 1].offset;
      words[at + 3] = matrices[BUFFERS * t + 2].offset;
      floats[at + 4] = this.#penalties[2 * t];
      floats[at + 5] = this.#penalties[2 * t + 1];
      at += SGD_TENSOR_WORDS;
      elements += count;
    }
    const kernel = this.#sgd.get(held);
    const group = this.groups.findAll(kernel, storages);
    this.recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(elements / THREADS));
  }

  /** Whether an update that is held back works on `storage`, which a dispatch can have once. */
  #uses(storage: Storage): boolean {
    for (let i = 0; i < BUFFERS * this.#held; i++) {
      if (this.#matrices[i].storage === storage) return true;
    }
    return false;
  }
}
