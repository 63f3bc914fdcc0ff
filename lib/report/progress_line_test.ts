import assert from "node:assert/strict";
import fc from "fast-check";
import { epochLine, MAX_PROGRESS_WIDTH, type Progress, progressLine } from "./progress_line.ts";

const progress: Progress = {
  epoch: 7,
  epochs: 40,
  epochFraction: 0.52,
  trainLoss: 0.73634,
  validationLoss: 0.7512,
  validationAccuracy: 0.743,
  samplesPerSecond: 154_589.4,
  remainingMs: 25_000,
};

Deno.test("the progress line shows where training is", () => {
  assert.equal(
    progressLine(progress),
    "epoch  7/40 [#####-----] loss 0.7363 val 0.7512 (74.3 %) 154,589/s 0:25 left",
  );
});

Deno.test("what is not known yet is left out", () => {
  assert.equal(
    progressLine({
      ...progress,
      epoch: 1,
      epochFraction: 0,
      trainLoss: null,
      validationLoss: null,
      validationAccuracy: null,
      samplesPerSecond: null,
      remainingMs: null,
    }),
    "epoch  1/40 [----------] loss -",
  );
});

Deno.test("where there is no room, the bar goes first and the time left stays", () => {
  assert.equal(
    progressLine({ ...progress, epoch: 12_345, epochs: 40_000, remainingMs: 3_723_000 }),
    "epoch 12345/40000 loss 0.7363 val 0.7512 (74.3 %) 154,589/s 1:02:03 left",
  );
});

Deno.test("an epoch that is over is a line", () => {
  assert.equal(
    epochLine({ ...progress, epochMs: 310.5 }, 40),
    "epoch  7/40  train 0.7363  val 0.7512 (74.30 %)  0.31 s  154,589/s",
  );
});

Deno.test("nothing is said of a validation that there is not", () => {
  const summary = { ...progress, validationLoss: null, validationAccuracy: null, epochMs: 310.5 };
  assert.equal(epochLine(summary, 40), "epoch  7/40  train 0.7363  0.31 s  154,589/s");
});

Deno.test("on a narrow terminal, the lines lose what matters least, and no number is cut", () => {
  const progress = {
    epoch: 7,
    epochs: 40,
    epochFraction: 0.5,
    trainLoss: 0.7363,
    validationLoss: 0.7512,
    validationAccuracy: 0.743,
    samplesPerSecond: 154_589,
    remainingMs: 25_000,
  };
  assert.equal(progressLine(progress, 39), "epoch  7/40 loss 0.7363 0:25 left");
  assert.equal(progressLine(progress, 25), "epoch  7/40 0:25 left");
  const summary = { ...progress, epochMs: 310 };
  assert.equal(epochLine(summary, 40, 39), "epoch  7/40  train 0.7363");
});

Deno.test("whatever the numbers, the lines fit and stay one line", () => {
  const number = fc.option(fc.double());
  const anything = fc.record<Progress>({
    epoch: fc.nat(),
    epochs: fc.nat(),
    epochFraction: fc.double(),
    trainLoss: number,
    validationLoss: number,
    validationAccuracy: number,
    samplesPerSecond: number,
    remainingMs: number,
  });
  fc.assert(fc.property(anything, number, (progress, epochMs) => {
    for (
      const line of [progressLine(progress), epochLine({ ...progress, epochMs }, progress.epochs)]
    ) {
      assert.match(line, /^epoch +\d+\/\d+ [ -~]*$/);
      assert(line.length <= MAX_PROGRESS_WIDTH);
    }
  }));
});
