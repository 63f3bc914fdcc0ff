/**
 * Matrix products. Each is held back until the next call, which may be one that the product can take
 * along: a bias, an activation, or the gradient of one, applied to C in place. The device then does
 * without a kernel, a pause and a way to memory and back; the bits are those of separate kernels.
 */
import type { ActivationKind } from "../../backend/activations.ts";
import type { GemmOptions } from "../../backend/backend.ts";
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { type Kernel, Variants } from "./kernels.ts";
import { gemm } from "./shaders/gemm.ts";
import { DIRECT_BLOCK, DIRECT_THREADS, gemmDirect } from "./shaders/gemm_direct.ts";
import { gemmNumber, gemmVariant } from "./shaders/gemm_variant.ts";
import { epilogueNumber, epilogueOf } from "./shaders/gemm_epilogue.ts";
import { gemmReduce } from "./shaders/gemm_reduce.ts";
import { type GemmPlan, planDirectGemm, planGemm, TILINGS } from "./shaders/gemm_tiling.ts";
import { THREADS } from "./shaders/shader.ts";
import { GpuBytes, type GpuMatrix, isSame, onlyRun, type Run, type Storage } from "./storage.ts";

export class Products {
  readonly #gemm: Variants;
  readonly #reduce: Variants;
  /** The product that is held back; null where there is none. */
  #c: GpuMatrix | null = null;
  #a!: GpuMatrix | GpuBytes;
  #aRun!: GpuMatrix | Run;
  #b!: GpuMatrix;
  #transposeA = false;
  #transposeB = false;
  #accumulate = false;
  #alpha = 1;
  /** What it takes along. */
  #bias: GpuMatrix | null = null;
  #activation: ActivationKind | null = null;
  #gradient: ActivationKind | null = null;
  #y: GpuMatrix | null = null;
  /** Where chunks' sums are kept. */
  #partial: Storage | null = null;

