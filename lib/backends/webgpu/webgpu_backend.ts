/**
 * Kernels in WGSL on a GPU, through navigator.gpu. Calls are recorded and submitted many at a time;
 * what they compute stays on the GPU until it is read.
 */
import type {
  AdamStep,
  Backend,
  BackendDescription,
  ByteMatrix,
  CrossEntropyTargets,
  ElementsOf,
  GemmOptions,
  Matrix,
  MomentumStep,
  RmspropStep,
} from "../../backend.ts";
import { WeftError } from "../../errors.ts";
import { Aliases } from "./aliases.ts";
import { ClippingKernels } from "./clipping.ts";
import { type DeviceOptions, type OpenDevice, openDevice } from "./device.ts";
import { DeviceClock } from "./device_clock.ts";
import { ElementKernels } from "./element_kernels.ts";
import { Groups } from "./groups.ts";
import { LayerKernels } from "./layer_kernels.ts";
import { Memory } from "./memory.ts";
import { OrderKernels } from "./order_kernels.ts";
import { Products } from "./products.ts";
import { Readback } from "./readback.ts";
import { Recorder } from "./recorder.ts";
import { RowKernels } from "./row_kernels.ts";
import { ACTIVATION_NAMES } from "./shaders/math/activations.ts";
import { GpuBytes, GpuMatrix, type GpuOrder, onlyRun } from "./storage.ts";
import { readMatrix, upload, writeMatrix } from "./transfers.ts";
import { Updates } from "./updates.ts";

