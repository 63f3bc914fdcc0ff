/** Kernels around the layers' products, and of other losses, at the shapes of the baseline network: see kernel_cases.ts. */
import { exact, EXP, relative, sumBound, U } from "../conformance/tolerance.ts";
import { normals, wholeNumbers } from "../conformance/values.ts";
import type { KernelCase } from "./kernel_cases.ts";

const [B, H, O] = [256, 100, 10];
const FLOAT = 4;
/** Values of N(0, 1) are at most this. */
const LARGEST = 5;

const dropout: KernelCase = {
  name: "dropout",
  bytes: 2 * B * H * FLOAT,
  prepare: (buffers) => {
    const x = buffers.matrix(B, H, normals(B * H, 1));
    const y = buffers.output(B, H);
    return { run: () => buffers.backend.dropout(y, x, 0.5, 1, 2), outputs: [y] };
  },
  // 1 / (1 - 0.5) is exact.
  bounds: [exact],
};

/** Sums of B terms of at most LARGEST, and what goes with them. */
const ofSums = () => (B + 20) * U * LARGEST ** 2;

const batchNormForward: KernelCase = {
  name: "batchNormForward",
  bytes: 4 * B * H * FLOAT,
  prepare: (buffers) => {
    const x = buffers.matrix(B, H, normals(B * H, 1));
    const [weight, bias] = [2, 3].map((seed) => buffers.matrix(1, H, normals(H, seed)));
    const running = buffers.matrix(2, H, normals(2 * H, 4));
    const [y, statistics] = [buffers.output(B, H), buffers.output(2, H)];
    const { backend } = buffers;
    return {
      run: () => backend.batchNormForward(y, statistics, running, x, weight, bias, 0.1, 1e-5),
      outputs: [y, statistics, running],
    };
  },
  bounds: [ofSums, ofSums, ofSums],
};

const batchNormBackward: KernelCase = {
  name: "batchNormBackward",
  bytes: 5 * B * H * FLOAT,
  prepare: (buffers) => {
    const [x, dy] = [1, 2].map((seed) => buffers.matrix(B, H, normals(B * H, seed)));
    const weight = buffers.matrix(1, H, normals(H, 3));
    const statistics = buffers.matrix(2, H, [...normals(H, 4, 0.1), ...new Array(H).fill(1)]);
    const [dx, dweight, dbias] = [B, 1, 1].map((rows) => buffers.output(rows, H));
    const { backend } = buffers;
    return {
      run: () => backend.batchNormBackward(dx, dweight, dbias, dy, x, statistics, weight),
      outputs: [dx, dweight, dbias],
    };
  },
  bounds: [ofSums, () => B * ofSums(), () => B * ofSums()],
};

const sumClassWeights: KernelCase = {
  name: "sumClassWeights",
  bytes: B * (FLOAT + FLOAT + 1),
  prepare: (buffers) => {
    const sum = buffers.output(1, 1);
    const weights = buffers.matrix(1, O, new Float32Array(O).fill(0.3));
    const labels = buffers.bytes(B, 1, wholeNumbers(B, 2, O));
    const order = buffers.order(Array.from({ length: B }, (_, i) => i));
    const { backend } = buffers;
    return {
      run: () => backend.sumClassWeights(sum, weights, labels, order, 0, B),
      outputs: [sum],
    };
  },
  bounds: [sumBound(B, [0.3 * B])],
};

const smoothedCrossEntropy: KernelCase = {
  name: "weightedCrossEntropy",
  bytes: 2 * B * O * FLOAT,
  prepare: (buffers) => {
    const logits = buffers.matrix(B, O, normals(B * O, 1, 3));
    const labels = buffers.bytes(B, 1, wholeNumbers(B, 2, O));
    const order = buffers.order(Array.from({ length: B }, (_, i) => i));
    const classWeights = buffers.matrix(1, O, new Float32Array(O).fill(1));
    const weightSum = buffers.matrix(1, 1, [B]);
    const given = [labels, order, 0, classWeights, weightSum, 0.1] as const;
    const [dLogits, losses] = [buffers.output(B, O), buffers.output(B, 1)];
    const { backend } = buffers;
    return {
      run: () => backend.weightedCrossEntropy(dLogits, losses, logits, ...given),
      outputs: [dLogits, losses],
    };
  },
  // Exponentials of differences of at most 30, whose rounding they magnify, and sums of O terms.
  bounds: [() => (2 * (EXP + 30 * U) + 3 * O * U) / B, relative((EXP / U + 5 * O) * U)],
};

export const LAYER_CASES: readonly KernelCase[] = [
  dropout,
  batchNormForward,
  batchNormBackward,
  sumClassWeights,
  smoothedCrossEntropy,
];
