/** What a row of the table of options says. */
import type { OptimizerName } from "../nn/optimizers/mod.ts";
import type { Kind } from "./kinds.ts";

export const SCHEDULES = ["constant", "step", "cosine", "one-cycle"] as const;
export type Schedule = typeof SCHEDULES[number];

/** Options that can follow from the number of rows, in the order in which they do: epochs depend on the size of batches. */
export const ADAPTED = ["batchSize", "epochs", "weightDecay", "dropout"] as const;
export type Adapted = typeof ADAPTED[number];

/** Where an option belongs. */
interface Place {
  /** Of `--help` and of the reference. */
  readonly group: string;
  /** The choices beside which it has an effect; all, if absent. */
  readonly only?: {
    readonly optimizer?: readonly OptimizerName[];
    readonly schedule?: readonly Schedule[];
  };
  /** An option that says all of this one: beside its values, this one has no effect. */
  readonly unless?: "layers";
}

interface Words {
  /** One line for `--help`. */
  readonly help: string;
  /** More for the reference: formulas, units, what happens beside other options. */
  readonly more?: string;
  /** A value as one would type it, where the default is not one to try. */
  readonly example?: string;
  /** Whether this one, if given, takes the place of a preset's `unless`. */
  readonly replaces?: boolean;
  /** How a flag that the command line does not have reads in a preset's help: if true, and if false. */
  readonly inWords?: readonly [string, string];
}

export interface Option<T> extends Kind<T>, Place, Words {
  /**
   * What the preset `baseline` does, and what runs did before there was the option: their states and logs, which do not name
   * it, stay resumable.
   */
  readonly default: T;
}

/** A row. */
export function option<T>(
  kind: Kind<T>,
  byDefault: NoInfer<T>,
  place: Place,
  words: Words,
): Option<T> {
  // Help names the choices that the option belongs to.
  const of = Object.values(place.only ?? {}).flat().join(", ");
  const help = of === "" ? words.help : `${of}: ${words.help}`;
  return { ...kind, default: byDefault, ...place, ...words, help };
}
