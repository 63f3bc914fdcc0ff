/**
 * Kernels in WGSL on a GPU, through navigator.gpu. Calls are recorded and submitted many at a time;
 * what they compute stays on the GPU until it is read.
 */
import type { Backend, Device, Kernels } from "../../backend/backend.ts";
import { preceded } from "../../backend/calls.ts";
import type { ByteMatrix, ElementsOf, Matrix, RowIndices } from "../../backend/matrices.ts";
import { WeftError } from "../../errors.ts";
import { ChannelKernels } from "./channels.ts";
import { ColumnKernels } from "./columns.ts";
import { Convolutions } from "./convolutions.ts";
import { type DeviceOptions, openDevice } from "./device.ts";
import { DeviceClock } from "./device_clock.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ElementKernels } from "./elementwise.ts";
import type { Gpu } from "./gpu.ts";
import { ImageKernels } from "./images.ts";
import { LossKernels } from "./losses.ts";
import { Memory } from "./memory.ts";
import { PoolKernels } from "./pools.ts";
import { Products } from "./products.ts";
import { Readback } from "./readback.ts";
import { Recorder } from "./recorder.ts";
import { RowKernels } from "./rows.ts";
import { type GpuBuffers, GpuBytes, GpuMatrix, type GpuOrder } from "./storage.ts";
import { readMatrix, upload, writeMatrix } from "./transfers.ts";
import { Updates } from "./updates.ts";

export interface WebGpuBackend extends Backend {
  /** For tests, which make it fail. */
  readonly device: GPUDevice;
}

/** What is held back until it is known what follows. */
interface Held {
  readonly products: Products;
  readonly rows: RowKernels;
  readonly updates: Updates;
}

type AnyMatrix = GpuMatrix | GpuBytes;
type GpuKernels = Kernels<GpuBuffers>;

/**
 * Opens the adapter that is named, or else the first of `listAdapters`.
 *
 * @throws {WeftError} where there is none, or it gives no device
 */
export async function createWebGpu(options: DeviceOptions = {}): Promise<WebGpuBackend> {
  const open = await openDevice(options);
  const { device, faults, tiles, description: { name, software, timestamps } } = open;
  const memory = new Memory(open);
  const clock = timestamps ? new DeviceClock(device) : null;
  const recorder = new Recorder(device, faults, clock, () => memory.freeRetired());
  const readback = new Readback(recorder);
  const dispatcher = new Dispatcher(recorder, memory);
  const gpu: Gpu = { device, memory, recorder, dispatcher, software, tiles };
  const held: Held = {
    products: new Products(gpu),
    rows: new RowKernels(gpu),
    updates: new Updates(gpu),
  };
  let isDisposed = false;

  /** Before every call: throws where there is nothing to compute on any more. */
  function check(): void {
    if (isDisposed) {
      throw new WeftError(
        "Cannot compute on a back end that has been disposed of; make another with createBackend",
      );
    }
    faults.check();
  }

  /** Dispatches what is held back: a product or, after it, an argmax or updates. */
  function launch(): void {
    held.products.launch();
    held.rows.launch();
    held.updates.launch();
  }

  /** Before a call that cannot be taken along by one that is held back. */
  function next(): void {
    check();
    launch();
  }

  /** Submits everything so far. */
  function submit(): void {
    next();
    recorder.flush();
  }

  const contents: Device = {
    description: {
      backend: "webgpu",
      threads: 1,
      simd: null,
      adapter: software ? `${name} (software)` : name,
    },
    allocate(rows, columns) {
      check();
      return memory.matrix(rows, columns);
    },
    allocateBytes(rows, columns) {
      check();
      return memory.bytes(rows, columns);
    },
    allocateOrder(length) {
      check();
      return memory.order(length);
    },
    view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M {
      const whole = matrix as unknown as AnyMatrix;
      const first = whole.firstRow + firstRow;
      const view = whole instanceof GpuMatrix
        ? new GpuMatrix(whole.storage, first, rows, whole.columns, true)
        : new GpuBytes(whole.parts, first, rows, whole.columns, true);
      return view as unknown as M;
    },
    write(matrix, values) {
      submit();
      writeMatrix(device.queue, matrix as unknown as AnyMatrix, values);
    },
    writeOrder(order, rows) {
      submit();
      upload(device.queue, (order as GpuOrder).storage.buffer, 0, rows);
    },
    async read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>> {
      next();
      return await readMatrix(readback, matrix as unknown as AnyMatrix) as ElementsOf<M>;
    },
    async settle() {
      next();
      await readback.settle();
    },
    async takeDeviceMs() {
      submit();
      if (clock === null) return null;
      return await clock.take((source, at, bytes) => readback.read(source, at, bytes));
    },
    release(given: Matrix | ByteMatrix | RowIndices) {
      const buffer = given as GpuMatrix | GpuBytes | GpuOrder;
      // Its first rows begin where the matrix does, so the memory alone cannot tell.
      if ("isView" in buffer && buffer.isView) {
        throw new Error("Cannot release a view: release the matrix that it is of");
      }
      if (isDisposed) return;
      // A failed device finishes nothing any more, and what it threw here would hide the fault.
      if (!faults.failed) {
        launch();
        recorder.flush();
      }
      const storages = buffer instanceof GpuBytes ? buffer.parts : [buffer];
      for (const { storage } of storages) memory.free(storage);
    },
    /** Frees the GPU's memory and gives the device back. */
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      faults.end();
      memory[Symbol.dispose]();
      readback[Symbol.dispose]();
      clock?.[Symbol.dispose]();
      recorder[Symbol.dispose]();
      device.destroy();
    },
  };
  const kernels = kernelsOf(gpu, held, check, next);
  return { ...contents, ...kernels as unknown as Kernels, device };
}

