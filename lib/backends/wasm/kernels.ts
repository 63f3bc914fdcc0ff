/**
 * The compiled kernels: which build runs here, and its exports with their types. What each does is said beside its source
 * in assembly/, under the same name.
 */
import { WeftError } from "../../errors.ts";

/** Builds of the kernels: without and with fused multiply-add. */
export type Simd = "strict" | "relaxed";

/** Exports of assembly/index.ts. Pointers are byte offsets; `begin` and `end` say which part to do. */
export interface Kernels {
  readonly __heap_base: WebAssembly.Global;
  readonly GEMM_SCRATCH: WebAssembly.Global;
  readonly KC: WebAssembly.Global;
  readonly NC: WebAssembly.Global;
  addBias(y: number, x: number, bias: number, outputs: number, begin: number, end: number): void;
  argmax(classes: number, z: number, outputs: number, begin: number, end: number): void;
  columnSums(
    sums: number,
    x: number,
    rows: number,
    columns: number,
    begin: number,
    end: number,
  ): void;
  countCorrect(classes: number, labels: number, order: number, begin: number, end: number): number;
  gather(
    x: number,
    data: number,
    order: number,
    inputs: number,
    scale: number,
    begin: number,
    end: number,
  ): void;
  gemmBlock(
    c: number,
    n: number,
    width: number,
    a: number,
    columns: number,
    transposeA: number,
    skipZeros: number,
    packedB: number,
    scratch: number,
    begin: number,
    end: number,
    firstStep: number,
    steps: number,
    accumulate: number,
  ): void;
  gemmPackB(
    packed: number,
    b: number,
    columns: number,
    transposeB: number,
    begin: number,
    end: number,
    firstStep: number,
    steps: number,
  ): number;
  reluBackward(dx: number, dy: number, y: number, begin: number, end: number): void;
  reluForward(y: number, x: number, begin: number, end: number): void;
  sgd(
    w: number,
    dw: number,
    learningRate: number,
    l1: number,
    l2: number,
    begin: number,
    end: number,
  ): void;
  sigmoidBackward(dx: number, dy: number, y: number, begin: number, end: number): void;
  sigmoidForward(y: number, x: number, begin: number, end: number): void;
  softmax(p: number, z: number, outputs: number, begin: number, end: number): void;
  softmaxCrossEntropy(
    dLogits: number,
    losses: number,
    z: number,
    labels: number,
    order: number,
    outputs: number,
    weight: number,
    begin: number,
    end: number,
  ): void;
  tanhBackward(dx: number, dy: number, y: number, begin: number, end: number): void;
  tanhForward(y: number, x: number, begin: number, end: number): void;
}

/**
 * Compiles the kernels.
 *
 * @param simd "auto" takes the relaxed build where the engine accepts it
 * @throws {WeftError} where a build was asked for that the engine cannot run, or none has been made
 */
export async function compileKernels(
  simd: Simd | "auto",
): Promise<{ module: WebAssembly.Module; simd: Simd }> {
  const wanted: Simd = simd === "strict" ? "strict" : "relaxed";
  const bytes = await kernelBytes(wanted);
  if (WebAssembly.validate(bytes)) {
    return { module: await WebAssembly.compile(bytes), simd: wanted };
  }
  if (simd === "auto") return compileKernels("strict");
  throw new WeftError(
    `Cannot run the ${wanted} kernels: this engine (V8 ${Deno.version.v8}) does not accept their instructions. ` +
      "Use --simd auto, or --backend reference.",
  );
}

async function kernelBytes(simd: Simd): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Literal paths: only what the module graph names can be imported without permission.
    const module = simd === "strict"
      ? await import("../../../assembly/build/strict.js")
      : await import("../../../assembly/build/relaxed.js");
    return Uint8Array.fromBase64(module.default);
  } catch (error) {
    throw new WeftError(
      `Cannot load the ${simd} kernels: they have not been built. Run "deno task build".`,
      { cause: error },
    );
  }
}
