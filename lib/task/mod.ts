/** The tasks, by name. */
import type { Backend } from "../backend/mod.ts";
import type { SampleTargets, TaskName } from "../dataset/samples.ts";
import type { ownerOf } from "../nn/owned_buffers.ts";
import { binary } from "./binary.ts";
import { classification } from "./classification.ts";
import { multiLabel } from "./multi_label.ts";
import { regression, standardized } from "./regression.ts";
import type { Metric, TargetMap, Task, UploadedTargets } from "./task.ts";

/** The losses of regression. */
export { type Distance, DISTANCES } from "../backend/distances.ts";

/** All tasks, by name. */
export const TASKS: Readonly<Record<TaskName, Task>> = {
  classification,
  binary,
  "multi-label": multiLabel,
  regression,
};

/** The metrics of all tasks, each name once. */
export const METRICS: readonly Metric[] = [
  ...new Map(
    Object.values(TASKS).flatMap(({ metrics }) => metrics).map((metric) => [metric.name, metric]),
  ).values(),
];

/** Which way a metric is better: the same in every task that has it. */
export function directionOf(name: string): "higher" | "lower" {
  const metric = METRICS.find((metric) => metric.name === name);
  return metric?.higherIsBetter ? "higher" : "lower";
}

/** Targets on a back end; the matrix is the owner's. */
export function uploadTargets(
  backend: Backend,
  own: ReturnType<typeof ownerOf>,
  rows: number,
  targets: SampleTargets,
  weights: Float32Array | null,
  map: TargetMap | null,
): UploadedTargets {
  const { values, columns } = targets;
  if (map) {
    const matrix = own(backend.allocate(rows, columns));
    backend.write(matrix, standardized(targets, map));
    return { matrix, targets, weights, map };
  }
  const matrix = own(backend.allocateBytes(rows, columns));
  const { known } = targets;
  const labels = values as Uint8Array;
  // Losses of rows of other classes are not asked for.
  backend.write(matrix, known === undefined ? labels : labels.map((it) => it < known ? it : 0));
  return { matrix, targets, weights, map };
}
