/**
 * Whether a network's numbers stay within float32. Weights that are finite are not enough: their sums may not be, and then
 * every probability is NaN.
 */
import { WeftError } from "../errors.ts";
import type { Activation } from "../nn/activations.ts";
import type { ConvolutionShape, Pool, Shape } from "../nn/layer.ts";
import { Network } from "../nn/network.ts";
import type { LayerParameters } from "../nn/tensors.ts";
import { inputOf, type Model } from "./model.ts";

const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;
const LARGEST_BYTE = 255;

/** Whether bytes times this are float32 numbers, and not all of them 0. */
export function isInputScale(scale: number): boolean {
  return Math.fround(scale) > 0 && Math.fround(LARGEST_BYTE * scale) <= LARGEST_FLOAT32;
}

/** How large activations become, which is all that matters here: GELU is between 0 and its argument, nearly. */
const ACTIVATE: Readonly<Record<Activation, (z: number) => number>> = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
  "leaky-relu": (z) => z > 0 ? z : 0.01 * z,
  gelu: (z) => Math.max(0, z),
};

/**
 * Refuses a network that overflows on a black or on a white image. No image makes the first layer's sums larger than a white
 * one does, in whichever order they are added.
 *
 * @param cannot what cannot be done otherwise, such as "Cannot import mlp.safetensors"
 * @throws {WeftError} naming the layer
 */
export function requireFiniteOutputs(model: Model, cannot: string): void {
  const { architecture, parameters, inputScale } = model;
  // Of float32 features there is no largest.
  if (inputOf(model).element === "float32") return;
  const { layers } = Network.of(architecture);
  for (const [image, byte] of [["black", 0], ["white", LARGEST_BYTE]] as const) {
    let x = new Float64Array(architecture.inputs).fill(byte * inputScale);
    let weighted = 0;
    for (const { name, text, input, layer: { pool, convolution } } of layers) {
      if (Object.hasOwn(ACTIVATE, text)) x = x.map(ACTIVATE[text as Activation]);
      if (pool) x = pooled(x, input, pool);
      if (name === "") continue;
      const of = parameters[weighted];
      const z = convolution ? convolved(x, of, convolution) : linear(x, of);
      if (!z) {
        throw new WeftError(
          `${cannot}: its layer ${weighted} has sums beyond float32 on a ${image} image, so that its ` +
            `probabilities are not finite; train it with smaller weights (its input scale is ${inputScale})`,
        );
      }
      x = z;
      weighted++;
    }
  }
}

/** Sums of what is above 0 and of what is below it: all partial sums of the terms lie between them. */
class Sums {
  readonly above: Float64Array;
  readonly below: Float64Array;

  constructor(readonly biases: ArrayLike<number>, length: number) {
    const biasOf = (_: unknown, i: number) => biases[i % biases.length];
    this.above = Float64Array.from({ length }, biasOf).map((bias) => Math.max(0, bias));
    this.below = Float64Array.from({ length }, biasOf).map((bias) => Math.min(0, bias));
  }

  add(i: number, term: number): void {
    if (term > 0) this.above[i] += term;
    else this.below[i] += term;
  }

  /** Null if a partial sum may be beyond float32. */
  total(): Float64Array<ArrayBuffer> | null {
    const { above, below } = this;
    const areFinite = above.every((sum) => sum <= LARGEST_FLOAT32) &&
      below.every((sum) => sum >= -LARGEST_FLOAT32);
    return areFinite ? Float64Array.from(above, (sum, i) => sum + below[i]) : null;
  }
}

/** x W + b; null if a partial sum may be beyond float32. */
function linear(x: Float64Array, { weights, bias }: LayerParameters) {
  const outputs = bias.length;
  const sums = new Sums(bias, outputs);
  for (let i = 0; i < x.length; i++) {
    for (let o = 0; o < outputs; o++) sums.add(o, x[i] * weights[i * outputs + o]);
  }
  return sums.total();
}

/** The same of a convolution. */
function convolved(x: Float64Array, { weights, bias }: LayerParameters, shape: ConvolutionShape) {
  const { height, width, channels, outHeight, outWidth, outputs, groups } = shape;
  const { kernelHeight, kernelWidth, stride, padTop, padLeft } = shape;
  const [ofGroup, outOfGroup] = [channels / groups, outputs / groups];
  const sums = new Sums(bias, outHeight * outWidth * outputs);
  for (let position = 0; position < outHeight * outWidth; position++) {
    for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
      const down = Math.floor(position / outWidth) * stride + Math.floor(tap / kernelWidth) -
        padTop;
      const across = position % outWidth * stride + tap % kernelWidth - padLeft;
      if (down < 0 || across < 0 || down >= height || across >= width) continue;
      const pixel = (down * width + across) * channels;
      for (let c = 0; c < ofGroup; c++) {
        const row = (tap * ofGroup + c) * outputs;
        for (let o = 0; o < outputs; o++) {
          const value = x[pixel + Math.floor(o / outOfGroup) * ofGroup + c];
          sums.add(position * outputs + o, value * weights[row + o]);
        }
      }
    }
  }
  return sums.total();
}

/** Of every window the largest number of a channel, or the mean. */
function pooled(x: Float64Array, [height, width, channels]: Shape, { of, window }: Pool) {
  const [rows, columns] = [Math.floor(height / window[0]), Math.floor(width / window[1])];
  const count = window[0] * window[1];
  return Float64Array.from({ length: rows * columns * channels }, (_, i) => {
    const [place, c] = [Math.floor(i / channels), i % channels];
    const [top, left] = [Math.floor(place / columns) * window[0], place % columns * window[1]];
    let [most, sum] = [-Infinity, 0];
    for (let k = 0; k < count; k++) {
      const [down, across] = [top + Math.floor(k / window[1]), left + k % window[1]];
      const value = x[(down * width + across) * channels + c];
      most = Math.max(most, value);
      sum += value;
    }
    return of === "largest" ? most : sum / count;
  });
}
