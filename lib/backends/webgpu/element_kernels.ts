/**
 * Kernels that take every element by itself or by its column: biases, activations and sums of
 * columns. Biases and activations come here only where no product takes them along.
 */
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { addBias } from "./shaders/add_bias.ts";
import { COLUMN_SUMS_WIDTH, columnSums } from "./shaders/column_sums.ts";
import { geluBackward, geluForward } from "./shaders/gelu.ts";
import { leakyReluBackward, leakyReluForward } from "./shaders/leaky_relu.ts";
import { reluBackward, reluForward } from "./shaders/relu.ts";
import { type Shader, THREADS } from "./shaders/shader.ts";
import { sigmoidBackward, sigmoidForward } from "./shaders/sigmoid.ts";
import { tanhBackward, tanhForward } from "./shaders/tanh.ts";
import { type GpuMatrix, isSame } from "./storage.ts";

type ActivationShader = (inPlace: boolean, software: boolean) => Shader;

/** In the order of ACTIVATION_NAMES. */
const FORWARD: readonly ActivationShader[] = [
  sigmoidForward,
  reluForward,
  tanhForward,
  leakyReluForward,
  geluForward,
];
const BACKWARD: readonly ActivationShader[] = [
  sigmoidBackward,
  reluBackward,
  tanhBackward,
  leakyReluBackward,
  geluBackward,
];

export class ElementKernels {
  /** Variants: 1 in place, 0 not; an activation's at its number in epilogueNumber, less 1. */
  readonly #addBias: Variants;
  readonly #forward: readonly Variants[];
  readonly #backward: readonly Variants[];
  /** A kernel of one variant. */
  readonly #columnSums: Variants;

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
    software: boolean,
  ) {
    const { device } = recorder;
    const variants = (make: ActivationShader) =>
      new Variants(device, (number) => make(number === 1, software));
    this.#addBias = new Variants(device, (number) => addBias(number === 1));
    this.#forward = FORWARD.map(variants);
    this.#backward = BACKWARD.map(variants);
    this.#columnSums = new Variants(device, columnSums);
  }

  addBias(y: GpuMatrix, x: GpuMatrix, bias: GpuMatrix): void {
    const inPlace = isSame(y, x);
    const input = inPlace ? undefined : this.aliases.apart(x.storage, y.storage);
    const biases = this.aliases.apart(bias.storage, y.storage);
    const kernel = this.#addBias.get(+inPlace);
    const at = this.#elements(y, x);
    this.recorder.words[at + 3] = bias.offset;
    this.recorder.words[at + 4] = y.stride;
    const group = this.groups.find(kernel, y.storage, biases, input);
    this.recorder.dispatchLinear(kernel.pipeline, group, elementGroups(y));
  }

  /** @param activation its number in epilogueNumber */
  forward(activation: number, y: GpuMatrix, x: GpuMatrix): void {
    const inPlace = isSame(y, x);
    const input = inPlace ? undefined : this.aliases.apart(x.storage, y.storage);
    const kernel = this.#forward[activation - 1].get(+inPlace);
    this.#elements(y, x);
    const group = this.groups.find(kernel, y.storage, input);
    this.recorder.dispatchLinear(kernel.pipeline, group, elementGroups(y));
  }

  /** @param activation its number in epilogueNumber */
  backward(activation: number, dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    const inPlace = isSame(dx, dy);
    const gradient = inPlace ? undefined : this.aliases.apart(dy.storage, dx.storage);
    const results = this.aliases.apart(y.storage, dx.storage);
    const kernel = this.#backward[activation - 1].get(+inPlace);
    const at = this.#elements(dx, dy);
    this.recorder.words[at + 3] = y.offset;
    const group = this.groups.find(kernel, dx.storage, results, gradient);
    this.recorder.dispatchLinear(kernel.pipeline, group, elementGroups(dx));
  }

  columnSums(sums: GpuMatrix, x: GpuMatrix): void {
    const input = this.aliases.apart(x.storage, sums.storage);
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.stride;
    words[at + 2] = sums.offset;
    words[at + 3] = x.offset;
    const kernel = this.#columnSums.get(0);
    const group = this.groups.find(kernel, sums.storage, input);
    this.recorder.dispatch(kernel.pipeline, group, Math.ceil(x.stride / COLUMN_SUMS_WIDTH));
  }

  /** Parameters that kernels by elements share; the index of the first. */
  #elements(output: GpuMatrix, input: GpuMatrix): number {
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = output.rows * output.stride;
    words[at + 1] = output.offset;
    words[at + 2] = input.offset;
    return at;
  }
}

/** Workgroups of a kernel that takes a vec4 a thread. */
function elementGroups({ rows, stride }: GpuMatrix): number {
  return Math.ceil(rows * stride / THREADS);
}
