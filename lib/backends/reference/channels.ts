/** Kernels that go by the channels of images: their normalization over a batch. */
import { type ReferenceKernels, ReferenceMatrix } from "./memory.ts";

type Names =
  | "channelMoments"
  | "channelStatistics"
  | "channelNormForward"
  | "channelGradientSums"
  | "channelNormGradients"
  | "channelNormBackward"
  | "channelNormPoolForward"
  | "channelPoolSums"
  | "channelNormPoolBackward";

export const channels: ReferenceKernels<Names> = {
  channelMoments(moments, x, _positions, channels) {
    for (let s = 0; s < moments.rows; s++) {
      for (let c = 0; c < channels; c++) {
        const values = valuesOf(x, s, moments.rows, c, channels);
        const mean = values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
        moments.data[2 * s * channels + c] = mean;
        moments.data[(2 * s + 1) * channels + c] = values.reduce(
          (sum, value) => sum + (value - mean) ** 2,
          0,
        );
      }
    }
  },

  channelStatistics(statistics, running, moments, images, positions, momentum, epsilon) {
    const { rows: parts, columns } = moments;
    const channels = columns / 2;
    const count = images * positions;
    const counts = Array.from({ length: parts }, (_, s) => {
      const [begin, end] = bounds(images, s, parts);
      return (end - begin) * positions;
    });
    for (let c = 0; c < channels; c++) {
      const means = counts.map((_, s) => moments.data[s * columns + c]);
      const mean = means.reduce((sum, value, s) => sum + value * counts[s], 0) / count;
      const squares = means.reduce(
        (sum, value, s) =>
          sum + moments.data[s * columns + channels + c] + counts[s] * (value - mean) ** 2,
        0,
      );
      const variance = squares / count;
      statistics.data[c] = mean;
      statistics.data[channels + c] = 1 / Math.sqrt(variance + epsilon);
      running.data[c] += momentum * (mean - running.data[c]);
      const old = running.data[channels + c];
      running.data[channels + c] = old + momentum * (squares / (count - 1) - old);
    }
  },

  channelNormForward(y, x, statistics, weight, bias) {
    const { columns: channels } = statistics;
    for (let i = 0; i < x.data.length; i++) {
      const c = i % channels;
      y.data[i] = normal(x, statistics, i) * weight.data[c] + bias.data[c];
    }
  },

  channelGradientSums(sums, dy, x, statistics) {
    const { columns: channels } = statistics;
    for (let s = 0; s < sums.rows; s++) {
      const [plain, scaled] = [new Float64Array(channels), new Float64Array(channels)];
      const [begin, end] = bounds(x.rows, s, sums.rows);
      for (let i = begin * x.columns; i < end * x.columns; i++) {
        plain[i % channels] += dy.data[i];
        scaled[i % channels] += dy.data[i] * normal(x, statistics, i);
      }
      sums.data.set(plain, 2 * s * channels);
      sums.data.set(scaled, (2 * s + 1) * channels);
    }
  },

  channelNormGradients(dweight, dbias, sums) {
    const channels = sums.columns / 2;
    for (let c = 0; c < channels; c++) {
      let [plain, scaled] = [0, 0];
      for (let s = 0; s < sums.rows; s++) {
        plain += sums.data[s * sums.columns + c];
        scaled += sums.data[s * sums.columns + channels + c];
      }
      [dbias.data[c], dweight.data[c]] = [plain, scaled];
    }
  },

  channelNormBackward(dx, dy, x, statistics, weight, dweight, dbias, positions) {
    const { columns: channels } = statistics;
    const count = x.rows * positions;
    for (let i = 0; i < x.data.length; i++) {
      const c = i % channels;
      const rest = dy.data[i] - dbias.data[c] / count -
        normal(x, statistics, i) * dweight.data[c] / count;
      dx.data[i] = weight.data[c] * statistics.data[channels + c] * rest;
    }
  },

  channelNormPoolForward(y, x, statistics, weight, bias, height, width) {
    const places = largestPlaces(x, statistics, weight, bias, height, width);
    places.forEach(({ value }, i) => y.data[i] = Math.max(value, 0));
  },

  channelPoolSums(sums, dy, x, statistics, weight, bias, height, width) {
    const given = unpooled(dy, x, statistics, weight, bias, height, width);
    channels.channelGradientSums(sums, given, x, statistics, height * width);
  },

  channelNormPoolBackward(dx, dy, x, statistics, weight, bias, dweight, dbias, height, width) {
    const given = unpooled(dy, x, statistics, weight, bias, height, width);
    const by = [statistics, weight, dweight, dbias, height * width] as const;
    channels.channelNormBackward(dx, given, x, ...by);
  },
};

/** Of each window of 2 x 2 of each channel, the largest normalized value, and where the first such one is in `x`. */
function largestPlaces(
  x: ReferenceMatrix,
  statistics: ReferenceMatrix,
  weight: ReferenceMatrix,
  bias: ReferenceMatrix,
  height: number,
  width: number,
): { readonly value: number; readonly at: number }[] {
  const { columns } = statistics;
  const found: { value: number; at: number }[] = [];
  for (let b = 0; b < x.rows; b++) {
    for (let p = 0; p + 1 < height; p += 2) {
      for (let q = 0; q + 1 < width; q += 2) {
        for (let c = 0; c < columns; c++) {
          const corner = ((b * height + p) * width + q) * columns + c;
          const pixels = [0, columns, width * columns, (width + 1) * columns];
          const window = pixels.map((step) => {
            const at = corner + step;
            return { at, value: normal(x, statistics, at) * weight.data[c] + bias.data[c] };
          });
          found.push(window.reduce((best, it) => it.value > best.value ? it : best));
        }
      }
    }
  }
  return found;
}

/** The gradient of the normalized values: that of their largest ones where they are above 0. */
function unpooled(
  dy: ReferenceMatrix,
  x: ReferenceMatrix,
  statistics: ReferenceMatrix,
  weight: ReferenceMatrix,
  bias: ReferenceMatrix,
  height: number,
  width: number,
): ReferenceMatrix {
  const data = x.data.slice().fill(0);
  const places = largestPlaces(x, statistics, weight, bias, height, width);
  places.forEach(({ value, at }, i) => data[at] = value > 0 ? dy.data[i] : 0);
  return new ReferenceMatrix(x.rows, x.columns, data);
}

function normal(x: ReferenceMatrix, { data, columns }: ReferenceMatrix, i: number): number {
  const c = i % columns;
  return (x.data[i] - data[c]) * data[columns + c];
}

/** The images of part `s` of `parts`. */
function bounds(images: number, s: number, parts: number): [begin: number, end: number] {
  return [Math.floor(images * s / parts), Math.floor(images * (s + 1) / parts)];
}

/** Those of a channel in a part of a batch. */
function valuesOf(x: ReferenceMatrix, s: number, parts: number, c: number, channels: number) {
  const [begin, end] = bounds(x.rows, s, parts);
  const values: number[] = [];
  for (let i = begin * x.columns + c; i < end * x.columns; i += channels) values.push(x.data[i]);
  return values;
}
