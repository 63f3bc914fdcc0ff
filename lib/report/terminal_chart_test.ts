import assert from "node:assert/strict";
import fc from "fast-check";
import { displayWidth } from "./display_width.ts";
import { lossChart } from "./terminal_chart.ts";

/** The rows of the chart between its arrow and its axis, without labels. */
function rowsOf(chart: string): string[] {
  return chart.split("\n").flatMap((line) => line.split(/[┤│]/).slice(1));
}

Deno.test("both losses are drawn, the training loss above where it is higher", () => {
  const chart = lossChart({ trainLoss: [4, 2, 1], validationLoss: [1, 0.5, 0.25] });
  assert.match(chart, /^Cross-entropy loss in nats, logarithmic: +\* training +o validation/);
  // Three halvings: straight lines on a logarithmic axis, from 4 at the top to 0.25 at the bottom.
  const rows = rowsOf(chart);
  assert.match(rows[0], /^\*+$/);
  assert.match(rows[rows.length - 1], /^ +o+$/);
  assert.deepEqual(chart.match(/\d\.\d{4}(?=┤)/g), [
    "4.0000",
    "2.0000",
    "1.0000",
    "0.5000",
    "0.2500",
  ]);
  assert.match(chart, /\n +1 +2 +3\n +Epoch$/);
});

Deno.test("a loss that is not finite is left out of the curve", () => {
  const holes = lossChart({ trainLoss: [4, null, 1, NaN], validationLoss: [Infinity, 2, 1] });
  // Straight on from 4 to 1 without the second epoch; the third is the last.
  const steady = lossChart({ trainLoss: [4, 2, 1], validationLoss: [NaN, 2, 1] });
  assert.equal(holes, steady);
  const columns = rowsOf(steady).map((row) => row.indexOf("o")).filter((column) => column >= 0);
  assert.equal(Math.min(...columns), 33, "validation begins in the middle of 66 columns");
});

Deno.test("without validation there is one curve, and nothing is said of another", () => {
  const chart = lossChart({ trainLoss: [4, 2, 1], validationLoss: [null, null, null] });
  assert.match(chart, /^Cross-entropy loss in nats, logarithmic: +\* training\n/);
  assert.doesNotMatch(rowsOf(chart).join(""), /o/);
});

Deno.test("one epoch is no curve", () => {
  for (const trainLoss of [[], [2], [2, NaN]]) {
    assert.match(lossChart({ trainLoss, validationLoss: [1, 1] }), /^Fewer than two epochs/);
  }
});

Deno.test("whatever the losses, the chart fits 79 columns and 20 rows", () => {
  const loss = fc.oneof(
    fc.double({ min: 0, noNaN: true }),
    fc.double({ min: 0.1, max: 3 }),
    fc.constant(null),
  );
  const losses = fc.array(loss, { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(losses, losses, (trainLoss, validationLoss) => {
      const lines = lossChart({ trainLoss, validationLoss }).split("\n");
      assert(lines.length <= 20, `${lines.length} rows`);
      for (const line of lines) assert(displayWidth(line) <= 79, line);
    }),
    { numRuns: 50 },
  );
});
