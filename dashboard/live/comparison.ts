/** Several runs on one chart: over which x, and in which options they differ. */

import { COLORS, DASHES, type RunColor } from "../chart/run_colors.ts";
import { type Line, risingPoints } from "../chart/lines.ts";
import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";
import type { ConfigValue, MetricRecord } from "../../lib/run_log/run/records.ts";
import type { CurveColumn } from "../shared/curves.ts";
import { metricsOf } from "../shared/metrics.ts";
import { formatOption } from "../shared/format.ts";
import type { RunModel } from "./run_model.ts";

/** What curves are drawn over. Wall time is the fair one for back ends. */
export type Axis = "epoch" | "step" | "time";

export const AXES: readonly {
  readonly axis: Axis;
  readonly name: string;
  readonly label: string;
}[] = [
  { axis: "epoch", name: "Epoch", label: "Epoch" },
  { axis: "step", name: "Step", label: "Step (batches)" },
  { axis: "time", name: "Wall time", label: "Wall time (s)" },
];

/** The curve of one column of a run; a run whose batches are not known has none by step. */
export function lineOf(
  model: RunModel,
  column: CurveColumn,
  axis: Axis,
  { color, dash }: RunColor,
): Line {
  const xs = xsOf(model, axis);
  const ys = xs.length === 0 ? xs : model.curves.column(column);
  return {
    label: model.name,
    color: color % COLORS,
    dash: DASHES[dash],
    ...risingPoints(xs, ys),
  };
}

function xsOf({ curves, run }: RunModel, axis: Axis): Float64Array {
  if (axis === "epoch") return curves.column("epoch");
  if (axis === "time") return curves.column("elapsedMs").map((ms) => ms / 1000);
  const steps = stepsPerEpoch(run?.dataset.train, run?.config.batchSize);
  return steps === null
    ? new Float64Array(0)
    : curves.column("epoch").map((epoch) => epoch * steps);
}

/** Batches of an epoch, the last one short; null where the log does not say. */
export function stepsPerEpoch(rows: unknown, batchSize: unknown): number | null {
  if (typeof rows !== "number" || typeof batchSize !== "number") return null;
  return rows > 0 && batchSize > 0 ? Math.ceil(rows / batchSize) : null;
}

/** The metrics that any of the runs has, but for the loss. */
export function unionOfMetrics(models: readonly Pick<RunModel, "run">[]): MetricRecord[] {
  const all = models.flatMap(({ run }) => metricsOf(run));
  return [...new Map(all.map((metric) => [metric.name, metric])).values()];
}

interface OptionRow {
  readonly name: string;
  /** One a run. */
  readonly values: readonly string[];
  readonly differs: boolean;
}

/** Every option that any run has; those that differ first. */
export function optionRows(
  configs: readonly Readonly<Record<string, ConfigValue>>[],
): readonly OptionRow[] {
  const names = new Set(configs.flatMap((config) => Object.keys(config)));
  const rows = [...names].map((name) => {
    const values = configs.map((config) => formatOption(ownEntry(config, name)));
    return { name, values, differs: new Set(values).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}
