/**
 * Successive halving (Jamieson and Talwalkar, 2016): many trials get few epochs, the best third of them three times as
 * many, and so on, until the last get all. Pure: what is to be trained next follows from the scores that are known.
 *
 * Glossary: rung, a number of epochs at which trials are compared; bracket, trials that are compared with one another;
 * score, what is compared, the less the better.
 */

/** The best one of so many continues, with so many times the epochs. */
const ETA = 3;

/** Most rungs of a bracket: 1, 1/3, 1/9 and 1/27 of the epochs. */
const MOST_RUNGS = 4;

/** Which trials reach it, and how far it goes. */
export interface Rung {
  readonly epochs: number;
  readonly trials: number;
}

/** The rungs of a bracket, the shortest first; the last has all epochs and at least one trial. */
export function rungsOf(trials: number, epochs: number): Rung[] {
  const rungs: Rung[] = [];
  for (let k = 0; k < MOST_RUNGS && trials >= ETA ** k; k++) {
    const here = Math.max(1, Math.floor(epochs / ETA ** k));
    if (here === rungs[0]?.epochs) break;
    rungs.unshift({ epochs: here, trials: 0 });
  }
  return rungs.map(({ epochs }, k) => ({ epochs, trials: Math.floor(trials / ETA ** k) }));
}

/** Trials of a bracket where nobody says how many: as many as leave one to the last rung. */
export function bracketSize(epochs: number): number {
  return ETA ** (rungsOf(ETA ** (MOST_RUNGS - 1), epochs).length - 1);
}

/** Scores of a trial by rung. Null: it failed or diverged. Left out: not known yet. */
export type Scores = readonly (number | null)[];

/** The places in `scores` of the trials that train for a rung, the best first; null where that is not known yet. */
export function membersOf(
  rung: number,
  rungs: readonly Rung[],
  scores: readonly Scores[],
): number[] | null {
  if (rung === 0) return scores.map((_, trial) => trial);
  const before = membersOf(rung - 1, rungs, scores);
  if (!before || before.some((trial) => scores[trial].length < rung && !hasFailed(scores[trial]))) {
    return null;
  }
  const scoreOf = (trial: number) => scores[trial][rung - 1];
  return before.filter((trial) => typeof scoreOf(trial) === "number")
    .sort((a, b) => scoreOf(a)! - scoreOf(b)! || a - b)
    .slice(0, rungs[rung].trials);
}

function hasFailed(scores: Scores): boolean {
  return scores.at(-1) === null;
}

/** A trial that is to be trained up to a rung. */
export interface Step {
  readonly trial: number;
  readonly rung: number;
}

/** What is to be trained now: the trials of the first rung that has some without a score. */
export function stepsOf(rungs: readonly Rung[], scores: readonly Scores[]): Step[] {
  for (let rung = 0; rung < rungs.length; rung++) {
    const members = membersOf(rung, rungs, scores);
    const steps = members?.filter((trial) =>
      scores[trial].length <= rung && !hasFailed(scores[trial])
    )
      .map((trial) => ({ trial, rung })) ?? [];
    if (steps.length > 0) return steps;
  }
  return [];
}

/** What became of a trial in its bracket. */
export type Standing = "waiting" | "dropped" | "done";

/** "waiting": it is to be trained or may continue; "dropped": better ones continue in its place. */
export function standingOf(
  trial: number,
  rungs: readonly Rung[],
  scores: readonly Scores[],
): Standing {
  const rung = scores[trial].length;
  if (rung === rungs.length || hasFailed(scores[trial])) return "done";
  const members = membersOf(rung, rungs, scores);
  return members === null || members.includes(trial) ? "waiting" : "dropped";
}
