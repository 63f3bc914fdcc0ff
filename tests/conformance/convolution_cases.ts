/**
 * Convolutions and their gradients, against the reference and against products with explicit patches (im2col).
 *
 * Glossary: as in lib/backend/convolution.ts.
 */
import assert from "node:assert/strict";
import type { ConvolutionShape } from "../../lib/backend/convolution.ts";
import { agree, type Program, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, sumBound } from "./tolerance.ts";
import { normals, wholeNumbers } from "./values.ts";

interface Sizes {
  readonly images?: number;
  readonly size: readonly [height: number, width: number];
  readonly channels: number;
  readonly outputs: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride?: number;
  readonly groups?: number;
  /** Padded to as many positions as there are pixels over the stride, by default; else not at all. */
  readonly valid?: boolean;
}

function shapeOf({ size, channels, outputs, kernel, stride = 1, groups = 1, valid }: Sizes) {
  const along = (length: number, window: number) => {
    const out = valid ? Math.floor((length - window) / stride) + 1 : Math.ceil(length / stride);
    const pad = Math.max(0, (out - 1) * stride + window - length);
    return { out, before: valid ? 0 : Math.floor(pad / 2) };
  };
  const [rows, columns] = [along(size[0], kernel[0]), along(size[1], kernel[1])];
  return {
    height: size[0],
    width: size[1],
    channels,
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    stride,
    padTop: rows.before,
    padLeft: columns.before,
    outHeight: rows.out,
    outWidth: columns.out,
    outputs,
    groups,
  } satisfies ConvolutionShape;
}

/** Around a tile of 6 positions and 8 outputs, a vector of 4, and every way of gathering. */
const SIZES: readonly Sizes[] = [
  // Images of one pixel, and windows larger than the image.
  { size: [1, 1], channels: 1, outputs: 1, kernel: [1, 1] },
  { size: [1, 1], channels: 3, outputs: 9, kernel: [3, 3] },
  { size: [2, 3], channels: 1, outputs: 4, kernel: [5, 5] },
  { size: [3, 2], channels: 4, outputs: 8, kernel: [7, 3] },
  // One and three channels, odd and even windows.
  { size: [7, 5], channels: 1, outputs: 8, kernel: [3, 3] },
  { size: [7, 13], channels: 1, outputs: 16, kernel: [2, 2] },
  { size: [6, 7], channels: 1, outputs: 20, kernel: [3, 3] },
  { size: [7, 8], channels: 1, outputs: 37, kernel: [2, 3], stride: 2 },
  { size: [6, 7], channels: 3, outputs: 5, kernel: [3, 3] },
  { size: [9, 8], channels: 3, outputs: 10, kernel: [4, 5] },
  { size: [5, 6], channels: 8, outputs: 12, kernel: [3, 3] },
  { size: [4, 9], channels: 16, outputs: 32, kernel: [3, 3] },
  { size: [3, 3], channels: 7, outputs: 7, kernel: [1, 1] },
  { size: [3, 4], channels: 20, outputs: 3, kernel: [1, 3] },
  { size: [4, 3], channels: 2, outputs: 17, kernel: [3, 1] },
  // Strides, some of which no window divides.
  { size: [8, 8], channels: 2, outputs: 8, kernel: [3, 3], stride: 2 },
  { size: [9, 7], channels: 1, outputs: 4, kernel: [3, 3], stride: 2 },
  { size: [10, 11], channels: 3, outputs: 6, kernel: [3, 3], stride: 3 },
  { size: [7, 7], channels: 4, outputs: 9, kernel: [2, 2], stride: 3 },
  { size: [5, 5], channels: 4, outputs: 4, kernel: [1, 1], stride: 2 },
  { size: [5, 4], channels: 2, outputs: 3, kernel: [3, 3], stride: 7 },
  // Without padding.
  { size: [7, 6], channels: 3, outputs: 8, kernel: [3, 3], valid: true },
  { size: [3, 5], channels: 5, outputs: 8, kernel: [3, 5], valid: true },
  { size: [8, 9], channels: 2, outputs: 6, kernel: [3, 2], stride: 2, valid: true },
  { size: [11, 10], channels: 1, outputs: 8, kernel: [3, 3], stride: 3, valid: true },
  // Groups, and one for each channel.
  { size: [5, 4], channels: 4, outputs: 6, kernel: [3, 3], groups: 2 },
  { size: [6, 5], channels: 12, outputs: 24, kernel: [3, 3], groups: 3, stride: 2 },
  { size: [4, 4], channels: 3, outputs: 6, kernel: [2, 2], groups: 3 },
  { size: [4, 5], channels: 6, outputs: 32, kernel: [1, 1], groups: 2 },
  { size: [6, 6], channels: 6, outputs: 6, kernel: [3, 3], groups: 6 },
  { size: [5, 7], channels: 16, outputs: 16, kernel: [3, 3], groups: 16, stride: 2 },
  { size: [7, 7], channels: 3, outputs: 3, kernel: [5, 5], groups: 3 },
  // Channels and outputs of which tiles of 2 x 2 outputs are computed by transforms: whole tiles, and cut at either side.
  { size: [8, 6], channels: 16, outputs: 16, kernel: [3, 3] },
  { size: [5, 7], channels: 32, outputs: 16, kernel: [3, 3] },
  { size: [4, 18], channels: 48, outputs: 32, kernel: [3, 3], images: 2 },
  { size: [6, 7], channels: 16, outputs: 16, kernel: [3, 3], valid: true },
  { size: [7, 6], channels: 16, outputs: 32, kernel: [3, 3], valid: true, images: 19 },
  { size: [20, 15], channels: 16, outputs: 16, kernel: [3, 3], images: 1 },
  // Several parts of a batch, and some of them empty.
  { size: [4, 5], channels: 3, outputs: 8, kernel: [3, 3], images: 1 },
  { size: [3, 3], channels: 2, outputs: 8, kernel: [3, 3], images: 37 },
  { size: [3, 2], channels: 4, outputs: 4, kernel: [3, 3], groups: 4, images: 37 },
];