  constructor(readonly gpu: Gpu) {
    const { device, software } = gpu;
    this.#gemm = new Variants(device, (number) => {
      const variant = gemmVariant(number);
      const { tiling } = variant;
      return tiling ? gemm(variant, tiling, software) : gemmDirect(variant, software);
    });
    this.#reduce = new Variants(device, (number) => gemmReduce(epilogueOf(number), software));
  }

  /** Holds back a product until `launch`. */
  hold(
    c: GpuMatrix,
    a: GpuMatrix | GpuBytes,
    b: GpuMatrix,
    { transposeA = false, transposeB = false, accumulate = false, alpha = 1 }: GemmOptions,
  ): void {
    this.launch();
    this.#aRun = a instanceof GpuBytes ? onlyRun(a) : a;
    this.#c = c;
    this.#a = a;
    this.#b = b;
    this.#transposeA = transposeA;
    this.#transposeB = transposeB;
    this.#accumulate = accumulate;
    this.#alpha = alpha;
    this.#bias = null;
    this.#activation = null;
    this.#gradient = null;
    this.#y = null;
  }

  /** Takes y = x + bias along, if it can; says whether. */
  takeBias(y: GpuMatrix, x: GpuMatrix, bias: GpuMatrix): boolean {
    const c = this.#c;
    if (c === null || !isSame(c, y) || !isSame(c, x) || bias.storage === c.storage) return false;
    if (this.#bias || this.#activation || this.#gradient) return false;
    this.#bias = bias;
    return true;
  }

  /** Takes y = activation(x) along, if it can; says whether. */
  takeActivation(activation: ActivationKind, y: GpuMatrix, x: GpuMatrix): boolean {
    const c = this.#c;
    if (c === null || !isSame(c, y) || !isSame(c, x)) return false;
    if (this.#activation || this.#gradient) return false;
    this.#activation = activation;
    return true;
  }

  /** Takes dx = dy activation'(x) along, if it can; says whether. */
  takeGradient(
    activation: ActivationKind,
    dx: GpuMatrix,
    dy: GpuMatrix,
    y: GpuMatrix,
  ): boolean {
    const c = this.#c;
    if (c === null || !isSame(c, dx) || !isSame(c, dy) || y.storage === c.storage) return false;
    if (this.#bias || this.#activation || this.#gradient) return false;
    this.#gradient = activation;
    this.#y = y;
    return true;
  }

  /** Dispatches the product that is held back, if there is one. */
  launch(): void {
    const c = this.#c;
    if (c === null) return;
    this.#c = null;
    const a = this.#a;
    const k = this.#transposeA ? a.rows : a.columns;
    const epilogue = epilogueNumber({
      bias: this.#bias !== null,
      activation: this.#activation,
      gradient: this.#gradient,
    });
    const plan = this.gpu.tiles ? planGemm(c.rows, c.columns, k) : planDirectGemm(k);
    if (plan.chunks === 1) {
      const kernel = this.#gemmKernel(plan, epilogue);
      this.#multiply(c, k, plan, kernel, c, this.#bias ?? undefined, this.#y ?? undefined);
    } else {
      const partial = this.#roomFor(plan.chunks * c.rows * c.rowBytes);
      this.#multiply(c, k, plan, this.#gemmKernel(plan, -1), { storage: partial });
      this.#addChunks(c, plan.chunks, partial, epilogue);
    }
  }

  #gemmKernel({ tiling }: GemmPlan, epilogue: number): Kernel {
    const bytes = this.#a instanceof GpuBytes;
    const number = gemmNumber(tiling, this.#transposeA, this.#transposeB, bytes, epilogue);
    return this.#gemm.get(number);
  }

  #multiply(
    c: GpuMatrix,
    k: number,
    { tiling, chunks, chunkSteps }: GemmPlan,
    kernel: Kernel,
    output: Operand,
    bias?: Operand,
    y?: Operand,
  ): void {
    const { dispatcher, recorder, recorder: { words } } = this.gpu;
    const at = recorder.parameters();
    words[at] = c.rows;
    words[at + 1] = c.columns;
    words[at + 2] = k;
    words[at + 3] = chunkSteps;
    const { at: aBytes } = this.#aRun;
    words[at + 4] = aBytes / (this.#a instanceof GpuBytes ? 4 : 16);
    words[at + 5] = this.#a.stride;
    words[at + 6] = this.#b.offset;
    words[at + 7] = this.#b.stride;
    this.#writeEpilogue(at + 8, c);
    const operands = [output, this.#aRun, this.#b, bias, y];
    if (tiling === TILINGS.length) {
      const blocks = Math.ceil(c.rows / DIRECT_BLOCK) * Math.ceil(c.columns / DIRECT_BLOCK);
      dispatcher.runLinear(kernel, operands, Math.ceil(blocks / DIRECT_THREADS));
      return;
    }
    const { size } = TILINGS[tiling];
    dispatcher.run(
      kernel,
      operands,
      Math.ceil(c.columns / size),
      Math.ceil(c.rows / size),
      chunks,
    );
  }

  #addChunks(c: GpuMatrix, chunks: number, partial: Storage, epilogue: number): void {
    const { dispatcher, recorder, recorder: { words } } = this.gpu;
    const kernel = this.#reduce.get(epilogue);
    const at = recorder.parameters();
    const count = c.rows * c.stride;
    words[at] = count;
    words[at + 1] = chunks;
    this.#writeEpilogue(at + 8, c);
    const operands = [c, { storage: partial }, this.#bias ?? undefined, this.#y ?? undefined];
    dispatcher.runLinear(kernel, operands, Math.ceil(count / THREADS));
  }

  #writeEpilogue(at: number, c: GpuMatrix): void {
    const { words, floats } = this.gpu.recorder;
    words[at] = c.offset;
    words[at + 1] = c.stride;
    words[at + 2] = this.#bias?.offset ?? 0;
    words[at + 3] = this.#y?.offset ?? 0;
    floats[at + 4] = this.#alpha;
    words[at + 4] &= ~0xfff; // 12 bits of the significand are left.
    floats[at + 5] = this.#alpha - floats[at + 4];
    words[at + 6] = +this.#accumulate;
  }

  /**
   * A storage of at least so many bytes, whatever they are. The sums of all chunks are never larger
   * than the operands of the product, which fit a binding: its steps are many, its tiles few.
   */
  #roomFor(bytes: number): Storage {
    if (this.#partial && this.#partial.bytes >= bytes) return this.#partial;
    if (this.#partial) this.gpu.memory.retire(this.#partial);
    return this.#partial = this.gpu.memory.storage(bytes);
  }
}
