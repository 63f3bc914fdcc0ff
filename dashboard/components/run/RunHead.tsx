/** A run at a glance: how it stands, and its most asked-for numbers. */

import type { RunModel } from "../../live/run_model.ts";
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatOption,
  formatPercent,
  formatTime,
} from "../../shared/format.ts";
import { formatMetric, hasAccuracy } from "../../shared/metrics.ts";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import StatusBadge from "./StatusBadge.tsx";

/** Accuracies; of a task that has none, its own metrics of the saved model. */
function metricStats({ run, end, curves }: RunModel): readonly (readonly [string, string])[] {
  if (hasAccuracy(run)) {
    const last = curves.column("validationAccuracy").at(-1);
    return [
      ["Validation accuracy", formatPercent(end?.validationAccuracy ?? last)],
      ["Test accuracy", formatPercent(end?.testAccuracy)],
    ];
  }
  const metrics = run?.metrics?.filter(({ name }) => name !== "loss") ?? [];
  return (["validation", "test"] as const).flatMap((part) =>
    metrics.flatMap(({ name, label }) => {
      const value = end?.[part]?.[name];
      const title = `${part === "test" ? "Test" : "Validation"} ${label}`;
      return value === undefined ? [] : [[title, formatMetric(name, value)] as const];
    })
  );
}

export default function RunHead({ model }: { readonly model: RunModel }) {
  const { run, end, curves, state } = model;
  const last = (column: Parameters<typeof curves.column>[0]) => curves.column(column).at(-1);
  const backend = model.fallbacks.at(-1)?.environment ?? run?.environment;
  const asked = run?.config.epochs;
  const stats: readonly (readonly [string, string])[] = [
    [
      "Epochs",
      `${formatCount(curves.lastEpoch)} of ${
        typeof asked === "number" ? formatCount(asked) : formatOption(asked)
      }`,
    ],
    ["Training loss", formatLoss(last("trainLoss"))],
    ["Validation loss", formatLoss(last("validationLoss"))],
    ...metricStats(model),
    ["Samples/s", formatCount(last("samplesPerSecond"))],
    ["Duration", formatDuration(end?.totalMs ?? last("elapsedMs"))],
  ];
  return (
    <>
      <p class="run-line">
        <StatusBadge state={state} />
        {run && <span>{formatTime(run.startedAt)} UTC</span>}
        {backend && <span>{backendName(backend)}</span>}
        {run && <span>{formatCount(run.parameters)} parameters</span>}
      </p>
      {end?.error && <p class="notice" role="alert">{end.error}</p>}
      {state === "stalled" && (
        <p class="notice" role="status">
          This run has stopped writing without an end. It may have been killed, or its machine
          sleeps.
        </p>
      )}
      {model.removed && <p class="notice" role="status">This run's folder is gone.</p>}
      <dl class="stats">
        {stats.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
