/** Normalized channels, relu and windows of 2 x 2 in one pass: it gives what the three give one after the other. */
import { agree, run, yields } from "./rig.ts";
import type { Cases } from "./suite.ts";
import { type Bound, U } from "./tolerance.ts";
import { normals } from "./values.ts";

/** Images, height, width, channels and parts: with and without a rest, and channels that are no multiple of four. */
const SIZES = [
  [1, 2, 2, 1, 1],
  [2, 3, 5, 3, 4],
  [3, 4, 4, 4, 2],
  [5, 5, 2, 7, 8],
  [4, 7, 6, 12, 3],
  [2, 6, 8, 16, 2],
  [3, 5, 5, 17, 4],
] as const;

type Sizes = typeof SIZES[number];
type Rig = Parameters<Parameters<typeof run>[1]>[0];

function operands(rig: Rig, [images, height, width, channels]: Sizes) {
  const columns = height * width * channels;
  const pooled = Math.floor(height / 2) * Math.floor(width / 2) * channels;
  const x = normals(images * columns, 1);
  const [means, spreads] = [normals(channels, 2), normals(channels, 3).map(Math.abs)];
  return {
    x: rig.matrix(images, columns, x),
    values: x,
    dy: rig.matrix(images, pooled, normals(images * pooled, 4)),
    statistics: rig.matrix(2, channels, [...means, ...spreads]),
    weight: rig.matrix(1, channels, normals(channels, 5)),
    bias: rig.matrix(1, channels, normals(channels, 6)),
    dweight: rig.matrix(1, channels, normals(channels, 7)),
    dbias: rig.matrix(1, channels, normals(channels, 8)),
    columns,
    pooled,
  };
}

/** y, sums, dx, and dx over x. */
function inOnePass(rig: Rig, sizes: Sizes) {
  const [images, height, width, channels, parts] = sizes;
  const given = operands(rig, sizes);
  const { x, values, dy, statistics, weight, bias, dweight, dbias, columns, pooled } = given;
  const { backend } = rig;
  const y = rig.output(images, pooled);
  const sums = rig.output(parts, 2 * channels);
  const dx = rig.output(images, columns);
  const inPlace = rig.matrix(images, columns, values);
  const of = [statistics, weight, bias] as const;
  backend.channelNormPoolForward(y, x, ...of, height, width);
  backend.channelPoolSums(sums, dy, x, ...of, height, width);
  backend.channelNormPoolBackward(dx, dy, x, ...of, dweight, dbias, height, width);
  backend.channelNormPoolBackward(inPlace, dy, inPlace, ...of, dweight, dbias, height, width);
  return [y, sums, dx, inPlace];
}

/** The same by the kernels of the three layers, without the last, and what lies between. */
function inTurn(rig: Rig, sizes: Sizes) {
  const [images, height, width, channels, parts] = sizes;
  const given = operands(rig, sizes);
  const { x, dy, statistics, weight, bias, dweight, dbias, columns, pooled } = given;
  const { backend } = rig;
  const positions = height * width;
  const [z, dz, dx] = [0, 1, 2].map(() => rig.output(images, columns));
  const y = rig.output(images, pooled);
  const sums = rig.output(parts, 2 * channels);
  backend.channelNormForward(z, x, statistics, weight, bias, positions);
  backend.activation("relu", z, z);
  backend.maxPoolForward(y, z, height, width, channels, 2);
  backend.maxPoolBackward(dz, dy, z, height, width, channels, 2);
  backend.activationGradient("relu", dz, dz, z);
  backend.channelGradientSums(sums, dz, x, statistics, positions);
  backend.channelNormBackward(dx, dz, x, statistics, weight, dweight, dbias, positions);
  return [y, sums, dx, z, dz];
}

/** Values here are below 5, normalized ones below 50, and a part sums at most 400 of their products. */
const nearly = (largest: number): Bound => (value) => 24 * U * (Math.abs(value) + largest);
const BOUNDS = [nearly(50), nearly(4000), nearly(300), nearly(300)];

export const channelPoolCases: Cases = {
  "normalizing, relu and pool in one pass agree with the reference": async (backend) => {
    for (const sizes of SIZES) {
      await agree(backend, (rig) => inOnePass(rig, sizes), ...BOUNDS);
    }
  },

  "normalizing, relu and pool in one pass give what they give in turn": async (backend) => {
    for (const sizes of SIZES) {
      const expected = await run(backend, (rig) => inTurn(rig, sizes));
      const [y, sums, dx] = expected;
      await yields(backend, (rig) => inOnePass(rig, sizes), [y, sums, dx, dx], ...BOUNDS);
    }
  },

  "a window's gradient goes to its first largest value, and nowhere if that is not above 0": async (
    backend,
  ) => {
    //   1 5 | -1 -2       normalized they are what they are; a row is left over
    //   5 2 | -3 -1
    //   9 9    9  9
    const x = [1, 5, -1, -2, 5, 2, -3, -1, 9, 9, 9, 9];
    await yields(
      backend,
      (rig) => {
        const [y, dx] = [rig.output(1, 2), rig.output(1, 12)];
        const input = rig.matrix(1, 12, x);
        const [one, zero] = [[1], [0]].map((it) => rig.matrix(1, 1, it));
        const of = [rig.matrix(2, 1, [0, 1]), one, zero] as const;
        const dy = rig.matrix(1, 2, [7, 8]);
        const sums = rig.output(1, 2);
        rig.backend.channelNormPoolForward(y, input, ...of, 3, 4);
        rig.backend.channelPoolSums(sums, dy, input, ...of, 3, 4);
        rig.backend.channelNormPoolBackward(dx, dy, input, ...of, zero, zero, 3, 4);
        return [y, sums, dx];
      },
      [[5, 0], [7, 35], [0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      ...[0, 1, 2].map((): Bound => () => 0),
    );
  },
};
