/**
 * Kernels compiled from assembly/ to WebAssembly SIMD, over one linear memory, each run as a job of a team of threads.
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
import { blockDepth } from "./block_depth.ts";
import { compileKernels, type Constants, MEMORY_PAGES, type Simd } from "./kernels.ts";
import { LinearMemory } from "./linear_memory.ts";
import { Team } from "./team.ts";

/** Elements of a buffer in linear memory; `at` is its byte offset. */
class Placed<Element extends "float32" | "uint8" | "uint32" = "float32"> {
  constructor(
    readonly element: Element,
    readonly at: number,
    readonly rows: number,
    readonly columns: number,
    readonly isView = false,
  ) {}
  get length(): number {
    return this.rows * this.columns;
  }
}

type Bytes = Placed<"uint8">;
type Order = Placed<"uint32">;

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** Bytes of an element. */
const SIZES = { float32: FLOAT, uint8: 1, uint32: 4 } as const;

/** Elements of a cache line: parts that threads write begin at one. */
const LINE = 64 / FLOAT;

/**
 * Operations below which a job is not shared. Forking and joining takes about a microsecond, in which a thread does some
 * thousands of them.
 */
const FEW = 8192;

/** Operations of an exponential, and of an update with a root and a division. */
const EXP = 16;
const ROOT = 4;

/** Of a hash, and of the normalisation of a batch, which passes over it a few times. */
const HASH = 4;
const PASSES = 3;
/** Of a byte that is picked by a table. */
const PICK = 4;

export interface WasmOptions {
  readonly simd?: Simd | "auto";
  /** Threads; as many as there are processors, up to eight, where left out. */
  readonly threads?: number;
  /** What `kernelsToImport` wrote, compiled: in place of compiling the kernels now. */
  readonly kernels?: WebAssembly.Module;
}

export class WasmBackend implements Backend {
  readonly description: BackendDescription;
  readonly #memory: LinearMemory;
  readonly #team: Team;
  readonly #kernels: Constants;
  /** The packed block of B, which the threads share, and a packed block of A for each. */
  readonly #packedB: number;
  readonly #scratch: number;
  /** Buffers that have not been released. */
  readonly #live = new WeakSet<Placed | Bytes | Order>();

  /** Compiles the kernels, starts the threads and makes a back end. */
  static async create(
    { simd = "auto", threads, kernels: module }: WasmOptions = {},
  ): Promise<WasmBackend> {
    const kernels = module ? { module, shared: false } : await compileKernels(simd);
    const memory = new LinearMemory(MEMORY_PAGES.initial * 65536, kernels.shared);
    const team = await Team.create(kernels, memory, threads);
    return new WasmBackend(memory, team);
  }

  private constructor(memory: LinearMemory, team: Team) {
    const simd = team.constants.RELAXED ? "relaxed" : "strict";
    this.description = { backend: "wasm", threads: team.members, simd, adapter: null };
    this.#memory = memory;
    this.#team = team;
    this.#kernels = team.constants;
    this.#packedB = memory.allocate(team.constants.GEMM_PACKED_B);
    this.#scratch = memory.allocate(team.constants.GEMM_SCRATCH * team.members);
  }

  allocate(rows: number, columns: number): Placed {
    return this.#place("float32", rows, columns);
  }

  allocateBytes(rows: number, columns: number): Bytes {
    return this.#place("uint8", rows, columns);
  }

  allocateOrder(length: number): Order {
    return this.#place("uint32", length, 1);
  }

  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
  view({ element, at, columns }: Placed | Bytes, firstRow: number, rows: number): Placed | Bytes {
    return new Placed(element, at + firstRow * columns * SIZES[element], rows, columns, true) as
      | Placed
      | Bytes;
  }

  write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
  write(matrix: Placed | Bytes, values: Float32Array | Uint8Array): void {
    this.#elements(matrix).set(values);
  }

