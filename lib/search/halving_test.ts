import assert from "node:assert/strict";
import fc from "fast-check";
import { bracketSize, membersOf, rungsOf, type Scores, standingOf, stepsOf } from "./halving.ts";

/** Trains until nothing is left; a score that is NaN stands for a failure. */
function runBracket(
  trials: number,
  epochs: number,
  scoreOf: (trial: number, rung: number) => number,
) {
  const rungs = rungsOf(trials, epochs);
  const scores: Scores[] = Array.from({ length: trials }, () => []);
  const steps: [number, number][] = [];
  for (let next = stepsOf(rungs, scores); next.length > 0; next = stepsOf(rungs, scores)) {
    // The last of them first: results must not depend on who is done when.
    const { trial, rung } = next.at(-1)!;
    const score = scoreOf(trial, rung);
    assert.equal(scores[trial].length, rung, "one rung after the other");
    scores[trial] = [...scores[trial], Number.isNaN(score) ? null : score];
    steps.push([trial, rung]);
  }
  return { rungs, scores, steps };
}

Deno.test("rungs have a third of the epochs each, and a third of the trials continues", () => {
  assert.deepEqual(rungsOf(27, 40), [
    { epochs: 1, trials: 27 },
    { epochs: 4, trials: 9 },
    { epochs: 13, trials: 3 },
    { epochs: 40, trials: 1 },
  ]);
  assert.deepEqual(rungsOf(6, 9), [{ epochs: 3, trials: 6 }, { epochs: 9, trials: 2 }]);
  assert.deepEqual(rungsOf(2, 9), [{ epochs: 9, trials: 2 }], "too few to leave any out");
  assert.deepEqual(rungsOf(27, 3), [{ epochs: 1, trials: 27 }, { epochs: 3, trials: 9 }]);
  assert.deepEqual(rungsOf(27, 1), [{ epochs: 1, trials: 27 }]);
  assert.deepEqual([40, 9, 3, 1].map(bracketSize), [27, 9, 3, 1]);
});

Deno.test("the best third of every rung continues, and the winner is the best of the last rung", () => {
  const { scores, steps } = runBracket(27, 27, (trial) => (trial * 10) % 27);
  assert.deepEqual(
    scores.map((it) => it.length).sort().join(""),
    "1".repeat(18) + "222222" + "33" + "4",
  );
  assert.equal(steps.length, 27 + 9 + 3 + 1);
  assert.equal(scores.findIndex((it) => it.length === 4), 0);
});

Deno.test("trials that are equally good continue in the order in which they were drawn", () => {
  const { scores } = runBracket(9, 9, () => 1);
  assert.deepEqual(scores.map((it) => it.length), [3, 2, 2, 1, 1, 1, 1, 1, 1]);
});

Deno.test("what fails goes no further, and leaves its place to another", () => {
  const { scores } = runBracket(9, 9, (trial, rung) => trial < 2 && rung === 0 ? NaN : trial);
  assert.deepEqual(scores.map((it) => it.length), [1, 1, 3, 2, 2, 1, 1, 1, 1]);
  const { scores: none, steps } = runBracket(9, 9, () => NaN);
  assert(none.every((it) => it.length === 1));
  assert.equal(steps.length, 9, "and where all fail, it is over");
});

Deno.test("whatever the scores, a bracket ends, each rung has its best, and nobody trains twice", () => {
  const score = fc.oneof(fc.double({ noNaN: true }), fc.constant(NaN));
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(score, { minLength: 120, maxLength: 120 }),
      (trials, epochs, values) => {
        const { rungs, scores, steps } = runBracket(trials, epochs, (t, r) => values[t * 4 + r]);
        assert.equal(new Set(steps.map(String)).size, steps.length);
        assert(rungs.every(({ trials }) => trials >= 1));
        assert.equal(rungs.at(-1)!.epochs, epochs);
        for (let rung = 1; rung < rungs.length; rung++) {
          const before = membersOf(rung - 1, rungs, scores)!;
          const members = membersOf(rung, rungs, scores)!;
          assert(members.length <= rungs[rung].trials);
          const at = (trial: number) => scores[trial][rung - 1]!;
          const left = before.filter((it) =>
            !members.includes(it) && scores[it][rung - 1] !== null
          );
          for (const out of left) assert(members.every((member) => at(member) <= at(out)));
        }
        scores.forEach((_, trial) => assert.notEqual(standingOf(trial, rungs, scores), "waiting"));
      },
    ),
  );
});

Deno.test("nobody continues before the whole rung is known", () => {
  const rungs = rungsOf(3, 3);
  assert.deepEqual(stepsOf(rungs, [[1], [2], []]), [{ trial: 2, rung: 0 }]);
  assert.equal(standingOf(1, rungs, [[1], [2], []]), "waiting");
  assert.deepEqual(stepsOf(rungs, [[1], [2], [3]]), [{ trial: 0, rung: 1 }]);
  assert.equal(standingOf(1, rungs, [[1], [2], [3]]), "dropped");
});
