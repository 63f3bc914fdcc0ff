/**
 * Normalization of the channels of images, and its gradient. With one position it is that of columns, whose cases are in
 * batch_norm_cases.ts. Glossary: M values of a channel, n a normalized value.
 */
import { agree, type Program, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, exact, relative, U } from "./tolerance.ts";
import { normals } from "./values.ts";

const [MOMENTUM, EPSILON] = [0.1, 1e-5];

/** Images, positions, channels and parts: parts that are empty, or of one image, or of several. */
const SIZES = [
  [1, 2, 1, 1],
  [2, 1, 3, 4],
  [3, 4, 4, 2],
  [5, 9, 5, 8],
  [7, 6, 16, 3],
  [33, 3, 17, 8],
  [4, 49, 32, 4],
] as const;

type Sizes = typeof SIZES[number];

function values([images, positions, channels]: Sizes) {
  // Means that are not zero.
  const shifts = normals(channels, 5, 2);
  const numbers = images * positions * channels;
  return {
    x: normals(numbers, 1).map((value, i) => 1.5 * value + shifts[i % channels]),
    dy: normals(numbers, 2),
    weight: normals(channels, 6),
    bias: normals(channels, 7),
    running: [...normals(channels, 8), ...normals(channels, 9).map(Math.abs)],
  };
}

/** Everything, each kernel on what the one before gave: statistics, running ones, y; then dweight, dbias, dx, dx in place. */
function program(sizes: Sizes): Program {
  const [images, positions, channels, parts] = sizes;
  const { x, dy, weight, bias, running } = values(sizes);
  const columns = positions * channels;
  return (rig) => {
    const { backend } = rig;
    const [moments, sums] = [0, 1].map(() => rig.output(parts, 2 * channels));
    const statistics = rig.output(2, channels);
    const kept = rig.matrix(2, channels, running);
    const [y, dx] = [0, 1].map(() => rig.output(images, columns));
    const [dweight, dbias] = [0, 1].map(() => rig.output(1, channels));
    const [input, gradient, inPlace] = [x, dy, dy].map((it) => rig.matrix(images, columns, it));
    const [scale, shift] = [weight, bias].map((it) => rig.matrix(1, channels, it));
    backend.channelMoments(moments, input, positions, channels);
    backend.channelStatistics(statistics, kept, moments, images, positions, MOMENTUM, EPSILON);
    backend.channelNormForward(y, input, statistics, scale, shift, positions);
    backend.channelGradientSums(sums, gradient, input, statistics, positions);
    backend.channelNormGradients(dweight, dbias, sums);
    const rest = [input, statistics, scale, dweight, dbias, positions] as const;
    backend.channelNormBackward(dx, gradient, ...rest);
    backend.channelNormBackward(inPlace, inPlace, ...rest);
    return [statistics, kept, y, dweight, dbias, dx, inPlace, moments, sums];
  };
}

/**
 * The chain of kernels is off by what its sums are: M additions of values, of squares and of products, with their shares. What
 * follows takes each error once, times what it is multiplied by; see batch_norm_cases.ts for the terms of one column.
 */
