/**
 * Every kernel of the contract at the shapes of the baseline network, with its work and how exact it must be.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O classes, N training rows; K depth of a product.
 */
import type { ByteMatrix, GemmOptions, Matrix } from "../../lib/backend/mod.ts";
import type { Activation } from "../../lib/nn/activations.ts";
import { transformTables } from "../../lib/dataset/augmentation.ts";
import { scaleBound } from "../conformance/clipping_cases.ts";
import type { Rig } from "../conformance/rig.ts";
import {
  type Bound,
  exact,
  GELU,
  logitGradientBound,
  lossBound,
  relative,
  SIGMOID,
  softmaxBound,
  sumBound,
  TANH,
  U,
} from "../conformance/tolerance.ts";
import { adam, momentum, rmsprop, type Start, type Update } from "../conformance/updates.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";
import { CONVOLUTION_CASES } from "./convolution_cases.ts";
import { LAYER_CASES } from "./layer_cases.ts";

const [B, I, H, O, N] = [256, 784, 100, 10, 48_000];
const FLOAT = 4;

/** Where a case gets its buffers: a fenced rig to be checked in, plain buffers to be timed in. */
export type Buffers = Pick<Rig, "backend" | "matrix" | "output" | "bytes" | "byteOutput" | "order">;

export interface Prepared {
  readonly run: () => void;
  readonly outputs: (Matrix | ByteMatrix)[];
}

export interface KernelCase {
  readonly name: string;
  /** Where it is arithmetic that counts: operations of a call. */
  readonly flops?: number;
  /** Elsewhere: bytes of a call that are read or written, each once. */
  readonly bytes?: number;
  readonly prepare: (buffers: Buffers) => Prepared;
  /** The same with fewer rows, for a case that would take the reference too long. */
  readonly prepareSmall?: (buffers: Buffers) => Prepared;
  /** One for each output. */
  readonly bounds: readonly Bound[];
}

/** Numbers from -1 to 1, of which every product is at most 1. */
function unit(count: number, seed: number): Float32Array<ArrayBuffer> {
  return normals(count, seed, 0.3).map((value) => Math.max(-1, Math.min(1, value)));
}

function gemm(name: string, m: number, n: number, k: number, options: GemmOptions = {}) {
  const prepare = (rows: number) => (buffers: Buffers): Prepared => {
    const { transposeA, transposeB } = options;
    const a = buffers.matrix(...order(rows, k, transposeA), unit(rows * k, 1));
    const b = buffers.matrix(...order(k, n, transposeB), unit(k * n, 2));
    const c = buffers.output(rows, n);
    return { run: () => buffers.backend.gemm(c, a, b, options), outputs: [c] };
  };
  const few = Math.min(m, 132);
  return {
    name,
    flops: 2 * m * n * k,
    prepare: prepare(m),
    prepareSmall: few < m && m * n * k > 1e8 ? prepare(few) : undefined,
    // Of normal values with deviation 0.3 the sum over K products' magnitudes is below K / 4.
    bounds: [() => (k + 2) * U * k / 4],
  } satisfies KernelCase;
}

function order(rows: number, columns: number, transposed = false): [number, number] {
  return transposed ? [columns, rows] : [rows, columns];
}

/**
 * The bytes of a batch of bright rectangles in the middle of black images, half of which is black as in Fashion-MNIST,
 * sorted by their size as training sorts them.
 */
function images(): Uint8Array<ArrayBuffer> {
  const side = Math.sqrt(I);
  const sizes = wholeNumbers(2 * B, 1, side - 11);
  const heights = sizes.subarray(0, B).sort();
  const gray = wholeNumbers(B * I, 2, 255);
  return Uint8Array.from(gray, (value, i) => {
    const row = Math.floor(i / I);
    const offCentre = (at: number) => Math.abs(2 * at + 1 - side);
    const inside = offCentre(Math.floor(i % I / side)) < 12 + heights[row] &&
      offCentre(i % side) < 12 + sizes[B + row];
    return inside ? 1 + value : 0;
  });
}

/** Layer 1 as training has it: the operand is bytes, much of it zero, and its steps of zeros are left out. */
function gemmOfImages(name: string, m: number, k: number, transposeA: boolean): KernelCase {
  const options = { transposeA, alpha: 1 / 255 };
  return {
    name,
    flops: 2 * m * H * k,
    prepare: (buffers) => {
      const x = buffers.bytes(B, I, images());
      const b = buffers.matrix(k, H, unit(k * H, 2));
      const c = buffers.output(m, H);
      return { run: () => buffers.backend.gemm(c, x, b, options), outputs: [c] };
    },
    // With b's deviation of 0.3, the sum over K products' magnitudes is below K / 4, and rounding b adds one rounding.
    bounds: [() => (k + 3) * U * k / 4],
  };
}

