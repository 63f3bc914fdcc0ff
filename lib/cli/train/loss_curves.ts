import type { EpochRecord } from "../../run_log/run/records.ts";

/** Losses by epoch. */
export function lossCurves(epochs: readonly EpochRecord[]) {
  return {
    trainLoss: epochs.map((epoch) => epoch.trainLoss),
    validationLoss: epochs.map((epoch) => epoch.validationLoss),
  };
}