/** @param check before every call, @param next before one that nothing held back takes along */
function kernelsOf(gpu: Gpu, held: Held, check: () => void, next: () => void): GpuKernels {
  const { products, rows, updates } = held;
  const elements = new ElementKernels(gpu);
  const columns = new ColumnKernels(gpu);
  const images = new ImageKernels(gpu);
  const losses = new LossKernels(gpu);
  const convolutions = new Convolutions(gpu);
  const channels = new ChannelKernels(gpu);
  const pools = new PoolKernels(gpu);

  /** Those kernels of a family, each after `before`. */
  function of<Name extends keyof GpuKernels>(
    before: () => void,
    family: Pick<GpuKernels, Name>,
    ...names: Name[]
  ): Pick<GpuKernels, Name> {
    const kernels = names.map((name) => [name, preceded(before, family[name].bind(family))]);
    return Object.fromEntries(kernels);
  }

  /** Before a cross-entropy, which takes an argmax along. */
  function beforeLoss(): void {
    check();
    products.launch();
    updates.launch();
  }

  return {
    ...of(next, images, "gather", "gatherFloats", "gatherTransformed", "scaleRows"),
    ...of(next, elements, "add", "dropout"),
    ...of(next, rows, "softmax", "sumClassWeights", "argmax", "countCorrect", "rowSquares"),
    ...of(next, losses, "sigmoidCrossEntropy", "distanceLoss"),
    ...of(beforeLoss, rows, "softmaxCrossEntropy", "weightedCrossEntropy"),
    ...of(next, columns, "columnSums", "batchNormForward", "batchNormBackward"),
    ...of(next, convolutions, "convolve", "convolveWeightGradient", "convolveInputGradient"),
    ...of(
      next,
      channels,
      "channelMoments",
      "channelStatistics",
      "channelNormForward",
      "channelGradientSums",
      "channelNormGradients",
      "channelNormBackward",
      "channelNormPoolForward",
      "channelPoolSums",
      "channelNormPoolBackward",
    ),
    ...of(
      next,
      pools,
      "maxPoolForward",
      "maxPoolBackward",
      "averagePoolForward",
      "averagePoolBackward",
    ),
    ...of(next, updates, "clipScale"),
    gemm(c, a, b, options = {}) {
      next();
      products.hold(c, a, b, options);
    },
    addBias(y, x, bias) {
      check();
      if (products.takeBias(y, x, bias)) return;
      next();
      elements.addBias(y, x, bias);
    },
    activation(kind, y, x) {
      check();
      if (products.takeActivation(kind, y, x)) return;
      next();
      elements.activation(kind, y, x);
    },
    activationGradient(kind, dx, dy, saved) {
      check();
      if (products.takeGradient(kind, dx, dy, saved)) return;
      next();
      elements.activationGradient(kind, dx, dy, saved);
    },
    update(rule, w, slots, dw, numbers, scale) {
      // Updates that are held back do not keep others from being held.
      check();
      products.launch();
      rows.launch();
      updates.hold(rule, w, slots, dw, numbers, scale ?? null);
    },
  };
}