function activationForward(activation: Activation, bound: Bound): KernelCase {
  return {
    name: activation,
    bytes: 2 * B * H * FLOAT,
    prepare: (buffers) => {
      const x = buffers.matrix(B, H, normals(B * H, 1, 3));
      const y = buffers.output(B, H);
      return { run: () => buffers.backend.activation(activation, y, x), outputs: [y] };
    },
    bounds: [bound],
  };
}

function activationBackward(activation: Activation, error = 4 * U): KernelCase {
  // |dy| is at most 1, so four roundings of what is multiplied with it are at most 4 U.
  const bound = () => error;
  return {
    name: `${activation}, gradient`,
    bytes: 3 * B * H * FLOAT,
    prepare: (buffers) => {
      const dy = buffers.matrix(B, H, unit(B * H, 1));
      const y = buffers.matrix(B, H, unit(B * H, 2).map(Math.abs));
      const dx = buffers.output(B, H);
      const { backend } = buffers;
      return { run: () => backend.activationGradient(activation, dx, dy, y), outputs: [dx] };
    },
    bounds: [bound],
  };
}

/** Rows of the data set in an order that jumps about, as training meets them. */
function shuffled(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i * 7919 % count);
}

const LOGITS = normals(B * O, 1, 3);
const SPREAD = 30;

const gather: KernelCase = {
  name: "gather",
  bytes: 2 * B * I,
  prepare: (buffers) => {
    const rows = 4096;
    const pixels = buffers.bytes(rows, I, wholeNumbers(rows * I, 1, 256));
    const x = buffers.byteOutput(B, I);
    const order = buffers.order(shuffled(rows));
    return {
      run: () => buffers.backend.gather(x, pixels, order, 512),
      outputs: [x],
    };
  },
  bounds: [exact],
};

/** Mirrored and shifted by up to two pixels: 50 tables. */
const gatherTransformed: KernelCase = {
  name: "gatherTransformed",
  bytes: 2 * B * I,
  prepare: (buffers) => {
    const rows = 4096;
    const pixels = buffers.bytes(rows, I, wholeNumbers(rows * I, 1, 256));
    const x = buffers.byteOutput(B, I);
    const order = buffers.order(shuffled(rows));
    const sources = buffers.order([
      ...transformTables(Math.sqrt(I), Math.sqrt(I), { flip: true, shift: 2 }),
    ]);
    return {
      run: () => buffers.backend.gatherTransformed(x, pixels, order, 512, sources, 42),
      outputs: [x],
    };
  },
  bounds: [exact],
};

const addBias: KernelCase = {
  name: "addBias",
  bytes: 2 * B * H * FLOAT,
  prepare: (buffers) => {
    const x = buffers.matrix(B, H, unit(B * H, 1));
    const bias = buffers.matrix(1, H, unit(H, 2));
    const y = buffers.output(B, H);
    return { run: () => buffers.backend.addBias(y, x, bias), outputs: [y] };
  },
  bounds: [exact],
};

const softmax: KernelCase = {
  name: "softmax",
  bytes: 2 * B * O * FLOAT,
  prepare: (buffers) => {
    const logits = buffers.matrix(B, O, LOGITS);
    const p = buffers.output(B, O);
    return { run: () => buffers.backend.softmax(p, logits), outputs: [p] };
  },
  bounds: [softmaxBound(O, SPREAD)],
};

const softmaxCrossEntropy: KernelCase = {
  name: "softmaxCrossEntropy",
  bytes: 2 * B * O * FLOAT,
  prepare: (buffers) => {
    const logits = buffers.matrix(B, O, LOGITS);
    const labels = buffers.bytes(B, 1, wholeNumbers(B, 2, O));
    const order = buffers.order(shuffled(B));
    const [dLogits, losses] = [buffers.output(B, O), buffers.output(B, 1)];
    return {
      run: () => buffers.backend.softmaxCrossEntropy(dLogits, losses, logits, labels, order, 0),
      outputs: [dLogits, losses],
    };
  },
  bounds: [logitGradientBound(B, O, SPREAD), lossBound(O)],
};

const argmax: KernelCase = {
  name: "argmax",
  bytes: B * O * FLOAT,
  prepare: (buffers) => {
    const logits = buffers.matrix(B, O, LOGITS);
    const classes = buffers.output(B, 1);
    return { run: () => buffers.backend.argmax(classes, logits, 0), outputs: [classes] };
  },
  bounds: [exact],
};

const countCorrect: KernelCase = {
  name: "countCorrect",
  bytes: N * (FLOAT + FLOAT + 1),
  prepare: (buffers) => {
    const classes = buffers.matrix(N, 1, wholeNumbers(N, 1, O));
    const labels = buffers.bytes(N, 1, wholeNumbers(N, 2, O));
    const order = buffers.order(shuffled(N));
    const count = buffers.output(1, 1);
    return {
      run: () => buffers.backend.countCorrect(count, classes, labels, order),
      outputs: [count],
    };
  },
  bounds: [exact],
};