  writeOrder(order: Order, rows: Uint32Array): void {
    this.#team.check();
    new Uint32Array(this.#memory.memory.buffer, order.at, order.length).set(rows);
  }

  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  // deno-lint-ignore require-await -- what it throws is to be a rejection
  async read(matrix: Placed | Bytes): Promise<Float32Array | Uint8Array> {
    const elements = this.#elements(matrix);
    return elements instanceof Uint8Array ? new Uint8Array(elements) : new Float32Array(elements);
  }

  // deno-lint-ignore require-await -- what it throws is to be a rejection
  async settle(): Promise<void> {
    this.#team.check();
  }

  release(buffer: Placed | Bytes | Order): void {
    // Its first rows begin where the buffer does, so the memory alone cannot tell.
    if (buffer.isView) throw new Error("Cannot release a view: release the matrix that it is of");
    if (this.#team.ended) return;
    // Another buffer may begin there by now, so the memory alone cannot tell.
    if (!this.#live.delete(buffer)) {
      throw new Error("Cannot release a buffer twice: it was released before");
    }
    this.#memory.free(buffer.at);
  }

  gather(x: Bytes, data: Bytes, order: Order, start: number): void {
    this.#addresses(x.at, data.at, order.at + start * 4);
    this.#team.int(3, x.columns);
    this.#rows(this.#kernels.GATHER, x);
  }

  gatherTransformed(
    x: Bytes,
    data: Bytes,
    order: Order,
    start: number,
    sources: Order,
    key: number,
  ): void {
    this.#addresses(x.at, data.at, order.at + start * 4);
    this.#team.int(3, x.columns);
    this.#team.int(4, sources.at);
    this.#team.int(5, sources.length / x.columns);
    this.#team.int(6, key);
    this.#rows(this.#kernels.GATHER_TRANSFORMED, x, PICK);
  }

  gemm(c: Placed, a: Placed | Bytes, b: Placed, options: GemmOptions = {}): void {
    const { transposeA = false, transposeB = false, accumulate = false, alpha = 1 } = options;
    const { KC, NC } = this.#kernels;
    const depth = transposeA ? a.rows : a.columns;
    const block = blockDepth(depth, KC);
    for (let j = 0; j < c.columns; j += NC) {
      const width = Math.min(NC, c.columns - j);
      for (let k = 0; k < depth; k += block) {
        const steps = Math.min(block, depth - k);
        this.#packB(b, transposeB, alpha, j, width, k, steps);
        this.#multiplyBlock(c, a, transposeA, j, width, k, steps, accumulate || k > 0);
      }
    }
  }

  /** Packs `width` columns of alpha op(B) from column `j`, `steps` steps from `k`. */
  #packB(
    b: Placed,
    transpose: boolean,
    alpha: number,
    j: number,
    width: number,
    k: number,
    steps: number,
  ): void {
    const team = this.#team;
    team.clearWord(this.#packedB);
    this.#addresses(this.#packedB, b.at, b.columns);
    team.int(3, +transpose);
    team.double(4, alpha);
    team.int(6, j);
    team.int(7, k);
    team.int(8, steps);
    team.run(this.#kernels.GEMM_PACK_B, width, this.#kernels.NR, width * steps < FEW);
  }

  /** Columns `j` to `j + width` of C, from the packed block of B. */
  #multiplyBlock(
    c: Placed,
    a: Placed | Bytes,
    transposeA: boolean,
    j: number,
    width: number,
    k: number,
    steps: number,
    accumulate: boolean,
  ): void {
    const team = this.#team;
    this.#addresses(c.at + j * FLOAT, c.columns, width);
    team.int(3, a.at);
    team.int(4, a.columns);
    team.int(5, +(a.element === "uint8"));
    team.int(6, +transposeA);
    team.int(7, this.#packedB);
    team.int(8, this.#scratch);
    team.int(9, k);
    team.int(10, steps);
    team.int(11, +accumulate);
    team.run(this.#kernels.GEMM_BLOCK, c.rows, this.#kernels.MR, c.rows * width * steps < FEW);
  }

  addBias(y: Placed, x: Placed, bias: Placed): void {
    this.#addresses(y.at, x.at, bias.at);
    this.#team.int(3, y.columns);
    this.#rows(this.#kernels.ADD_BIAS, y);
  }

  sigmoidForward(y: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.SIGMOID_FORWARD, EXP, y, x);
  }

  sigmoidBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#elementwise(this.#kernels.SIGMOID_BACKWARD, 1, dx, dy, y);
  }

  reluForward(y: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.RELU_FORWARD, 1, y, x);
  }

  reluBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#elementwise(this.#kernels.RELU_BACKWARD, 1, dx, dy, y);
  }

  tanhForward(y: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.TANH_FORWARD, EXP, y, x);
  }

  tanhBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#elementwise(this.#kernels.TANH_BACKWARD, 1, dx, dy, y);
  }

  leakyReluForward(y: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.LEAKY_RELU_FORWARD, 1, y, x);
  }

  leakyReluBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#elementwise(this.#kernels.LEAKY_RELU_BACKWARD, 1, dx, dy, y);
  }

  geluForward(y: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.GELU_FORWARD, 2 * EXP, y, x);
  }

  geluBackward(dx: Placed, dy: Placed, x: Placed): void {
    this.#elementwise(this.#kernels.GELU_BACKWARD, 2 * EXP, dx, dy, x);
  }

  softmax(p: Placed, logits: Placed): void {
    this.#addresses(p.at, logits.at, p.columns);
    this.#rows(this.#kernels.SOFTMAX, p, EXP);
  }

  softmaxCrossEntropy(
    dLogits: Placed,
    losses: Placed,
    logits: Placed,
    labels: Bytes,
    order: Order,
    start: number,
    targets?: CrossEntropyTargets,
  ): void {
    this.#addresses(dLogits.at, losses.at + start * FLOAT, logits.at);
    this.#team.int(3, labels.at);
    this.#team.int(4, order.at + start * 4);
    this.#team.int(5, logits.columns);
    if (targets) {
      this.#team.float(6, targets.smoothing);
      this.#team.int(7, (targets.classWeights as Placed).at);
      this.#team.int(8, (targets.weightSum as Placed).at);
      return this.#rows(this.#kernels.WEIGHTED_CROSS_ENTROPY, logits, EXP);
    }
    this.#team.float(6, 1 / logits.rows);
    this.#rows(this.#kernels.SOFTMAX_CROSS_ENTROPY, logits, EXP);
  }

  sumClassWeights(
    sum: Placed,
    classWeights: Placed,
    labels: Bytes,
    order: Order,
    start: number,
    rows: number,
  ): void {
    this.#addresses(sum.at, classWeights.at, labels.at);
    this.#team.int(3, order.at + start * 4);
    this.#team.run(this.#kernels.SUM_CLASS_WEIGHTS, rows, LINE, true);
  }

  dropout(y: Placed, x: Placed, rate: number, keyA: number, keyB: number): void {
    const team = this.#team;
    this.#addresses(y.at, x.at, Math.floor(rate * 2 ** 32));
    team.float(3, 1 / (1 - rate));
    team.int(4, keyA);
    team.int(5, keyB);
    team.run(this.#kernels.DROPOUT, y.length, LINE, y.length * HASH < FEW);
  }

  batchNormForward(
    y: Placed,
    statistics: Placed,
    running: Placed,
    x: Placed,
    weight: Placed,
    bias: Placed,
    momentum: number,
    epsilon: number,
  ): void {
    const team = this.#team;
    this.#addresses(y.at, statistics.at, running.at);
    team.int(3, x.at);
    team.int(4, weight.at);
    team.int(5, bias.at);
    team.int(6, x.rows);
    team.int(7, x.columns);
    team.float(8, momentum);
    team.float(9, epsilon);
    team.run(this.#kernels.BATCH_NORM_FORWARD, x.columns, LINE, x.length * PASSES < FEW);
  }

  batchNormBackward(
    dx: Placed,
    dweight: Placed,
    dbias: Placed,
    dy: Placed,
    x: Placed,
    statistics: Placed,
    weight: Placed,
  ): void {
    const team = this.#team;
    this.#addresses(dx.at, dweight.at, dbias.at);
    team.int(3, dy.at);
    team.int(4, x.at);
    team.int(5, statistics.at);
    team.int(6, weight.at);
    team.int(7, x.rows);
    team.int(8, x.columns);
    team.run(this.#kernels.BATCH_NORM_BACKWARD, x.columns, LINE, x.length * PASSES < FEW);
  }

  argmax(classes: Placed, logits: Placed, start: number): void {
    this.#addresses(classes.at + start * FLOAT, logits.at, logits.columns);
    this.#rows(this.#kernels.ARGMAX, logits);
  }

  countCorrect(count: Placed, classes: Placed, labels: Bytes, order: Order): void {
    this.#addresses(count.at, classes.at, labels.at);
    this.#team.int(3, order.at);
    this.#team.run(this.#kernels.COUNT_CORRECT, classes.length, LINE, true);
  }

  columnSums(sums: Placed, x: Placed): void {
    this.#addresses(sums.at, x.at, x.rows);
    this.#team.int(3, x.columns);
    this.#team.run(this.#kernels.COLUMN_SUMS, x.columns, LINE, x.length < FEW);
  }

  sgd(
    w: Placed,
    residual: Placed,
    dw: Placed,
    learningRate: number,
    l1: number,
    l2: number,
    scale?: Placed | null,
  ): void {
    this.#addresses(w.at, residual.at, dw.at);
    this.#team.int(3, scale?.at ?? 0);
    this.#team.float(4, learningRate);
    this.#team.float(5, l1);
    this.#team.float(6, l2);
    this.#team.run(this.#kernels.SGD, w.length, LINE, w.length < FEW);
  }

  momentum(
    w: Placed,
    velocity: Placed,
    residual: Placed,
    dw: Placed,
    { learningRate, momentum, nesterov, l1, l2 }: MomentumStep,
    scale?: Placed | null,
  ): void {
    this.#addresses(w.at, velocity.at, residual.at);
    this.#team.int(3, dw.at);
    this.#scaleAndRates(4, scale, learningRate, momentum, 0, l1, l2);
    this.#team.int(7, +nesterov);
    this.#team.run(this.#kernels.MOMENTUM, w.length, LINE, w.length < FEW);
  }

  adam(
    w: Placed,
    mean: Placed,
    square: Placed,
    dw: Placed,
    { stepSize, correction, rate1, rate2, epsilon, decay, l1, l2 }: AdamStep,
    scale?: Placed | null,
  ): void {
    this.#addresses(w.at, mean.at, square.at);
    this.#team.int(3, dw.at);
    this.#scaleAndRates(4, scale, stepSize, correction, rate1, rate2, epsilon, decay, l1, l2);
    this.#team.run(this.#kernels.ADAM, w.length, LINE, w.length * ROOT < FEW);
  }

  rmsprop(
    w: Placed,
    square: Placed,
    dw: Placed,
    { learningRate, rate, epsilon, l1, l2 }: RmspropStep,
    scale?: Placed | null,
  ): void {
    this.#addresses(w.at, square.at, dw.at);
    this.#scaleAndRates(3, scale, learningRate, rate, epsilon, l1, l2);
    this.#team.run(this.#kernels.RMSPROP, w.length, LINE, w.length * ROOT < FEW);
  }

  rowSquares(sums: Placed, x: Placed, start: number): void {
    this.#addresses(sums.at + start * FLOAT, x.at, x.columns);
    this.#rows(this.#kernels.ROW_SQUARES, x);
  }

  clipScale(scale: Placed, sums: Placed, maxNorm: number): void {
    this.#addresses(scale.at, sums.at);
    this.#team.float(2, maxNorm);
    this.#team.run(this.#kernels.CLIP_SCALE, sums.length, LINE, true);
  }

  /** Ends the threads. The memory is the garbage collector's. */
  [Symbol.dispose](): void {
    this.#team[Symbol.dispose]();
  }

  /** Sets the first arguments of a job. */
  #addresses(first: number, second: number, third = 0): void {
    this.#team.int(0, first);
    this.#team.int(1, second);
    this.#team.int(2, third);
  }

  /** Sets argument `index` to the address of `scale`, 0 for none, and those after it to `rates`. */
  #scaleAndRates(index: number, scale: Placed | null | undefined, ...rates: number[]): void {
    this.#team.int(index, scale?.at ?? 0);
    for (const rate of rates) this.#team.float(++index, rate);
  }

  /** Runs a kernel that is shared out by elements, with `cost` operations each and one or two inputs. */
  #elementwise(
    kernel: number,
    cost: number,
    output: Placed,
    first: Placed,
    second?: Placed,
  ): void {
    this.#addresses(output.at, first.at, second?.at);
    this.#team.run(kernel, output.length, LINE, output.length * cost < FEW);
  }

  /** Runs a kernel that is shared out by the rows of `matrix`, with `cost` operations for each of its elements. */
  #rows(kernel: number, matrix: Placed | Bytes, cost = 1): void {
    this.#team.run(kernel, matrix.rows, LINE, matrix.length * cost < FEW);
  }

  #place<E extends "float32" | "uint8" | "uint32">(
    element: E,
    rows: number,
    columns: number,
  ): Placed<E> {
    this.#team.check();
    const at = this.#memory.allocate(rows * columns * SIZES[element]);
    const buffer = new Placed(element, at, rows, columns);
    this.#live.add(buffer as Placed);
    return buffer;
  }

  /** Made anew for each use: growth replaces a memory's buffer. */
  #elements({ element, at, length }: Placed | Bytes): Float32Array | Uint8Array {
    this.#team.check();
    const { buffer } = this.#memory.memory;
    return element === "uint8"
      ? new Uint8Array(buffer, at, length)
      : new Float32Array(buffer, at, length);
  }
}
