/**
 * Kernels in WGSL on a GPU, through navigator.gpu. Calls are recorded and submitted many at a time;
 * what they compute stays on the GPU until it is read.
 */
import type {
  Backend,
  BackendDescription,
  ByteMatrix,
  ElementsOf,
  GemmOptions,
  Matrix,
} from "../../backend.ts";
import { WeftError } from "../../errors.ts";
import { Aliases } from "./aliases.ts";
import { type DeviceOptions, type OpenDevice, openDevice } from "./device.ts";
import { DeviceClock } from "./device_clock.ts";
import { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import { Memory } from "./memory.ts";
import { Products } from "./products.ts";
import { Readback } from "./readback.ts";
import { Recorder } from "./recorder.ts";
import { RowKernels } from "./row_kernels.ts";
import { addBias } from "./shaders/add_bias.ts";
import { COLUMN_SUMS_WIDTH, columnSums } from "./shaders/column_sums.ts";
import { countCorrect } from "./shaders/count_correct.ts";
import { gather } from "./shaders/gather.ts";
import { ACTIVATION_NAMES } from "./shaders/math/activations.ts";
import { reluBackward, reluForward } from "./shaders/relu.ts";
import { sgd } from "./shaders/sgd.ts";
import { type Shader, THREADS } from "./shaders/shader.ts";
import { sigmoidBackward, sigmoidForward } from "./shaders/sigmoid.ts";
import { tanhBackward, tanhForward } from "./shaders/tanh.ts";
import {
  GpuBytes,
  GpuMatrix,
  type GpuOrder,
  isSame,
  onlyRun,
  padRows,
  runsOf,
  unpadRows,
} from "./storage.ts";

type ActivationShader = (inPlace: boolean, software: boolean) => Shader;

/** Numbers of the activations, as epilogueNumber has them. */
const [SIGMOID, RELU, TANH] = ACTIVATION_NAMES.map((_, i) => i + 1);

const FORWARD: readonly ActivationShader[] = [sigmoidForward, reluForward, tanhForward];
const BACKWARD: readonly ActivationShader[] = [sigmoidBackward, reluBackward, tanhBackward];

export class WebGpuBackend implements Backend {
  readonly description: BackendDescription;
  /** For tests, which make it fail. */
  readonly device: GPUDevice;
  readonly #open: OpenDevice;
  readonly #memory: Memory;
  readonly #recorder: Recorder;
  readonly #clock: DeviceClock | null;
  readonly #readback: Readback;
  readonly #groups: Groups;
  readonly #aliases: Aliases;
  readonly #products: Products;
  readonly #rowKernels: RowKernels;
  /** Variants: 1 in place, 0 not; an activation's at its number in ACTIVATION_NAMES. */
  readonly #addBias: Variants;
  readonly #forward: readonly Variants[];
  readonly #backward: readonly Variants[];
  /** Kernels of one variant. */
  readonly #gather: Variants;
  readonly #columnSums: Variants;
  readonly #countCorrect: Variants;
  readonly #sgd: Variants;
  #isDisposed = false;

  /**
   * Opens the adapter that is named, or else the first of `listAdapters`.
   *
   * @throws {WeftError} where there is none, or it gives no device
   */
  static async create(options: DeviceOptions = {}): Promise<WebGpuBackend> {
    return new WebGpuBackend(await openDevice(options));
  }

  private constructor(open: OpenDevice) {
    const { device, faults, tiles, description: { name, software, timestamps } } = open;
    this.description = {
      backend: "webgpu",
      threads: 1,
      simd: null,
      adapter: software ? `${name} (software)` : name,
    };
    this.device = device;
    this.#open = open;
    this.#memory = new Memory(open);
    this.#clock = timestamps ? new DeviceClock(device) : null;
    this.#recorder = new Recorder(device, faults, this.#clock);
    this.#readback = new Readback(this.#recorder);
    this.#groups = new Groups(device, this.#recorder.parameterBuffer);
    this.#aliases = new Aliases(this.#recorder, this.#memory);
    this.#products = new Products(this.#recorder, this.#groups, this.#memory, software, tiles);
    this.#rowKernels = new RowKernels(this.#recorder, this.#groups, this.#aliases, software);
    this.#addBias = new Variants(device, (number) => addBias(number === 1));
    const variants = (make: ActivationShader) =>
      new Variants(device, (number) => make(number === 1, software));
    this.#forward = FORWARD.map(variants);
    this.#backward = BACKWARD.map(variants);
    this.#gather = new Variants(device, gather);
    this.#columnSums = new Variants(device, columnSums);
    this.#countCorrect = new Variants(device, countCorrect);
    this.#sgd = new Variants(device, sgd);
  }

  allocate(rows: number, columns: number): GpuMatrix {
    this.#check();
    return this.#memory.matrix(rows, columns);
  }

  allocateBytes(rows: number, columns: number): GpuBytes {
    this.#check();
    return this.#memory.bytes(rows, columns);
  }

  allocateOrder(length: number): GpuOrder {
    this.#check();
    return this.#memory.order(length);
  }

  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
  view(matrix: GpuMatrix | GpuBytes, firstRow: number, rows: number): GpuMatrix | GpuBytes {
    const first = matrix.firstRow + firstRow;
    return matrix instanceof GpuMatrix
      ? new GpuMatrix(matrix.storage, first, rows, matrix.columns, true)
      : new GpuBytes(matrix.parts, first, rows, matrix.columns, true);
  }

  write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
  write(matrix: GpuMatrix | GpuBytes, values: Float32Array | Uint8Array): void {
    this.#submit();
    const { columns, rowBytes } = matrix;
    for (const { storage, at, first, rows } of runsOf(matrix)) {
      const run = values.subarray(first * columns, (first + rows) * columns);
      this.#upload(storage.buffer, at, padRows(run, rows, rowBytes));
    }
  }

  writeOrder(order: GpuOrder, rows: Uint32Array): void {
    this.#submit();
    this.#upload(order.storage.buffer, 0, rows);
  }

  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  async read(matrix: GpuMatrix | GpuBytes): Promise<Float32Array | Uint8Array> {
    // All that is before the first await happens at the call, and so in order.
    this.#next();
    const { rows, columns, rowBytes } = matrix;
    const runs = runsOf(matrix);
    const copies = await Promise.all(
      runs.map((run) => this.#readback.read(run.storage.buffer, run.at, run.rows * rowBytes)),
    );
    const Elements = matrix instanceof GpuMatrix ? Float32Array : Uint8Array;
    const values = new Elements(rows * columns);
    runs.forEach(({ first, rows }, i) => {
      const part = values.subarray(first * columns, (first + rows) * columns);
      unpadRows(part, new Elements(copies[i]), columns);
    });
    return values;
  }

  async settle(): Promise<void> {
    this.#next();
    await this.#readback.settle();
  }

  async takeDeviceMs(): Promise<number | null> {
    this.#submit();
    return this.#clock === null ? null : await this.#clock.take(this.#readback);
  }

  release(buffer: GpuMatrix | GpuBytes | GpuOrder): void {
    // Its first rows begin where the matrix does, so the memory alone cannot tell.
    if ("isView" in buffer && buffer.isView) {
      throw new Error("Cannot release a view: release the matrix that it is of");
    }
    if (this.#isDisposed) return;
    this.#launch();
    this.#recorder.flush();
    const storages = buffer instanceof GpuBytes ? buffer.parts : [buffer];
    for (const { storage } of storages) this.#memory.free(storage);
  }

  gather(x: GpuBytes, data: GpuBytes, order: GpuOrder, start: number): void {
    this.#next();
    const output = onlyRun(x);
    const kernel = this.#gather.get(0);
    const { words } = this.#recorder;
    const count = x.rows * x.stride;
    for (const part of data.parts) {
      const input = this.#aliases.apart(part.storage, output.storage);
      const at = this.#recorder.parameters();
      words[at] = count;
      words[at + 1] = x.stride;
      words[at + 2] = output.offset;
      words[at + 3] = start;
      words[at + 4] = part.firstRow;
      words[at + 5] = part.rows;
      words[at + 6] = data.firstRow;
      const group = this.#groups.find(kernel, output.storage, input, order.storage);
      this.#recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(count / THREADS));
    }
  }

  gemm(c: GpuMatrix, a: GpuMatrix | GpuBytes, b: GpuMatrix, options: GemmOptions = {}): void {
    this.#next();
    const { storage, offset } = a instanceof GpuBytes ? onlyRun(a) : a;
    const aStorage = this.#aliases.apart(storage, c.storage);
    const bStorage = this.#aliases.apart(b.storage, c.storage);
    this.#products.hold(c, a, aStorage, offset, b, bStorage, options);
  }

  addBias(y: GpuMatrix, x: GpuMatrix, bias: GpuMatrix): void {
    this.#check();
    if (this.#products.takeBias(y, x, bias)) return;
    this.#next();
    const inPlace = isSame(y, x);
    const input = inPlace ? undefined : this.#aliases.apart(x.storage, y.storage);
    const biases = this.#aliases.apart(bias.storage, y.storage);
    const kernel = this.#addBias.get(+inPlace);
    const at = this.#elements(y, x);
    this.#recorder.words[at + 3] = bias.offset;
    this.#recorder.words[at + 4] = y.stride;
    const group = this.#groups.find(kernel, y.storage, biases, input);
    this.#recorder.dispatchLinear(kernel.pipeline, group, elementGroups(y));
  }

  sigmoidForward(y: GpuMatrix, x: GpuMatrix): void {
    this.#activationForward(SIGMOID, y, x);
  }

  sigmoidBackward(dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#activationBackward(SIGMOID, dx, dy, y);
  }

  reluForward(y: GpuMatrix, x: GpuMatrix): void {
    this.#activationForward(RELU, y, x);
  }

  reluBackward(dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#activationBackward(RELU, dx, dy, y);
  }

  tanhForward(y: GpuMatrix, x: GpuMatrix): void {
    this.#activationForward(TANH, y, x);
  }

  tanhBackward(dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#activationBackward(TANH, dx, dy, y);
  }

  softmax(p: GpuMatrix, logits: GpuMatrix): void {
    this.#next();
    this.#rowKernels.softmax(p, logits);
  }

  softmaxCrossEntropy(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
  ): void {
    this.#check();
    this.#products.launch();
    const { storage, offset } = onlyRun(labels);
    this.#rowKernels.crossEntropy(dLogits, losses, logits, storage, offset, order, start);
  }

  argmax(classes: GpuMatrix, logits: GpuMatrix, start: number): void {
    this.#next();
    this.#rowKernels.holdArgmax(classes, logits, start);
  }

  countCorrect(count: GpuMatrix, classes: GpuMatrix, labels: GpuBytes, order: GpuOrder): void {
    this.#next();
    const { storage, offset } = onlyRun(labels);
    const predicted = this.#aliases.apart(classes.storage, count.storage);
    const { words } = this.#recorder;
    const at = this.#recorder.parameters();
    words[at] = classes.rows;
    words[at + 1] = count.offset;
    words[at + 2] = classes.offset;
    words[at + 3] = offset;
    const kernel = this.#countCorrect.get(0);
    const group = this.#groups.find(kernel, count.storage, predicted, storage, order.storage);
    this.#recorder.dispatch(kernel.pipeline, group, 1);
  }

  columnSums(sums: GpuMatrix, x: GpuMatrix): void {
    this.#next();
    const input = this.#aliases.apart(x.storage, sums.storage);
    const { words } = this.#recorder;
    const at = this.#recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.stride;
    words[at + 2] = sums.offset;
    words[at + 3] = x.offset;
    const kernel = this.#columnSums.get(0);
    const group = this.#groups.find(kernel, sums.storage, input);
    this.#recorder.dispatch(kernel.pipeline, group, Math.ceil(x.stride / COLUMN_SUMS_WIDTH));
  }

  sgd(
    w: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    learningRate: number,
    l1: number,
    l2: number,
  ): void {
    this.#next();
    const { words, floats } = this.#recorder;
    const gradient = this.#aliases.apart(dw.storage, w.storage, residual.storage);
    const at = this.#recorder.parameters();
    words[at] = w.rows * w.stride;
    words[at + 1] = w.offset;
    words[at + 2] = residual.offset;
    words[at + 3] = dw.offset;
    floats[at + 4] = learningRate;
    floats[at + 5] = l1;
    floats[at + 6] = l2;
    const kernel = this.#sgd.get(0);
    const group = this.#groups.find(kernel, w.storage, residual.storage, gradient);
    this.#recorder.dispatchLinear(kernel.pipeline, group, elementGroups(w));
  }

  /** Frees the GPU's memory and gives the device back. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#open.faults.end();
    this.#memory[Symbol.dispose]();
    this.#readback[Symbol.dispose]();
    this.#clock?.[Symbol.dispose]();
    this.#recorder[Symbol.dispose]();
    this.device.destroy();
  }

  #activationForward(activation: number, y: GpuMatrix, x: GpuMatrix): void {
    this.#check();
    if (this.#products.takeActivation(activation, y, x)) return;
    this.#next();
    const inPlace = isSame(y, x);
    const input = inPlace ? undefined : this.#aliases.apart(x.storage, y.storage);
    const kernel = this.#forward[activation - 1].get(+inPlace);
    this.#elements(y, x);
    const group = this.#groups.find(kernel, y.storage, input);
    this.#recorder.dispatchLinear(kernel.pipeline, group, elementGroups(y));
  }

  #activationBackward(activation: number, dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#check();
    if (this.#products.takeGradient(activation, dx, dy, y)) return;
    this.#next();
    const inPlace = isSame(dx, dy);
    const gradient = inPlace ? undefined : this.#aliases.apart(dy.storage, dx.storage);
    const results = this.#aliases.apart(y.storage, dx.storage);
    const kernel = this.#backward[activation - 1].get(+inPlace);
    const at = this.#elements(dx, dy);
    this.#recorder.words[at + 3] = y.offset;
    const group = this.#groups.find(kernel, dx.storage, results, gradient);
    this.#recorder.dispatchLinear(kernel.pipeline, group, elementGroups(dx));
  }

  /** Parameters that kernels by elements share; the index of the first. */
  #elements(output: GpuMatrix, input: GpuMatrix): number {
    const { words } = this.#recorder;
    const at = this.#recorder.parameters();
    words[at] = output.rows * output.stride;
    words[at + 1] = output.offset;
    words[at + 2] = input.offset;
    return at;
  }

  /** Before every call: throws where there is nothing to compute on any more. */
  #check(): void {
    if (this.#isDisposed) {
      throw new WeftError(
        "Cannot compute on a back end that has been disposed of; make another with createBackend",
      );
    }
    this.#open.faults.check();
  }

  /** Before a call that cannot be taken along by one that is held back. */
  #next(): void {
    this.#check();
    this.#launch();
  }

  /** Dispatches what is held back: a product or, after it, an argmax. */
  #launch(): void {
    this.#products.launch();
    this.#rowKernels.launch();
  }

  /** Submits everything so far. */
  #submit(): void {
    this.#next();
    this.#recorder.flush();
    this.#aliases.free();
  }

  #upload(buffer: GPUBuffer, at: number, values: Float32Array | Uint8Array | Uint32Array): void {
    // Memory that threads share is copied first: WebGPU takes none.
    const own = values.buffer instanceof ArrayBuffer ? values : values.slice();
    this.device.queue.writeBuffer(buffer, at, own as typeof own & ArrayBufferView<ArrayBuffer>);
  }
}

/** Workgroups of a kernel that takes a vec4 a thread. */
function elementGroups({ rows, stride }: GpuMatrix): number {
  return Math.ceil(rows * stride / THREADS);
}