const columnSums: KernelCase = {
  name: "columnSums",
  bytes: B * H * FLOAT,
  prepare: (buffers) => {
    const x = buffers.matrix(B, H, unit(B * H, 1));
    const sums = buffers.output(1, H);
    return { run: () => buffers.backend.columnSums(sums, x), outputs: [sums] };
  },
  bounds: [sumBound(B, new Float32Array(H).fill(B))],
};

const sgd: KernelCase = {
  name: "sgd",
  // w and residual are read and written, dw is read.
  bytes: 5 * I * H * FLOAT,
  prepare: (buffers) => {
    const w = buffers.matrix(I, H, unit(I * H, 1));
    const residual = buffers.matrix(I, H, new Float32Array(I * H));
    const dw = buffers.matrix(I, H, unit(I * H, 2));
    const rates = { learningRate: 0.1, l1: 0, l2: 0 };
    return {
      run: () => buffers.backend.update("sgd", w, [residual], dw, rates),
      outputs: [w, residual],
    };
  },
  // A compensated update loses half a unit of w, which residual then holds: up to U, with |w| up to 1.1.
  bounds: [() => 2 * U, () => 2 * U],
};

/** An update that averages gradients, of the first layer's weights. */
function update(update: Update): KernelCase {
  const start: Start = {
    w: unit(I * H, 1),
    slots: Array.from({ length: update.slots }, (_, s) => unit(I * H, 3 + s).map(Math.abs)),
    dw: unit(I * H, 2),
    scale: null,
  };
  return {
    name: update.name,
    // w and the slots are read and written, dw is read.
    bytes: (2 * (1 + update.slots) + 1) * I * H * FLOAT,
    prepare: (buffers) => {
      const [w, dw, ...slots] = [start.w, start.dw, ...start.slots].map((values) =>
        buffers.matrix(I, H, values)
      );
      return {
        run: () => update.call(buffers.backend, w, slots, dw, null),
        outputs: [w, ...slots],
      };
    },
    bounds: update.bounds(start),
  };
}

const PLAIN = { l1: 0, l2: 0 };
const ADAM_STEP = { stepSize: 1e-3, correction: 1, rate1: 0.1, rate2: 1e-3, epsilon: 1e-8 };

const rowSquares: KernelCase = {
  name: "rowSquares",
  bytes: (I * H + I) * FLOAT,
  prepare: (buffers) => {
    const sums = buffers.output(I, 1);
    const x = buffers.matrix(I, H, unit(I * H, 1));
    return { run: () => buffers.backend.rowSquares(sums, x, 0), outputs: [sums] };
  },
  bounds: [relative((H + 2) * U)],
};

const clipScale: KernelCase = {
  name: "clipScale",
  bytes: I * FLOAT,
  prepare: (buffers) => {
    const scale = buffers.output(1, 1);
    const sums = buffers.matrix(I, 1, unit(I, 1).map(Math.abs));
    return { run: () => buffers.backend.clipScale(scale, sums, 1), outputs: [scale] };
  },
  bounds: [scaleBound(I)],
};

export const KERNEL_CASES: readonly KernelCase[] = [
  gemm("gemm 1024^3", 1024, 1024, 1024),
  gemm("gemm 1", B, H, I),
  gemm("gemm 1 dW", I, H, B, { transposeA: true }),
  gemmOfImages("gemm 1, images", B, I, false),
  gemmOfImages("gemm 1 dW, images", I, B, true),
  gemm("gemm 2", B, O, H),
  gemm("gemm 2 dW", H, O, B, { transposeA: true }),
  gemm("gemm 2 dX", B, H, O, { transposeB: true }),
  gather,
  gatherTransformed,
  addBias,
  activationForward("sigmoid", relative(SIGMOID + U)),
  activationBackward("sigmoid"),
  activationForward("relu", exact),
  activationBackward("relu"),
  activationForward("tanh", relative(TANH + U)),
  activationBackward("tanh"),
  activationForward("leaky-relu", exact),
  activationBackward("leaky-relu"),
  activationForward("gelu", relative(GELU + U)),
  activationBackward("gelu", (GELU + 3 * U) * 1.2),
  softmax,
  softmaxCrossEntropy,
  argmax,
  countCorrect,
  columnSums,
  sgd,
  update(momentum({ learningRate: 0.1, momentum: 0.9, nesterov: false, ...PLAIN })),
  update(adam({ ...ADAM_STEP, decay: 1e-5, ...PLAIN })),
  update(rmsprop({ learningRate: 1e-3, rate: 0.01, epsilon: 1e-8, ...PLAIN })),
  rowSquares,
  clipScale,
  ...CONVOLUTION_CASES,
  ...LAYER_CASES,
];
