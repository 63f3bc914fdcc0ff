import assert from "node:assert/strict";
import { sampleEnd, sampleEpoch, sampleRun } from "../../tests/samples/records.ts";
import { resultsOf, resultsWords, whyUseless } from "./results.ts";

const last = sampleEpoch(10);
const NOTHING = {
  validationLoss: null,
  validationAccuracy: null,
  testLoss: null,
  testAccuracy: null,
};

Deno.test("all numbers are of the model that was saved, and say of which epoch", () => {
  const config = { ...sampleRun.config, restoreBest: true };
  const end = { ...sampleEnd, bestEpoch: 8, validationLoss: 0.3479, validationAccuracy: 0.8792 };
  const best = resultsOf({ config }, end, last);
  assert.deepEqual(best, {
    epoch: 8,
    isSaved: true,
    validation: { loss: 0.3479, accuracy: 0.8792 },
    test: { loss: sampleEnd.testLoss, accuracy: sampleEnd.testAccuracy },
  });
  assert.equal(resultsWords(best), "saved model, epoch 8");
});

Deno.test("while there is none they are of the last epoch; a run that was cut has one of no epoch", () => {
  const running = resultsOf(sampleRun, null, last);
  assert.deepEqual(running.validation, {
    loss: last.validationLoss,
    accuracy: last.validationAccuracy,
  });
  assert.equal(resultsWords(running), "last epoch, 10");
  const failed = { ...sampleEnd, ...NOTHING, status: "failed" } as const;
  assert.equal(resultsOf(sampleRun, failed, last).isSaved, false);
  const cut = { ...sampleEnd, status: "interrupted" } as const;
  const { epoch, validation } = resultsOf(sampleRun, cut, last);
  assert.deepEqual([epoch, validation.loss], [null, sampleEnd.validationLoss]);
  // Between two epochs.
  const { validationLoss, validationAccuracy } = last;
  assert.equal(
    resultsOf(sampleRun, { ...cut, validationLoss, validationAccuracy }, last).epoch,
    10,
  );
  assert.deepEqual(resultsOf(sampleRun, null, null).validation, {});
});

Deno.test("an end of an early version says no loss: its model is the last epoch's", () => {
  const { validationLoss: _, ...end } = sampleEnd;
  const { validation } = resultsOf(sampleRun, { ...end, validationAccuracy: 0.5 }, last);
  assert.deepEqual(validation, { loss: last.validationLoss, accuracy: 0.5 });
});

Deno.test("metrics of any task come by name", () => {
  const validation = { loss: 0.5, rmse: 54 };
  const end = { ...sampleEnd, ...NOTHING, validation, test: { loss: 0.6, rmse: 60 } };
  const results = resultsOf(sampleRun, end, null);
  assert.deepEqual([results.validation, results.test], [validation, { loss: 0.6, rmse: 60 }]);
});

Deno.test("a network that has learned nothing is said to be at chance, in every task", () => {
  const matrix = (counts: number[][]) => ({ ...sampleEnd, confusionMatrix: counts });
  const none = { validation: {}, test: {} };
  assert.equal(whyUseless(sampleRun, sampleEnd, none), null);
  assert.match(whyUseless(sampleRun, matrix([[0, 5], [0, 5]]), none)!, /the same class for every/);
  assert.equal(whyUseless(sampleRun, matrix([[0, 0], [0, 5]]), none), null, "there is one class");
  const ten = matrix(Array.from({ length: 10 }, () => new Array(10).fill(1)));
  const guess = (loss: number, accuracy = 0.1) => ({ validation: { loss, accuracy }, test: {} });
  assert.match(whyUseless(sampleRun, ten, guess(2.3026))!, /guessing among 10 classes/);
  assert.equal(whyUseless(sampleRun, ten, guess(2.1)), null);
  assert.equal(whyUseless(sampleRun, ten, guess(2.3026, 0.7)), null);
  assert.equal(whyUseless(sampleRun, null, guess(2.3026)), null, "it continues");
  const task = (task: string) => ({ ...sampleRun, task });
  const of = (values: Record<string, number>) => ({ validation: values, test: {} });
  assert.match(whyUseless(task("regression"), sampleEnd, of({ r2: -0.1 }))!, /than the mean/);
  assert.equal(whyUseless(task("regression"), sampleEnd, of({ r2: 0.4 })), null);
  assert.match(whyUseless(task("multi-label"), sampleEnd, of({ microF1: 0 }))!, /no row a right/);
});
