/**
 * Kernels compiled from assembly/ to WebAssembly SIMD, over one linear memory. Each call here has its kernel do all of
 * its rows, columns or elements, from 0 to their number.
 */
import type {
  Backend,
  BackendDescription,
  ByteMatrix,
  GemmOptions,
  Matrix,
  RowOrder,
} from "../../backend.ts";
import { compileKernels, type Kernels, type Simd } from "./kernels.ts";
import { LinearMemory } from "./linear_memory.ts";

/** A buffer in linear memory; `at` is its byte offset. */
class Placed implements Matrix, ByteMatrix, RowOrder {
  constructor(readonly at: number, readonly rows: number, readonly columns: number) {}
  get length(): number {
    return this.rows * this.columns;
  }
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** Depth of the blocks that K steps are cut into: as few as KC allows, all but the last of equal depth. */
function blockDepth(steps: number, largest: number): number {
  const blocks = Math.ceil(steps / largest);
  return Math.ceil(steps / blocks / 4) * 4;
}

export class WasmBackend implements Backend {
  readonly description: BackendDescription;
  readonly #memory: LinearMemory;
  readonly #kernels: Kernels;
  /** Block sizes of the product, from the kernels. */
  readonly #kc: number;
  readonly #nc: number;
  readonly #packedB: number;
  readonly #scratch: number;

  /** Compiles the kernels and makes a back end. */
  static async create({ simd = "auto" }: { simd?: Simd | "auto" } = {}): Promise<WasmBackend> {
    const compiled = await compileKernels(simd);
    return new WasmBackend(compiled.module, compiled.simd);
  }

  private constructor(module: WebAssembly.Module, simd: Simd) {
    this.description = { backend: "wasm", threads: 1, simd, adapter: null };
    // Two pages: the least that the kernels import, and more than their static data.
    this.#memory = new LinearMemory(2 * 65536);
    const { memory } = this.#memory;
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.#kernels = instance.exports as unknown as Kernels;
    const { GEMM_SCRATCH, KC, NC } = this.#kernels;
    this.#kc = KC.value;
    this.#nc = NC.value;
    this.#packedB = this.#memory.allocate(NC.value * KC.value * FLOAT);
    this.#scratch = this.#memory.allocate(GEMM_SCRATCH.value);
  }

  allocate(rows: number, columns: number): Placed {
    return new Placed(this.#memory.allocate(rows * columns * FLOAT), rows, columns);
  }

  allocateOrder(length: number): Placed {
    return new Placed(this.#memory.allocate(length * 4), length, 1);
  }

  uploadBytes(bytes: Uint8Array, rows: number, columns: number): Placed {
    const placed = new Placed(this.#memory.allocate(bytes.length), rows, columns);
    new Uint8Array(this.#memory.memory.buffer, placed.at, bytes.length).set(bytes);
    return placed;
  }

  view(matrix: Placed, firstRow: number, rows: number): Placed {
    return new Placed(matrix.at + firstRow * matrix.columns * FLOAT, rows, matrix.columns);
  }

  write(matrix: Placed, values: Float32Array): void {
    this.#floats(matrix).set(values);
  }

  writeOrder(order: Placed, rows: Uint32Array): void {
    new Uint32Array(this.#memory.memory.buffer, order.at, order.length).set(rows);
  }

  read(matrix: Placed): Promise<Float32Array<ArrayBuffer>> {
    return Promise.resolve(new Float32Array(this.#floats(matrix)));
  }

  release(buffer: Placed): void {
    this.#memory.free(buffer.at);
  }

  gather(x: Placed, data: Placed, order: Placed, start: number, scale: number): void {
    this.#kernels.gather(x.at, data.at, order.at + start * 4, x.columns, scale, 0, x.rows);
  }

  gemm(c: Placed, a: Placed, b: Placed, options: GemmOptions = {}): void {
    const { transposeA = false, transposeB = false, accumulate = false } = options;
    const { gemmBlock, gemmPackB } = this.#kernels;
    const depth = transposeA ? a.rows : a.columns;
    const block = blockDepth(depth, this.#kc);
    for (let j = 0; j < c.columns; j += this.#nc) {
      const right = Math.min(j + this.#nc, c.columns);
      for (let k = 0; k < depth; k += block) {
        const steps = Math.min(block, depth - k);
        const finite = gemmPackB(this.#packedB, b.at, b.columns, +transposeB, j, right, k, steps);
        gemmBlock(
          c.at + j * FLOAT,
          c.columns,
          right - j,
          a.at,
          a.columns,
          +transposeA,
          finite,
          this.#packedB,
          this.#scratch,
          0,
          c.rows,
          k,
          steps,
          +(accumulate || k > 0),
        );
      }
    }
  }

  addBias(y: Placed, x: Placed, bias: Placed): void {
    this.#kernels.addBias(y.at, x.at, bias.at, y.columns, 0, y.rows);
  }

  sigmoidForward(y: Placed, x: Placed): void {
    this.#kernels.sigmoidForward(y.at, x.at, 0, y.length);
  }

  sigmoidBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#kernels.sigmoidBackward(dx.at, dy.at, y.at, 0, dx.length);
  }

  reluForward(y: Placed, x: Placed): void {
    this.#kernels.reluForward(y.at, x.at, 0, y.length);
  }

  reluBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#kernels.reluBackward(dx.at, dy.at, y.at, 0, dx.length);
  }

  tanhForward(y: Placed, x: Placed): void {
    this.#kernels.tanhForward(y.at, x.at, 0, y.length);
  }

  tanhBackward(dx: Placed, dy: Placed, y: Placed): void {
    this.#kernels.tanhBackward(dx.at, dy.at, y.at, 0, dx.length);
  }

  softmax(p: Placed, logits: Placed): void {
    this.#kernels.softmax(p.at, logits.at, p.columns, 0, p.rows);
  }

  softmaxCrossEntropy(
    dLogits: Placed,
    losses: Placed,
    logits: Placed,
    labels: Placed,
    order: Placed,
    start: number,
  ): void {
    this.#kernels.softmaxCrossEntropy(
      dLogits.at,
      losses.at + start * FLOAT,
      logits.at,
      labels.at,
      order.at + start * 4,
      logits.columns,
      1 / logits.rows,
      0,
      logits.rows,
    );
  }

  argmax(classes: Placed, logits: Placed, start: number): void {
    const { rows, columns } = logits;
    this.#kernels.argmax(classes.at + start * FLOAT, logits.at, columns, 0, rows);
  }

  countCorrect(count: Placed, classes: Placed, labels: Placed, order: Placed): void {
    const correct = this.#kernels.countCorrect(classes.at, labels.at, order.at, 0, classes.length);
    this.#floats(count)[0] = correct;
  }

  columnSums(sums: Placed, x: Placed): void {
    this.#kernels.columnSums(sums.at, x.at, x.rows, x.columns, 0, x.columns);
  }

  sgd(w: Placed, dw: Placed, learningRate: number, l1: number, l2: number): void {
    this.#kernels.sgd(w.at, dw.at, learningRate, l1, l2, 0, w.length);
  }

  /** The memory is the garbage collector's. */
  [Symbol.dispose](): void {}

  /** Made anew for each use: growth detaches earlier ones. */
  #floats(matrix: Placed): Float32Array<ArrayBuffer> {
    const buffer = this.#memory.memory.buffer as ArrayBuffer;
    return new Float32Array(buffer, matrix.at, matrix.length);
  }
}