type Draw = (count: number, seed: number) => Float32Array<ArrayBuffer>;
const whole: Draw = (count, seed) => wholeNumbers(count, seed, 7).map((value) => value - 3);

interface Problem {
  readonly shape: ConvolutionShape;
  readonly images: number;
  readonly x: ArrayLike<number>;
  readonly w: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly dy: ArrayLike<number>;
  readonly taps: number;
  readonly inputs: number;
  readonly positions: number;
}

function drawn(sizes: Sizes, draw: Draw): Problem {
  const shape = shapeOf(sizes);
  const { images = 3 } = sizes;
  const { kernelHeight, kernelWidth, channels, groups, outputs, height, width } = shape;
  const taps = kernelHeight * kernelWidth * channels / groups;
  const [inputs, positions] = [height * width * channels, shape.outHeight * shape.outWidth];
  return {
    shape,
    images,
    x: draw(images * inputs, 1),
    w: draw(taps * outputs, 2),
    bias: draw(outputs, 3),
    dy: draw(images * positions * outputs, 4),
    taps,
    inputs,
    positions,
  };
}

/** y with and without a bias; dw and dbias, dw alone; dx. */
function program(problem: Problem, alpha: number, map: (x: number) => number = (x) => x): Program {
  const { shape, images, taps, inputs, positions } = problem;
  const { outputs } = shape;
  return (rig) => {
    const { backend } = rig;
    const values = (from: ArrayLike<number>) => Float32Array.from(from, map);
    const isBytes = problem.x instanceof Uint8Array;
    const x = isBytes
      ? rig.bytes(images, inputs, problem.x)
      : rig.matrix(images, inputs, values(problem.x));
    const w = rig.matrix(taps, outputs, values(problem.w));
    const bias = rig.matrix(1, outputs, values(problem.bias));
    const dy = rig.matrix(images, positions * outputs, values(problem.dy));
    const [y, plain] = [0, 1].map(() => rig.output(images, positions * outputs));
    const [dw, dwAlone] = [0, 1].map(() => rig.output(taps, outputs));
    const dbias = rig.output(1, outputs);
    backend.convolve(y, x, w, bias, shape, alpha);
    backend.convolve(plain, x, w, null, shape, alpha);
    backend.convolveWeightGradient(dw, dbias, x, dy, shape, alpha);
    backend.convolveWeightGradient(dwAlone, null, x, dy, shape, alpha);
    if (isBytes) return [y, plain, dw, dbias, dwAlone];
    const dx = rig.output(images, inputs);
    backend.convolveInputGradient(dx, dy, w, shape);
    return [y, plain, dw, dbias, dwAlone, dx];
  };
}

const EXACT: readonly Bound[] = [exact, exact, exact, exact, exact, exact];

