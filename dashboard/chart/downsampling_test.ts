import assert from "node:assert/strict";
import fc from "fast-check";
import { downsample, lowerBound, nearest } from "./downsampling.ts";

const counted = (length: number) => Float64Array.from({ length }, (_, i) => i);

Deno.test("the highest and lowest points of every bucket are kept", () => {
  const y = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN));
  fc.assert(
    fc.property(fc.array(y, { minLength: 1, maxLength: 400 }), (values) => {
      const xs = counted(values.length);
      const buckets = 10;
      const points = downsample(xs, Float64Array.from(values), 0, values.length, buckets);
      assert.ok(points.xs.length <= 5 * (buckets + 1) + 2);
      for (let bucket = 0; bucket < buckets; bucket++) {
        const inside = (x: number) => Math.floor(x / (values.length / buckets)) === bucket;
        const all = values.filter((value, i) => inside(i) && !Number.isNaN(value));
        const kept = points.ys.filter((value, i) => inside(points.xs[i]) && value !== null);
        if (all.length === 0) continue;
        assert.equal(Math.max(...kept as number[]), Math.max(...all));
        assert.equal(Math.min(...kept as number[]), Math.min(...all));
        assert.equal(
          values.some((value, i) => inside(i) && Number.isNaN(value)),
          points.ys.some((value, i) => inside(points.xs[i]) && value === null),
        );
      }
    }),
  );
});

Deno.test("points stay in their order, each once", () => {
  const ys = Float64Array.from({ length: 10_000 }, (_, i) => Math.sin(i * i));
  const { xs } = downsample(counted(10_000), ys, 100, 9000, 50);
  for (let i = 1; i < xs.length; i++) assert.ok(xs[i] > xs[i - 1]);
});

Deno.test("a view keeps one point beyond each of its edges", () => {
  const { xs } = downsample(counted(100), counted(100), 10.5, 20.5, 1000);
  assert.deepEqual([xs[0], xs.at(-1)], [10, 21]);
});

Deno.test("nothing and one point are drawn as they are", () => {
  assert.deepEqual(downsample(counted(0), counted(0), 0, 1, 10), { xs: [], ys: [] });
  assert.deepEqual(downsample(counted(1), Float64Array.of(Infinity), 0, 1, 10), {
    xs: [0],
    ys: [null],
  });
});

Deno.test("nearest and lowerBound find their places", () => {
  const xs = Float64Array.of(1, 2, 4, 8);
  assert.deepEqual([0, 1, 3, 8, 9].map((x) => lowerBound(xs, x)), [0, 0, 2, 3, 4]);
  assert.deepEqual([-5, 1.4, 3.1, 100].map((x) => nearest(xs, x)), [0, 0, 2, 3]);
  assert.equal(nearest(new Float64Array(0), 1), -1);
});
