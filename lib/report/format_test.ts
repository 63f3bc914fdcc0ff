import assert from "node:assert/strict";
import {
  formatCount,
  formatCountdown,
  formatDuration,
  formatLoss,
  formatPercent,
} from "./format.ts";

Deno.test("losses have four digits, or an exponent where they are large", () => {
  assert.equal(formatLoss(0.49036), "0.4904");
  assert.equal(formatLoss(2.3), "2.3000");
  assert.equal(formatLoss(12_345_678), "1.23e+7");
});

Deno.test("percentages have the digits asked for", () => {
  assert.equal(formatPercent(0.8150833333333334), "81.51 %");
  assert.equal(formatPercent(1, 0), "100 %");
});

Deno.test("thousands are set apart", () => {
  const expected = ["0", "999", "1,000", "48,000", "1,234,568"];
  assert.deepEqual([0, 999, 1000, 48_000, 1_234_567.8].map(formatCount), expected);
});

Deno.test("durations have the unit that fits, and never 60 of the smaller one", () => {
  const durations: readonly (readonly [number, string])[] = [
    [0, "0 ms"],
    [99.4, "99 ms"],
    [99.6, "0.10 s"],
    [310, "0.31 s"],
    [9_994, "9.99 s"],
    [9_996, "10.0 s"],
    [59_949, "59.9 s"],
    [59_951, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [3_599_400, "59 min 59 s"],
    [3_599_600, "1 h 00 min"],
    [3_720_000, "1 h 02 min"],
    [7_199_000, "2 h 00 min"],
  ];
  for (const [ms, text] of durations) assert.equal(formatDuration(ms), text);
});

Deno.test("a countdown shows whole seconds, rounded up", () => {
  const countdowns: readonly (readonly [number, string])[] = [
    [-5, "0:00"],
    [0, "0:00"],
    [1, "0:01"],
    [25_000, "0:25"],
    [59_001, "1:00"],
    [3_723_000, "1:02:03"],
  ];
  for (const [ms, text] of countdowns) assert.equal(formatCountdown(ms), text);
});

Deno.test("where there is no number, a dash stands", () => {
  for (const format of [formatLoss, formatPercent, formatCount, formatDuration, formatCountdown]) {
    for (const nothing of [null, NaN, Infinity]) assert.equal(format(nothing), "-");
  }
});
