/** What a search and its workers send each other by way of a NATS server. Whatever comes from there is read with care. */
import * as v from "valibot";
import {
  amount,
  checksums,
  count,
  fields,
  items,
  oneOf,
  type Read,
  shortText,
} from "../../../run_log/shared/fields.ts";
import { metricValues } from "../../../run_log/run/metrics.ts";
import { SEARCH_ID, trialRecord } from "../../../run_log/search/search.ts";

const id = v.pipe(shortText, v.regex(SEARCH_ID));

/** The epoch to end after; null: the run's own last one. */
const until = v.nullable(count);

/** A step of a trial, for any worker. */
export const stepMessage = fields({
  /** The id of the search. */
  search: id,
  /** Of Weft: other versions may come to other numbers. */
  version: shortText,
  trial: trialRecord,
  until,
  /** Arguments of `train` that name the data, as the search was given them; and what the data must be. */
  data: items(shortText),
  sha256: checksums,
});
export type StepMessage = Read<typeof stepMessage>;

const standing = {
  epochs: count,
  validationLoss: amount,
  validationAccuracy: amount,
  validation: v.optional(metricValues),
};

/** What it came to. */
export const resultMessage = fields({
  trial: count,
  until,
  host: shortText,
  result: fields({
    outcome: oneOf(["reached", "diverged", "failed"]),
    ...standing,
    error: v.optional(shortText),
  }),
});
export type ResultMessage = Read<typeof resultMessage>;

/** An epoch of a trial that a worker trains. */
export const epochMessage = fields({ trial: count, host: shortText, standing: fields(standing) });
export type EpochMessage = Read<typeof epochMessage>;

/** Null where it is no such message. */
export function readMessage<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): v.InferOutput<S> | null {
  const { success, output } = v.safeParse(schema, value);
  return success ? output : null;
}

/** How a step is called in subjects. */
export function stepName(trial: number, until: number | null): string {
  return `${trial}.${until ?? "end"}`;
}
