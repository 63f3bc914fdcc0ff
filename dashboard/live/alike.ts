/** Which runs of a comparison are alike: they differ by their seed, or by the part of the rows that validates. */

import type { RunModel } from "./run_model.ts";

/** Options in which runs of a series differ. */
const OF_SERIES = new Set(["seed", "splitSeed", "fold", "folds", "seeds", "name", "run"]);

/** A name's end that only says which one of a series it is. */
const NUMBERED = /[-_. ]*(seed|fold|run)?[-_. ]*\d*$/;

export interface Alike {
  readonly label: string;
  /** Their places among the runs. */
  readonly places: readonly number[];
}

/** In the order of the first of each; a run that has no like is alone. */
export function alikeRuns(models: readonly Pick<RunModel, "name" | "options" | "run">[]): Alike[] {
  const groups = new Map<string, number[]>();
  models.forEach(({ options, run, name }, place) => {
    const entries = Object.entries(options).filter(([option]) => !OF_SERIES.has(option));
    const key = run
      ? JSON.stringify([entries.sort(([a], [b]) => a < b ? -1 : 1), run.dataset.name])
      : `unreadable ${name}`;
    groups.set(key, [...groups.get(key) ?? [], place]);
  });
  return [...groups.values()].map((places) => {
    const names = places.map((place) => models[place].name);
    if (names.length === 1) return { label: names[0], places };
    const common = commonStart(names).replace(NUMBERED, "") || names[0];
    return { label: `${common} (mean of ${names.length})`, places };
  });
}

function commonStart(names: readonly string[]): string {
  let length = 0;
  while (length < names[0].length && names.every((name) => name[length] === names[0][length])) {
    length++;
  }
  return names[0].slice(0, length);
}