/** Of each image the pixels of every window, a row a position: K L C columns, zeros outside. */
function patches({ shape, images, x, positions, taps }: Problem): Float32Array {
  const { height, width, channels, stride, padTop, padLeft, kernelWidth, outWidth } = shape;
  return Float32Array.from({ length: images * positions * taps }, (_, i) => {
    const [row, tap] = [Math.floor(i / taps), i % taps];
    const [b, position] = [Math.floor(row / positions), row % positions];
    const [c, window] = [tap % channels, Math.floor(tap / channels)];
    const down = Math.floor(position / outWidth) * stride + Math.floor(window / kernelWidth) -
      padTop;
    const across = position % outWidth * stride + window % kernelWidth - padLeft;
    const isInside = down >= 0 && down < height && across >= 0 && across < width;
    return isInside ? x[((b * height + down) * width + across) * channels + c] : 0;
  });
}

export const convolutionCases: Cases = {
  "a convolution gives what two were worked out to by hand": async (backend) => {
    // 1 2 3     1 0     padded below and to the right:   1 + 5   2 + 6   3
    // 4 5 6     0 1                                       4       5       6
    const shape = shapeOf({ size: [2, 3], channels: 1, outputs: 1, kernel: [2, 2] });
    const x = [1, 2, 3, 4, 5, 6];
    await yields(
      backend,
      (rig) => {
        const [y, dx, dw, dbias] = [
          rig.output(1, 6),
          rig.output(1, 6),
          rig.output(4, 1),
          rig.output(1, 1),
        ];
        const images = rig.matrix(1, 6, x);
        const w = rig.matrix(4, 1, [1, 0, 0, 1]);
        const dy = rig.matrix(1, 6, [1, 0, 0, 0, 0, 2]);
        rig.backend.convolve(y, images, w, rig.matrix(1, 1, [10]), shape, 1);
        rig.backend.convolveInputGradient(dx, dy, w, shape);
        rig.backend.convolveWeightGradient(dw, dbias, images, dy, shape, 1);
        return [y, dx, dw, dbias];
      },
      [[16, 18, 13, 14, 15, 16], [1, 0, 0, 0, 1, 2], [13, 2, 4, 5], [3]],
      exact,
      exact,
      exact,
      exact,
    );
  },

  "convolutions are exact on whole numbers at every edge size": async (backend) => {
    for (const sizes of SIZES) await agree(backend, program(drawn(sizes, whole), 1), ...EXACT);
  },

  "convolutions take bytes for the numbers that they are, times alpha": async (backend) => {
    for (const sizes of SIZES) {
      const problem = drawn(sizes, whole);
      const x = Uint8Array.from(wholeNumbers(problem.x.length, 5, 256));
      // A power of two, which is exact.
      await agree(backend, program({ ...problem, x }, 0.25), ...EXACT.slice(1));
    }
  },

  "convolutions round no more than their additions and products may": async (backend) => {
    for (const sizes of SIZES) {
      const problem = drawn(sizes, normals);
      const { taps, positions, images, shape: { outputs, groups } } = problem;
      const [y, plain, dw, dbias, , dx] = await run(backend, program(problem, 1, Math.abs));
      const bounds = [
        sumBound(taps + 1, y),
        sumBound(taps, plain),
        sumBound(images * positions, dw),
        sumBound(images * positions, dbias),
        sumBound(images * positions, dw),
        sumBound(taps / problem.shape.channels * groups * outputs / groups, dx),
      ];
      await agree(backend, program(problem, 1), ...bounds);
    }
  },

  "a convolution is the product of explicit patches and the weights, and so are its gradients":
    async (
      backend,
    ) => {
      for (const sizes of SIZES.filter(({ groups = 1 }) => groups === 1)) {
        const problem = drawn(sizes, whole);
        const { images, positions, taps, shape: { outputs } } = problem;
        const [y, dw] = await run(backend, (rig) => {
          const rows = images * positions;
          const [y, dw] = [rig.output(rows, outputs), rig.output(taps, outputs)];
          const a = rig.matrix(rows, taps, patches(problem));
          rig.backend.gemm(y, a, rig.matrix(taps, outputs, problem.w));
          rig.backend.gemm(dw, a, rig.matrix(rows, outputs, problem.dy), { transposeA: true });
          return [y, dw];
        });
        const [, plain, gradient] = await run(backend, program(problem, 1));
        assert.deepEqual([...plain], [...y]);
        assert.deepEqual([...gradient], [...dw]);
      }
    },
};
