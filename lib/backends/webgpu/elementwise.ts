/**
 * Kernels that take every element by itself or by its column: sums, biases, activations, dropout. Biases and activations come
 * here only where no product takes them along.
 */
import { ACTIVATION_KINDS, type ActivationKind } from "../../backend/activations.ts";
import type { Gpu } from "./gpu.ts";
import { Variants } from "./kernels.ts";
import { add } from "./shaders/add.ts";
import { addBias } from "./shaders/add_bias.ts";
import { dropout } from "./shaders/dropout.ts";
import { activationBackward, activationForward } from "./shaders/elementwise.ts";
import { type Shader, THREADS } from "./shaders/shader.ts";
import { type GpuMatrix, isSame } from "./storage.ts";

type OfKinds = Readonly<Record<ActivationKind, Variants>>;

export class ElementKernels {
  /** Variants: 1 in place, 0 not. */
  readonly #add: Variants;
  readonly #addBias: Variants;
  readonly #forward: OfKinds;
  readonly #backward: OfKinds;
  readonly #dropout: Variants;

  constructor(readonly gpu: Gpu) {
    const { device, software } = gpu;
    const variants = (make: (inPlace: boolean) => Shader) =>
      new Variants(device, (number) => make(number === 1));
    const ofKinds = (make: typeof activationForward) =>
      Object.fromEntries(
        ACTIVATION_KINDS.map((kind) => [
          kind,
          variants((inPlace) => make(kind, inPlace, software)),
        ]),
      ) as OfKinds;
    this.#add = variants(add);
    this.#addBias = variants(addBias);
    this.#forward = ofKinds(activationForward);
    this.#backward = ofKinds(activationBackward);
    this.#dropout = variants(dropout);
  }

  add(y: GpuMatrix, a: GpuMatrix, b: GpuMatrix, factor: number): void {
    const inPlace = isSame(y, a);
    const { words, floats } = this.gpu.recorder;
    const at = this.#elements(y, a);
    words[at + 3] = b.offset;
    floats[at + 4] = factor;
    const operands = [y, b, inPlace ? undefined : a];
    this.gpu.dispatcher.runLinear(this.#add.get(+inPlace), operands, elementGroups(y));
  }

  addBias(y: GpuMatrix, x: GpuMatrix, bias: GpuMatrix): void {
    const inPlace = isSame(y, x);
    const { words } = this.gpu.recorder;
    const at = this.#elements(y, x);
    words[at + 3] = bias.offset;
    words[at + 4] = y.stride;
    const operands = [y, bias, inPlace ? undefined : x];
    this.gpu.dispatcher.runLinear(this.#addBias.get(+inPlace), operands, elementGroups(y));
  }

  activation(kind: ActivationKind, y: GpuMatrix, x: GpuMatrix): void {
    const inPlace = isSame(y, x);
    this.#elements(y, x);
    const kernel = this.#forward[kind].get(+inPlace);
    this.gpu.dispatcher.runLinear(kernel, [y, inPlace ? undefined : x], elementGroups(y));
  }

  activationGradient(kind: ActivationKind, dx: GpuMatrix, dy: GpuMatrix, saved: GpuMatrix): void {
    const inPlace = isSame(dx, dy);
    const at = this.#elements(dx, dy);
    this.gpu.recorder.words[at + 3] = saved.offset;
    const kernel = this.#backward[kind].get(+inPlace);
    const operands = [dx, saved, inPlace ? undefined : dy];
    this.gpu.dispatcher.runLinear(kernel, operands, elementGroups(dx));
  }

  dropout(y: GpuMatrix, x: GpuMatrix, rate: number, keyA: number, keyB: number): void {
    const inPlace = isSame(y, x);
    const { words, floats } = this.gpu.recorder;
    const at = this.#elements(y, x);
    words[at + 3] = y.stride;
    words[at + 4] = y.columns;
    words[at + 5] = Math.floor(rate * 2 ** 32);
    floats[at + 6] = 1 / (1 - rate);
    words[at + 7] = keyA;
    words[at + 8] = keyB;
    const kernel = this.#dropout.get(+inPlace);
    this.gpu.dispatcher.runLinear(kernel, [y, inPlace ? undefined : x], elementGroups(y));
  }

  /** Parameters that kernels by elements share; the index of the first. */
  #elements(output: GpuMatrix, input: GpuMatrix): number {
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
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
