import type { EpochRecord } from "../../run_log/run/records.ts";
import { LOSS_METRIC } from "../../task/task.ts";
import { TASKS } from "../../task/mod.ts";

/** Losses by epoch, and what they are where they are no cross-entropy. */
export function lossCurves(epochs: readonly EpochRecord[], task: string | undefined) {
  const { unit } = TASKS[task as keyof typeof TASKS ?? "classification"].metrics[0];
  return {
    trainLoss: epochs.map((epoch) => epoch.trainLoss),
    validationLoss: epochs.map((epoch) => epoch.validationLoss),
    ...(unit === LOSS_METRIC.unit ? {} : { what: "Loss, targets standardized" }),
  };
}
