import assert from "node:assert/strict";
import { TrialDraws } from "./draws.ts";
import { SearchProgress, type TrialResult } from "./progress.ts";
import type { SearchSpace } from "./space.ts";

const SPACE: SearchSpace = [{ option: "a", kind: "uniform", values: [0, 1] }];
const PLAN = {
  name: "s",
  metric: "validation-loss",
  trialsAsked: null,
  bracketSize: 3,
  epochs: 9,
} as const;

const start = (earlier?: SearchProgress["trials"], plan: Partial<SearchProgress["plan"]> = {}) =>
  new SearchProgress({ ...PLAN, ...plan }, new TrialDraws(SPACE, 1), 100, earlier);

function reached(loss: number | null, epochs = 3): TrialResult {
  return { outcome: "reached", epochs, validationLoss: loss, validationAccuracy: 0.5 };
}

/** Begins what is next, and says which trial it is and how far it is to go. */
function begin(progress: SearchProgress): [trial: number, until: number | null] {
  const { trial, until } = progress.next()!;
  progress.begin(trial.trial);
  return [trial.trial, until];
}

Deno.test("while some of a rung are under way, those who have nothing to do begin the next bracket", () => {
  const progress = start();
  assert.deepEqual([1, 2, 3, 4].map(() => begin(progress)), [[1, 3], [2, 3], [3, 3], [4, 3]]);
  progress.end(2, reached(0.2));
  progress.end(3, reached(0.3));
  assert.deepEqual(begin(progress), [5, 3], "1 is still under way");
  assert.equal(progress.end(1, reached(0.1)).status, "waiting");
  assert.deepEqual(progress.trials.map(({ status }) => status).slice(0, 3), [
    "waiting",
    "dropped",
    "dropped",
  ]);
  assert.deepEqual(begin(progress), [1, null], "the last rung is the run's own end");
  assert.equal(progress.end(1, reached(0.05, 9)).status, "completed");
  assert.deepEqual(progress.trials[0].scores, [0.1, 0.05]);
});

Deno.test("what was cut is done again, and what continues knows what had been done", () => {
  const progress = start();
  begin(progress);
  begin(progress);
  progress.end(1, reached(0.4));
  const cut = { outcome: "cut", epochs: 2, validationLoss: 0.9, validationAccuracy: 0.1 } as const;
  assert.equal(progress.end(2, cut).status, "waiting");
  begin(progress);
  // As a search that was killed now leaves it.
  const again = start(JSON.parse(JSON.stringify(progress.trials)));
  const { trial } = again.next()!;
  assert.deepEqual([trial.trial, trial.begun, trial.status, trial.epochs], [2, true, "waiting", 2]);
  assert.deepEqual(again.trials[0], progress.trials[0]);
  assert.deepEqual(
    again.trials.map(({ options }) => options),
    progress.trials.map((it) => it.options),
  );
});

Deno.test("a score that is no number is a failure, and a failure leaves its place to another", () => {
  const progress = start(undefined, { trialsAsked: 3 });
  for (let i = 0; i < 3; i++) begin(progress);
  const failed = progress.end(1, reached(null));
  assert.equal(failed.status, "failed");
  assert.equal(failed.error, "its validation-loss is no finite number");
  progress.end(2, { ...reached(null), outcome: "diverged", error: "it diverged" });
  progress.end(3, reached(5));
  assert.deepEqual(begin(progress), [3, null]);
  progress.end(3, reached(4));
  assert.equal(progress.next(), null);
  assert.deepEqual(progress.trials.map(({ status }) => status), [
    "failed",
    "diverged",
    "completed",
  ]);
});

Deno.test("trials are halved by any metric, the better third by its own direction", () => {
  for (const [higherIsBetter, best] of [[true, 3], [false, 1]] as const) {
    const measure = { name: "f1", label: "F1", unit: "", higherIsBetter };
    const progress = start(undefined, { trialsAsked: 3, metric: "f1", measure });
    for (let i = 0; i < 3; i++) begin(progress);
    for (const trial of [1, 2, 3]) {
      progress.end(trial, { ...reached(0.5), validation: { f1: trial / 10 } });
    }
    assert.deepEqual(begin(progress), [best, null]);
    assert.deepEqual(progress.trials[0].scores, [0.1]);
  }
});

Deno.test("random trials train to their ends, as many as there is time for", () => {
  const progress = start(undefined, {
    epochs: null,
    bracketSize: 1,
    metric: "validation-accuracy",
  });
  assert.deepEqual([begin(progress), begin(progress)], [[1, null], [2, null]]);
  assert.equal(progress.end(2, reached(0.3, 40)).status, "completed");
  assert.deepEqual(progress.trials[1].scores, [0.5]);
  assert.deepEqual(progress.trials.map(({ run }) => run), ["s-001", "s-002"]);
});
