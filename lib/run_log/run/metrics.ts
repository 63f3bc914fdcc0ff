/** Metrics as records have them. */
import * as v from "valibot";
import {
  entriesOf,
  fields,
  isNumber,
  type Measured,
  measured,
  type Read,
  text,
  truth,
} from "../shared/fields.ts";

/** More are in no log that Weft has written. */
export const MOST_METRICS = 100;

/** What is measured, besides what every run has. */
export const metricRecord = fields({
  /** As records have it: `accuracy`. */
  name: text,
  /** As pages have it: "Accuracy". */
  label: text,
  /** "nats"; "" for a plain number or a fraction; "target" for the unit of the targets. */
  unit: text,
  higherIsBetter: truth,
});
export type MetricRecord = Read<typeof metricRecord>;

/** Metrics by name; null where the rows did not tell. */
export const metricValues = entriesOf((entry): entry is Measured =>
  entry === null || isNumber(entry)
);
export type MetricValues = Read<typeof metricValues>;

/** An accuracy: null, and not written, where the task has none. */
export const accuracy = v.optional(measured, null);
