/** Convolutions, as the definition has them: sums in float64, rounded once. */
import type { ConvolutionShape } from "../../backend/convolution.ts";
import type { ReferenceKernels } from "./memory.ts";

type Names = "convolve" | "convolveWeightGradient" | "convolveInputGradient";

export const convolutions: ReferenceKernels<Names> = {
  convolve(y, x, w, bias, shape, alpha = 1) {
    const sums = new Float64Array(y.data.length);
    for (const [out, from, tap] of terms(y.rows, shape)) {
      sums[out] += w.data[tap] * x.data[from];
    }
    sums.forEach((sum, i) => {
      y.data[i] = alpha * sum + (bias ? bias.data[i % shape.outputs] : 0);
    });
  },

  convolveWeightGradient(dw, dbias, x, dy, shape, alpha = 1) {
    const sums = new Float64Array(dw.data.length);
    for (const [out, from, tap] of terms(dy.rows, shape)) {
      sums[tap] += dy.data[out] * x.data[from];
    }
    sums.forEach((sum, i) => dw.data[i] = alpha * sum);
    if (!dbias) return;
    const { outputs } = shape;
    const biases = new Float64Array(outputs);
    dy.data.forEach((value, i) => biases[i % outputs] += value);
    dbias.data.set(biases);
  },

  convolveInputGradient(dx, dy, w, shape) {
    const sums = new Float64Array(dx.data.length);
    for (const [out, from, tap] of terms(dy.rows, shape)) {
      sums[from] += dy.data[out] * w.data[tap];
    }
    dx.data.set(sums);
  },
};

/** Every product of a convolution: the places of its output, of what it takes from the images, and of the weight. */
function* terms(
  images: number,
  shape: ConvolutionShape,
): Generator<readonly [out: number, from: number, tap: number], void, void> {
  const { height, width, channels, kernelHeight, kernelWidth, stride, padTop, padLeft } = shape;
  const { outHeight, outWidth, outputs, groups } = shape;
  const [ofGroup, outOfGroup] = [channels / groups, outputs / groups];
  for (let b = 0; b < images; b++) {
    for (let p = 0; p < outHeight; p++) {
      for (let q = 0; q < outWidth; q++) {
        const out = ((b * outHeight + p) * outWidth + q) * outputs;
        for (let k = 0; k < kernelHeight; k++) {
          const down = p * stride + k - padTop;
          if (down < 0 || down >= height) continue;
          for (let l = 0; l < kernelWidth; l++) {
            const across = q * stride + l - padLeft;
            if (across < 0 || across >= width) continue;
            const from = ((b * height + down) * width + across) * channels;
            for (let o = 0; o < outputs; o++) {
              const first = from + Math.floor(o / outOfGroup) * ofGroup;
              for (let c = 0; c < ofGroup; c++) {
                const tap = ((k * kernelWidth + l) * ofGroup + c) * outputs + o;
                yield [out + o, first + c, tap];
              }
            }
          }
        }
      }
    }
  }
}
