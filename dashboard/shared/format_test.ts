import assert from "node:assert/strict";
import {
  formatAge,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumber,
  formatOption,
  formatPercent,
  formatTime,
  slug,
} from "./format.ts";

Deno.test("what is no number is a dash", () => {
  for (const format of [formatLoss, formatPercent, formatCount, formatNumber, formatDuration]) {
    for (const value of [null, undefined, NaN, Infinity]) assert.equal(format(value), "–");
  }
});

Deno.test("losses, fractions, counts and numbers", () => {
  assert.deepEqual([0.49041, 12345678].map(formatLoss), ["0.4904", "1.23e+7"]);
  assert.equal(formatPercent(0.81508), "81.51\u00a0%");
  assert.deepEqual([999, 48000, 1234567.4].map(formatCount), ["999", "48,000", "1,234,567"]);
  assert.deepEqual([0.0012345, 1.5, 154589.4, 4.2e9].map(formatNumber), [
    "0.00123",
    "1.5",
    "154,589",
    "4200000000",
  ]);
});

Deno.test("durations of every size", () => {
  assert.deepEqual([0.754, 48, 310, 12_400, 185_000, 3_720_000].map(formatDuration), [
    "0.75 ms",
    "48 ms",
    "0.31 s",
    "12.4 s",
    "3 min 05 s",
    "1 h 02 min",
  ]);
});

Deno.test("times and options", () => {
  assert.equal(formatTime("2026-11-23T10:31:07.000Z"), "2026-11-23 10:31");
  assert.equal(formatTime("2026-11-24T03:31:07+09:00"), "2026-11-23 18:31");
  assert.equal(formatTime("2026-11-23T23:31-0500"), "2026-11-24 04:31");
  assert.equal(formatTime("2026-11-23T10:31+99:00"), "2026-11-23 10:31");
  assert.equal(formatTime("yesterday"), "yesterday");
  assert.deepEqual([[256, 128], null, false, "relu"].map(formatOption), [
    "256, 128",
    "–",
    "false",
    "relu",
  ]);
});

Deno.test("a time is told by how long ago it was, until the date says more", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const cases = [
    ["2026-11-23T11:59:30Z", "now"],
    ["2026-11-23T11:57:00Z", "3 min ago"],
    ["2026-11-23T06:30:00Z", "5 h ago"],
    ["2026-11-22T11:00:00Z", "1 day ago"],
    ["2026-11-19T11:00:00Z", "4 days ago"],
    ["2026-11-01T11:00:00Z", "2026-11-01"],
    ["2026-11-23T14:00:00Z", "2026-11-23 14:00"],
    ["yesterday", "yesterday"],
  ];
  for (const [time, text] of cases) assert.equal(formatAge(time, now), text);
  assert.equal(formatAge(null, now), "–");
});

Deno.test("a heading becomes an id", () => {
  assert.equal(slug("A step, by batch size (rows)"), "a-step-by-batch-size-rows");
});