function bounds(sizes: Sizes): Bound[] {
  const [images, positions, channels] = sizes;
  const { x, dy, weight, bias, running } = values(sizes);
  const count = images * positions;
  const of = Array.from({ length: channels }, (_, c) => {
    const column = x.filter((_, i) => i % channels === c);
    const gradients = dy.filter((_, i) => i % channels === c);
    const mean = column.reduce((a, b) => a + b, 0) / count;
    const magnitude = column.reduce((sum, value) => sum + Math.abs(value), 0) / count;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    const inverse = 1 / Math.sqrt(variance + EPSILON);
    // Sums in parts have fewer additions one after the other, and a few more that join them.
    const ofMean = (count + 12) * U * magnitude;
    const ofVariance = (count + 16) * U * variance + ofMean ** 2;
    const ofInverse = ofVariance / (variance + EPSILON) / 2 + 8 * U;
    const plain = gradients.reduce((sum, value) => sum + Math.abs(value), 0);
    const scaled = gradients.reduce(
      (sum, value, i) => sum + Math.abs(value * (column[i] - mean)) * inverse,
      0,
    );
    const ofNormal = (n: number) => ofMean * inverse + n * (ofInverse + 4 * U);
    const ofPlain = (count + 8) * U * plain;
    const ofScaled = (count + 12) * U * scaled + ofMean * inverse * plain + ofInverse * scaled;
    return {
      mean,
      magnitude,
      variance,
      inverse,
      ofMean,
      ofVariance,
      ofInverse,
      plain,
      scaled,
      ofNormal,
      ofPlain,
      ofScaled,
    };
  });
  const normal = (i: number) => Math.abs(x[i] - of[i % channels].mean) * of[i % channels].inverse;
  const ofX: Bound = (value, i) => {
    const { inverse, plain, scaled, ofInverse, ofNormal, ofPlain, ofScaled } = of[i % channels];
    const n = normal(i);
    const factor = Math.abs(weight[i % channels]) * inverse;
    const rest = Math.abs(dy[i]) + plain / count + n * scaled / count;
    const error = ofPlain / count + n * ofScaled / count + ofNormal(n) * scaled / count;
    return factor * (error + rest * (ofInverse + 8 * U)) + 2 * U * Math.abs(value);
  };
  const part: Bound = (_, i) => {
    const { magnitude, variance, ofMean } = of[i % channels];
    const isMean = i % (2 * channels) < channels;
    const largest = 8 * (magnitude + Math.sqrt(variance));
    return isMean
      ? (count + 8) * U * largest
      : (count + 16) * U * count * largest ** 2 + count * ofMean ** 2;
  };
  return [
    (value, i) => {
      const { ofMean, ofInverse } = of[i % channels];
      return i < channels ? ofMean : (ofInverse + U) * value;
    },
    (value, i) => {
      const { ofMean, ofVariance, variance, mean } = of[i % channels];
      const old = Math.abs(running[i]);
      const met = i < channels ? Math.abs(mean) : variance * count / (count - 1);
      const error = i < channels ? ofMean : ofVariance * count / (count - 1);
      return MOMENTUM * (error + 6 * U * (met + old)) + 2 * U * (Math.abs(value) + old);
    },
    (value, i) => {
      const c = i % channels;
      return Math.abs(weight[c]) * of[c].ofNormal(normal(i)) +
        2 * U * (Math.abs(value) + Math.abs(bias[c]));
    },
    (_, c) => of[c].ofScaled,
    (_, c) => of[c].ofPlain,
    ofX,
    ofX,
    part,
    (_, i) => i % (2 * channels) < channels ? of[i % channels].ofPlain : of[i % channels].ofScaled,
  ];
}

export const channelCases: Cases = {
  "channels are normalized as the definition has it, and their gradients": async (backend) => {
    for (const sizes of SIZES) await agree(backend, program(sizes), ...bounds(sizes));
  },

  "channels with one position are columns": async (backend) => {
    const sizes = [33, 1, 17, 8] as unknown as Sizes;
    const [images, , channels] = sizes;
    const { x, dy, weight, bias, running } = values(sizes);
    const [statistics, kept, y, dweight, dbias, dx] = await run(backend, program(sizes));
    const [ofStatistics, ofKept, ofY, ofWeight, ofBias, ofX] = bounds(sizes);
    const twice = (bound: Bound): Bound => (value, i) => 2 * bound(value, i);
    await yields(
      backend,
      (rig) => {
        const rows = (it: ArrayLike<number>) => rig.matrix(images, channels, it);
        const [scale, shift] = [weight, bias].map((it) => rig.matrix(1, channels, it));
        const outputs = [
          rig.output(2, channels),
          rig.matrix(2, channels, running),
          rig.output(images, channels),
          rig.output(1, channels),
          rig.output(1, channels),
          rig.output(images, channels),
        ] as const;
        const [statistics, kept, y, dweight, dbias, dx] = outputs;
        const input = rows(x);
        rig.backend.batchNormForward(y, statistics, kept, input, scale, shift, MOMENTUM, EPSILON);
        rig.backend.batchNormBackward(dx, dweight, dbias, rows(dy), input, statistics, scale);
        return [...outputs];
      },
      [statistics, kept, y, dweight, dbias, dx],
      ...[ofStatistics, ofKept, ofY, ofWeight, ofBias, ofX].map(twice),
    );
  },

  "channels of large means keep the digits of their differences": async (backend) => {
    // Of a sum of squares nothing would be left: 4096^2 has 24 bits.
    const x = [4096, 4097, 4098, 4099];
    await yields(
      backend,
      (rig) => {
        const moments = rig.output(2, 2);
        const statistics = rig.output(2, 1);
        const running = rig.matrix(2, 1, [0, 0]);
        rig.backend.channelMoments(moments, rig.matrix(2, 2, x), 2, 1);
        rig.backend.channelStatistics(statistics, running, moments, 2, 2, 1, 0);
        return [statistics, running, moments];
      },
      [[4097.5, 1 / Math.sqrt(1.25)], [4097.5, 5 / 3], [4096.5, 0.5, 4098.5, 0.5]],
      relative(8 * U),
      relative(8 * U),
      exact,
    );
  },
};
