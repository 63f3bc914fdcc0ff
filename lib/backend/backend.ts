/**
 * The contract that every back end meets: memory, a queue, and the kernels of the table (table.ts), nothing above them.
 * Layers, optimizers and the training loop are written once, against this page.
 *
 * - A kernel's outputs come first. The caller allocates them; a kernel overwrites them without reading them, except where
 *   its description says otherwise. No output overlaps another argument, except where its description says that it may be
 *   one; rows of one matrix that do not overlap are separate.
 * - Calls may queue but take effect in order. Only `read`, `settle` and `takeDeviceMs` wait.
 * - Where a device fails, the next call or wait throws a DeviceError, and so does every one after it.
 * - Nothing is allocated per call; views and options are made once and used again.
 * - Shapes are checked by the wrapper that `createBackend` puts around every implementation (checked.ts).
 */
import type { ActivationKind } from "./activations.ts";
import type { ConvolutionShape } from "./convolution.ts";
import type { TableKernels } from "./kernels.ts";
import type { BufferTypes, ByteMatrix, ElementsOf, Matrix, RowIndices } from "./matrices.ts";
import type { UpdateNumbers, UpdateRule } from "./updates.ts";

/** How a product takes its operands; all false by default. */
export interface GemmOptions {
  /** Takes the columns of `a` for its rows. */
  readonly transposeA?: boolean;
  /** Takes the columns of `b` for its rows. */
  readonly transposeB?: boolean;
  /** Adds the product to `c`, which is then read, instead of overwriting it. */
  readonly accumulate?: boolean;
  /** Multiplies the product; 1 by default. Back ends may multiply `b` by it instead. */
  readonly alpha?: number;
}

/** What ran, for the log. */
export interface BackendDescription {
  /** Which implementation. */
  readonly backend: "reference" | "wasm" | "webgpu";
  /** Threads that compute, the calling one included. */
  readonly threads: number;
  /** Build of the WebAssembly kernels; null where there are none. */
  readonly simd: "strict" | "relaxed" | null;
  /** Name of the GPU adapter; null where there is none. */
  readonly adapter: string | null;
  /** Why fewer threads compute than were asked for, in one line; absent where all do. */
  readonly refusedThreads?: string;
}

/** Memory and a queue. */
export interface Device extends Disposable {
  /** What it is. */
  readonly description: BackendDescription;

  /** A matrix of zeros. */
  allocate(rows: number, columns: number): Matrix;
  /** Bytes, all zero. */
  allocateBytes(rows: number, columns: number): ByteMatrix;
  /** Row numbers, all zero. */
  allocateOrder(length: number): RowIndices;
  /** Rows `firstRow` to `firstRow + rows` of `matrix`, sharing its memory. */
  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
  /** Copies row-major `values` into `matrix`. */
  write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
  /** Copies row numbers into `order`. */
  writeOrder(order: RowIndices, rows: Uint32Array): void;
  /**
   * Numbers `first` to `first + rows columns` of `block`, sharing its memory, as a matrix that counts as separate from it.
   * Only back ends that compute in this process's memory have this.
   */
  part?(block: Matrix, first: number, rows: number, columns: number): Matrix;
  /** The numbers of `matrix` themselves, until something is allocated. Likewise. */
  numbersOf?(matrix: Matrix): Float32Array<ArrayBufferLike>;
  /** A copy of `matrix`, row-major, once everything queued before has run. */
  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  /** Resolves when everything queued so far has run. */
  settle(): Promise<void>;
  /**
   * Milliseconds that a device of its own computed since the last call; null where it cannot tell. Only back ends that
   * queue calls for such a device have this.
   */
  takeDeviceMs?(): Promise<number | null>;
  /**
   * Frees a buffer of `allocate`, `allocateBytes` or `allocateOrder`; its views are void with it. Throws where it is a view
   * or was released before; does nothing once the back end has been disposed of.
   */
  release(buffer: Matrix | ByteMatrix | RowIndices): void;
}

/** The kernels, on the buffers of one back end or, by default, of any. */
export interface Kernels<T extends BufferTypes = BufferTypes> extends TableKernels<T> {
  /**
   * c = alpha op(a) op(b), or c += alpha op(a) op(b). op(a): M x K, op(b): K x N, c: M x N; c is neither a nor b. Bytes
   * count as the numbers from 0 to 255.
   */
  gemm(
    c: T["matrix"],
    a: T["matrix"] | T["bytes"],
    b: T["matrix"],
    options?: GemmOptions,
  ): void;

  /**
   * y[b, p, q, o] = bias[o] + alpha sum over k, l, c of w[(k, l, c), o] x[b, p stride + k - padTop, q stride + l - padLeft, c],
   * where x is zero outside an image, and c goes over the channels of the output's group. Bytes count as 0 to 255.
   *
   * y: B x (P Q O), not x; x: B x (H W C); w: (K L C / G) x O; bias: 1 x O, null for none.
   */
  convolve(
    y: T["matrix"],
    x: T["matrix"] | T["bytes"],
    w: T["matrix"],
    bias: T["matrix"] | null,
    shape: ConvolutionShape,
    alpha?: number,
  ): void;
  /**
   * dw and dbias, the gradients by w and bias where dy is the gradient by y. They are overwritten; dbias null for none.
   */
  convolveWeightGradient(
    dw: T["matrix"],
    dbias: T["matrix"] | null,
    x: T["matrix"] | T["bytes"],
    dy: T["matrix"],
    shape: ConvolutionShape,
    alpha?: number,
  ): void;
  /** dx, the gradient by x of float32 where dy is the gradient by y and alpha is 1. dx is not dy. */
  convolveInputGradient(
    dx: T["matrix"],
    dy: T["matrix"],
    w: T["matrix"],
    shape: ConvolutionShape,
  ): void;

  /** y = activation(x), as activations.ts defines it. y may be x. */
  activation(kind: ActivationKind, y: T["matrix"], x: T["matrix"]): void;
  /**
   * dx = dy activation'(x). dx may be dy.
   *
   * @param saved what the row of `kind` in activations.ts says: x, or y = activation(x)
   */
  activationGradient(
    kind: ActivationKind,
    dx: T["matrix"],
    dy: T["matrix"],
    saved: T["matrix"],
  ): void;

  /**
   * Changes w and its slots by the gradient dw, as updates.ts defines it. All matrices have one shape, but for `scale`:
   * 1 x 1, what dw is multiplied by; 1 by default.
   *
   * @param slots in the order of the rule's row
   */
  update<Rule extends UpdateRule>(
    rule: Rule,
    w: T["matrix"],
    slots: readonly T["matrix"][],
    dw: T["matrix"],
    numbers: UpdateNumbers<Rule>,
    scale?: T["matrix"] | null,
  ): void;
}

/** What computes: memory, a queue and kernels. Made by `createBackend`; free it with `Symbol.dispose`. */
export interface Backend extends Device, Kernels {}
