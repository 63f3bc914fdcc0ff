/** The exports of assembly/predictor.ts with their types; what each does is said beside its source. */

import type { ActivationIdentifier } from "../backend/activations.ts";

/** Elements `begin` to `end` of y = activation(x). */
type Activate = (y: number, x: number, begin: number, end: number) => void;

export interface PredictorKernels
  extends Readonly<Record<`${ActivationIdentifier}Forward`, Activate>> {
  gemmBlock(
    c: number,
    n: number,
    width: number,
    a: number,
    columns: number,
    bytes: number,
    transposeA: number,
    packed: number,
    scratch: number,
    firstStep: number,
    steps: number,
    accumulate: number,
    begin: number,
    end: number,
  ): void;
  gemmPackB(
    packed: number,
    b: number,
    columns: number,
    transposeB: number,
    alpha: number,
    first: number,
    firstStep: number,
    steps: number,
    begin: number,
    end: number,
  ): void;
  gemmPackedBytes(width: number, steps: number): number;
  addBias(y: number, x: number, bias: number, outputs: number, begin: number, end: number): void;
  convolvePack(
    packed: number,
    w: number,
    shape: number,
    alpha: number,
    turned: number,
    begin: number,
    end: number,
  ): void;
  /** As `convolvePack`, for windows of 3 x 3 by tiles of 2 x 2 outputs. */
  winogradPack(
    packed: number,
    w: number,
    shape: number,
    alpha: number,
    turned: number,
    begin: number,
    end: number,
  ): void;
  convolveImages(
    y: number,
    x: number,
    packed: number,
    bias: number,
    shape: number,
    scratch: number,
    scratchBytes: number,
    bytes: number,
    member: number,
    begin: number,
    end: number,
  ): void;
  /** As `convolveImages`, for windows of 3 x 3 by tiles of 2 x 2 outputs. */
  winogradImages(
    y: number,
    x: number,
    packed: number,
    bias: number,
    shape: number,
    scratch: number,
    scratchBytes: number,
    bytes: number,
    member: number,
    begin: number,
    end: number,
  ): void;
  depthwiseImages(
    y: number,
    x: number,
    w: number,
    bias: number,
    shape: number,
    scratch: number,
    scratchBytes: number,
    bytes: number,
    alpha: number,
    turned: number,
    member: number,
    begin: number,
    end: number,
  ): void;
  maxPoolForward(
    y: number,
    x: number,
    height: number,
    width: number,
    channels: number,
    size: number,
    begin: number,
    end: number,
  ): void;
  averagePoolForward(
    y: number,
    x: number,
    height: number,
    width: number,
    channels: number,
    down: number,
    across: number,
    begin: number,
    end: number,
  ): void;
  softmax(p: number, logits: number, outputs: number, begin: number, end: number): void;
  /** Bytes. */
  readonly GEMM_SCRATCH: number;
  /** Elements. */
  readonly KC: number;
  readonly NC: number;
  readonly NR: number;
}

const CONSTANTS = ["GEMM_SCRATCH", "KC", "NC", "NR"] as const;

/** The kernels over a memory of their own. */
export function kernelsOf(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): PredictorKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const constants = CONSTANTS.map((name) => [name, (exports[name] as WebAssembly.Global).value]);
  return { ...exports, ...Object.fromEntries(constants) };
}