/** Numbers of the activations, as epilogueNumber has them. */
const [SIGMOID, RELU, TANH, LEAKY_RELU, GELU] = ACTIVATION_NAMES.map((_, i) => i + 1);

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
  readonly #elementKernels: ElementKernels;
  readonly #orderKernels: OrderKernels;
  readonly #clippingKernels: ClippingKernels;
  readonly #layerKernels: LayerKernels;
  readonly #updates: Updates;
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
    this.#recorder = new Recorder(device, faults, this.#clock, () => this.#memory.freeRetired());
    this.#readback = new Readback(this.#recorder);
    this.#groups = new Groups(device, this.#recorder.parameterBuffer);
    this.#aliases = new Aliases(this.#recorder, this.#memory);
    this.#products = new Products(this.#recorder, this.#groups, this.#memory, software, tiles);
    const parts = [this.#recorder, this.#groups, this.#aliases] as const;
    this.#rowKernels = new RowKernels(...parts, software);
    this.#elementKernels = new ElementKernels(...parts, software);
    this.#orderKernels = new OrderKernels(...parts);
    this.#clippingKernels = new ClippingKernels(...parts);
    this.#layerKernels = new LayerKernels(...parts);
    this.#updates = new Updates(...parts);
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
    writeMatrix(this.device.queue, matrix, values);
  }

  writeOrder(order: GpuOrder, rows: Uint32Array): void {
    this.#submit();
    upload(this.device.queue, order.storage.buffer, 0, rows);
  }

  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  async read(matrix: GpuMatrix | GpuBytes): Promise<Float32Array | Uint8Array> {
    this.#next();
    return await readMatrix(this.#readback, matrix);
  }

  async settle(): Promise<void> {
    this.#next();
    await this.#readback.settle();
  }

  async takeDeviceMs(): Promise<number | null> {
    this.#submit();
    if (this.#clock === null) return null;
    return await this.#clock.take((source, at, bytes) => this.#readback.read(source, at, bytes));
  }

  release(buffer: GpuMatrix | GpuBytes | GpuOrder): void {
    // Its first rows begin where the matrix does, so the memory alone cannot tell.
    if ("isView" in buffer && buffer.isView) {
      throw new Error("Cannot release a view: release the matrix that it is of");
    }
    if (this.#isDisposed) return;
    // A failed device finishes nothing any more, and what it threw here would hide the fault.
    if (!this.#open.faults.failed) {
      this.#launch();
      this.#recorder.flush();
    }
    const storages = buffer instanceof GpuBytes ? buffer.parts : [buffer];
    for (const { storage } of storages) this.#memory.free(storage);
  }

  gather(x: GpuBytes, data: GpuBytes, order: GpuOrder, start: number): void {
    this.#next();
    this.#orderKernels.gather(x, data, order, start);
  }

  gatherTransformed(
    x: GpuBytes,
    data: GpuBytes,
    order: GpuOrder,
    start: number,
    sources: GpuOrder,
    key: number,
  ): void {
    this.#next();
    this.#orderKernels.gatherTransformed(x, data, order, start, sources, key);
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
    this.#elementKernels.addBias(y, x, bias);
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

  leakyReluForward(y: GpuMatrix, x: GpuMatrix): void {
    this.#activationForward(LEAKY_RELU, y, x);
  }

  leakyReluBackward(dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#activationBackward(LEAKY_RELU, dx, dy, y);
  }

  geluForward(y: GpuMatrix, x: GpuMatrix): void {
    this.#activationForward(GELU, y, x);
  }

  geluBackward(dx: GpuMatrix, dy: GpuMatrix, x: GpuMatrix): void {
    this.#activationBackward(GELU, dx, dy, x);
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
    targets?: CrossEntropyTargets,
  ): void {
    this.#check();
    this.#products.launch();
    this.#updates.launch();
    const { storage, offset } = onlyRun(labels);
    this.#rowKernels.crossEntropy(dLogits, losses, logits, storage, offset, order, start, targets);
  }

  sumClassWeights(
    sum: GpuMatrix,
    classWeights: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
    rows: number,
  ): void {
    this.#next();
    this.#orderKernels.sumClassWeights(sum, classWeights, labels, order, start, rows);
  }

  dropout(y: GpuMatrix, x: GpuMatrix, rate: number, keyA: number, keyB: number): void {
    this.#next();
    this.#layerKernels.dropout(y, x, rate, keyA, keyB);
  }

  batchNormForward(
    y: GpuMatrix,
    statistics: GpuMatrix,
    running: GpuMatrix,
    x: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    momentum: number,
    epsilon: number,
  ): void {
    this.#next();
    this.#layerKernels
      .batchNormForward(y, statistics, running, x, weight, bias, momentum, epsilon);
  }

  batchNormBackward(
    dx: GpuMatrix,
    dweight: GpuMatrix,
    dbias: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
  ): void {
    this.#next();
    this.#layerKernels.batchNormBackward(dx, dweight, dbias, dy, x, statistics, weight);
  }

  argmax(classes: GpuMatrix, logits: GpuMatrix, start: number): void {
    this.#next();
    this.#rowKernels.holdArgmax(classes, logits, start);
  }

  countCorrect(count: GpuMatrix, classes: GpuMatrix, labels: GpuBytes, order: GpuOrder): void {
    this.#next();
    this.#orderKernels.countCorrect(count, classes, labels, order);
  }

  columnSums(sums: GpuMatrix, x: GpuMatrix): void {
    this.#next();
    this.#elementKernels.columnSums(sums, x);
  }

  sgd(
    w: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    learningRate: number,
    l1: number,
    l2: number,
    scale?: GpuMatrix | null,
  ): void {
    this.#beforeUpdate();
    this.#updates.holdSgd(w, residual, dw, learningRate, l1, l2, scale);
  }

  momentum(
    w: GpuMatrix,
    velocity: GpuMatrix,
    residual: GpuMatrix,
    dw: GpuMatrix,
    step: MomentumStep,
    scale?: GpuMatrix | null,
  ): void {
    this.#beforeUpdate();
    this.#updates.holdMomentum(w, velocity, residual, dw, step, scale);
  }

  adam(
    w: GpuMatrix,
    mean: GpuMatrix,
    square: GpuMatrix,
    dw: GpuMatrix,
    step: AdamStep,
    scale?: GpuMatrix | null,
  ): void {
    this.#beforeUpdate();
    this.#updates.holdAdam(w, mean, square, dw, step, scale);
  }

  rmsprop(
    w: GpuMatrix,
    square: GpuMatrix,
    dw: GpuMatrix,
    step: RmspropStep,
    scale?: GpuMatrix | null,
  ): void {
    this.#beforeUpdate();
    this.#updates.holdRmsprop(w, square, dw, step, scale);
  }

  rowSquares(sums: GpuMatrix, x: GpuMatrix, start: number): void {
    this.#next();
    this.#clippingKernels.rowSquares(sums, x, start);
  }

  clipScale(scale: GpuMatrix, sums: GpuMatrix, maxNorm: number): void {
    this.#next();
    this.#clippingKernels.clipScale(scale, sums, maxNorm);
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
    this.#elementKernels.forward(activation, y, x);
  }

  #activationBackward(activation: number, dx: GpuMatrix, dy: GpuMatrix, y: GpuMatrix): void {
    this.#check();
    if (this.#products.takeGradient(activation, dx, dy, y)) return;
    this.#next();
    this.#elementKernels.backward(activation, dx, dy, y);
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

  /** Before an update, which others that are held back do not keep from being held. */
  #beforeUpdate(): void {
    this.#check();
    this.#products.launch();
    this.#rowKernels.launch();
  }

  /** Before a call that cannot be taken along by one that is held back. */
  #next(): void {
    this.#check();
    this.#launch();
  }

  /** Dispatches what is held back: a product or, after it, an argmax or updates. */
  #launch(): void {
    this.#products.launch();
    this.#rowKernels.launch();
    this.#updates.launch();
  }

  /** Submits everything so far. */
  #submit(): void {
    this.#next();
    this.#recorder.flush();
  }
}
