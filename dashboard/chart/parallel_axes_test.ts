import assert from "node:assert/strict";
import fc from "fast-check";
import { sampleSearch } from "../../tests/samples/search.ts";
import type { Search } from "../../lib/run_log/search/search.ts";
import { readSearch } from "../../lib/run_log/search/search.ts";
import {
  axesOf,
  linePath,
  METRIC_COLORS,
  metricColor,
  passes,
  withRange,
} from "./parallel_axes.ts";

const [first, second, third, , diverged] = sampleSearch.trials;

Deno.test("there is an axis for every option that varies, and the metric's, whose better end is on top", () => {
  const axes = axesOf(sampleSearch);
  assert.deepEqual(axes.map(({ key }) => key), [
    "learning-rate",
    "hidden",
    "activation",
    "validation-loss",
  ]);
  const [rate, hidden, , loss] = axes;
  // From 0.01 to 10 on a scale of logarithms: 0.09 is at log(9) / log(1000).
  assert(Math.abs(rate.placeOf(second)! - Math.log(9) / Math.log(1000)) < 1e-12);
  assert.deepEqual([first, second].map(hidden.placeOf), [0.25, 0.75]);
  assert.equal(hidden.textAt(0.9), "256,128");
  assert.equal(loss.placeOf(third), 1);
  assert.equal(metricColor(third, loss), METRIC_COLORS - 1);
  assert.equal(loss.placeOf(diverged), null);
  assert.equal(metricColor(diverged, loss), null);
  const accuracy = axesOf({ ...sampleSearch, metric: "validation-accuracy" }).at(-1)!;
  assert.equal(accuracy.placeOf(third), 1);
});

Deno.test("ranges filter, one a axis; the whole axis filters nothing", () => {
  const axes = axesOf(sampleSearch);
  const counts = (filters: ReturnType<typeof withRange>) =>
    sampleSearch.trials.filter((trial) => passes(trial, axes, filters)).map(({ trial }) => trial);
  const some = withRange(new Map(), "hidden", [1, 0.5]);
  assert.deepEqual(counts(some), [2, 4, 6]);
  assert.deepEqual(counts(withRange(some, "validation-loss", [0.5, 1])), [2, 4]);
  assert.deepEqual(counts(withRange(new Map(), "validation-loss", [0, 0.999])), [1, 2, 4, 6]);
  assert.equal(withRange(some, "hidden", [-1, 2]).size, 0);
});

Deno.test("a line is broken where a trial has nothing to show", () => {
  const axes = axesOf(sampleSearch);
  const path = (options: Search["trials"][number]["options"]) =>
    linePath({ ...third, options }, axes, (i) => 10 * i, (place) => 100 * place);
  assert.match(path(third.options), /^M0\.0 [\d.]+L10\.0 25\.0L20\.0 25\.0L30\.0 100\.0$/);
  assert.equal(path({ hidden: "no such choice", activation: "relu" }), "M20.0 25.0L30.0 100.0");
});

Deno.test("whatever a file holds, places are within the axes and paths are numbers", () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -1, 1, 1.0000000000000002, 1e308, 5e-324),
  );
  fc.assert(
    fc.property(
      fc.constantFrom("uniform", "log-uniform", "integer", "log-integer"),
      fc.tuple(number, number),
      fc.array(number, { minLength: 6, maxLength: 6 }),
      (kind, values, losses) => {
        const { search } = readSearch(JSON.stringify({
          ...sampleSearch,
          space: [{ option: "learning-rate", kind, values }],
          trials: sampleSearch.trials.map((trial, i) => ({ ...trial, validationLoss: losses[i] })),
        }));
        if (!search) return;
        const axes = axesOf(search);
        for (const trial of search.trials) {
          for (const axis of axes) {
            const place = axis.placeOf(trial);
            assert(place === null || (place >= 0 && place <= 1), `${place}`);
          }
          assert.doesNotMatch(linePath(trial, axes, (i) => i, (place) => place), /NaN|Infinity/);
        }
        for (const { ticks } of axes) {
          assert(ticks.length <= 40, `${ticks.length} ticks`);
          for (const { place } of ticks) assert(place >= -0.01 && place <= 1.01, `${place}`);
        }
      },
    ),
  );
});
