/** Convolutions of the networks of the presets `conv` and `conv-accurate`, and their gradients, of 128 images: see kernel_cases.ts. */
import type { ConvolutionShape } from "../../lib/backend/convolution.ts";
import { normals } from "../conformance/values.ts";
import { U } from "../conformance/tolerance.ts";
import type { Buffers, KernelCase, Prepared } from "./kernel_cases.ts";

const IMAGES = 128;
/** Few enough for the reference. */
const CHECKED_IMAGES = 2;
/** Values of N(0, 1) are at most this. */
const LARGEST = 5;

/** Windows of 3 x 3 on images of so many pixels a side. */
function shapeOf(side: number, channels: number, outputs: number): ConvolutionShape {
  return {
    height: side,
    width: side,
    channels,
    kernelHeight: 3,
    kernelWidth: 3,
    stride: 1,
    padTop: 1,
    padLeft: 1,
    outHeight: side,
    outWidth: side,
    outputs,
    groups: 1,
  };
}

type Pass = "forward" | "weight gradient" | "input gradient";

function convolution(side: number, channels: number, outputs: number, pass: Pass): KernelCase {
  const shape = shapeOf(side, channels, outputs);
  const pixels = side * side;
  const taps = 9 * channels;
  const prepare = (images: number) => (buffers: Buffers): Prepared => {
    const { backend } = buffers;
    const [inputs, numbers] = [pixels * channels, pixels * outputs];
    const x = buffers.matrix(images, inputs, normals(images * inputs, 1));
    const w = buffers.matrix(taps, outputs, normals(taps * outputs, 2));
    const dy = buffers.matrix(images, numbers, normals(images * numbers, 3));
    if (pass === "forward") {
      const y = buffers.output(images, numbers);
      return { run: () => backend.convolve(y, x, w, null, shape), outputs: [y] };
    }
    if (pass === "input gradient") {
      const dx = buffers.output(images, inputs);
      return { run: () => backend.convolveInputGradient(dx, dy, w, shape), outputs: [dx] };
    }
    const dw = buffers.output(taps, outputs);
    const run = () => backend.convolveWeightGradient(dw, null, x, dy, shape);
    return { run, outputs: [dw] };
  };
  const terms = {
    forward: taps,
    "input gradient": 9 * outputs,
    "weight gradient": CHECKED_IMAGES * pixels,
  }[pass];
  return {
    name: `conv ${channels} to ${outputs}, ${side} x ${side}, ${pass}`,
    flops: 2 * IMAGES * pixels * taps * outputs,
    prepare: prepare(IMAGES),
    prepareSmall: prepare(CHECKED_IMAGES),
    bounds: [() => (terms + 2) * U * terms * LARGEST ** 2],
  };
}

const BOTH: readonly Pass[] = ["forward", "weight gradient"];

/** Nobody asks for the gradient of the images themselves. */
export const CONVOLUTION_CASES: readonly KernelCase[] = [
  ...BOTH.map((pass) => convolution(28, 1, 16, pass)),
  ...[...BOTH, "input gradient" as const].map((pass) => convolution(14, 16, 32, pass)),
  ...BOTH.map((pass) => convolution(28, 1, 32, pass)),
  ...[...BOTH, "input gradient" as const].map((pass) => convolution(14, 32, 64, pass)),
];
