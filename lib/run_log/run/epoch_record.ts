/** One line an epoch, and a short way to read it. */
import * as v from "valibot";
import {
  count,
  entriesOf,
  exactly,
  fields,
  isNumber,
  isObject,
  measured,
  type Read,
} from "../shared/fields.ts";
import { accuracy, metricValues } from "./metrics.ts";

const epochFields = {
  type: exactly("epoch"),
  /** Counted from 1. */
  epoch: v.pipe(count, v.minValue(1, "is 0, but epochs count from 1")),
  trainLoss: measured,
  trainAccuracy: accuracy,
  /** Null also where nothing validates. */
  validationLoss: measured,
  validationAccuracy: accuracy,
  /** Of the epoch's last step. */
  learningRate: measured,
  /** The time of this epoch, validation included. */
  epochMs: measured,
  /** Since training began. */
  elapsedMs: measured,
  /** Training rows a second. */
  samplesPerSecond: measured,
  /**
   * Where the time of the epoch went, by the name of the phase. Where a device of its own computes: `encode`, what the
   * processor took to tell it what to do; `device`, what the device took; they overlap.
   */
  phasesMs: entriesOf(isNumber),
};

/** The task's metrics, but for the loss; absent in version 1, `validation` null where nothing validates. */
const epochMetrics = {
  train: v.optional(v.nullable(metricValues)),
  validation: v.optional(v.nullable(metricValues)),
};

/** One line an epoch. */
export const epochRecord = fields({ ...epochFields, ...epochMetrics });
export type EpochRecord = Read<typeof epochRecord>;

const EPOCH_KEYS = Object.keys(epochFields).length;
const EPOCH_MEASURES = Object.entries(epochFields)
  .filter(([, schema]) => schema === measured || schema === accuracy)
  .map(([key]) => key);

/**
 * Whether it is an epoch with all fields and no other, which needs no reading: a long log is nothing else, and the schema
 * takes twice as long as parsing its JSON.
 */
export function isPlainEpoch(value: unknown): value is EpochRecord {
  if (!isObject(value) || value.type !== "epoch") return false;
  const more = Object.keys(value).length - EPOCH_KEYS;
  const { train, validation } = value;
  const hasMetrics = more === 2 && isPlainMetrics(train) && isPlainMetrics(validation);
  if (more !== 0 && !hasMetrics) return false;
  const { epoch, phasesMs } = value;
  return Number.isSafeInteger(epoch) && epoch as number >= 1 &&
    EPOCH_MEASURES.every((key) => value[key] === null || Number.isFinite(value[key])) &&
    isObject(phasesMs) && Object.values(phasesMs).every(isNumber);
}

function isPlainMetrics(value: unknown): boolean {
  return value === null ||
    (isObject(value) &&
      Object.values(value).every((entry) => entry === null || Number.isFinite(entry)));
}
