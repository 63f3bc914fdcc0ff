/** A run at a glance: how it stands, what the model that it saved is worth, and how training went. */

import type { RunModel } from "../../live/run_model.ts";
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatOption,
  formatTime,
} from "../../shared/format.ts";
import { formatMetric, labelWords, mainMetric } from "../../shared/metrics.ts";
import { resultsWords, whyUseless } from "../../shared/results.ts";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import StatusBadge from "./StatusBadge.tsx";

type Stat = readonly [name: string, value: string];

const STOPPED_BY: Readonly<Record<string, string>> = {
  patience: "stopped early, by --patience",
  interruption: "interrupted",
  divergence: "diverged",
};

/** Of one model: the main metric of the test set, or of the validation rows where there is none, comes first. */
function resultStats({ run, results: { validation, test } }: RunModel): readonly Stat[] {
  const { name, label } = mainMetric(run);
  const stats = [
    ["test", name, labelWords(label)],
    ["validation", name, labelWords(label)],
    ["validation", "loss", "loss"],
    ["test", "loss", "loss"],
  ] as const;
  const parts = { validation, test };
  const shown = stats.map(([part, metric, words]) =>
    [
      `${part === "test" ? "Test" : "Validation"} ${words}`,
      formatMetric(metric, parts[part][metric] ?? null),
    ] as const
  );
  return Object.keys(test).length > 0 ? shown : shown.slice(1, 3);
}

export default function RunHead({ model }: { readonly model: RunModel }) {
  const { run, end, curves, state, results } = model;
  const last = (column: Parameters<typeof curves.column>[0]) => curves.column(column).at(-1);
  const backend = model.fallbacks.at(-1)?.environment ?? run?.environment;
  const asked = run?.config.epochs;
  const useless = whyUseless(run, end, results);
  const training: readonly Stat[] = [
    [
      "Epochs",
      `${formatCount(curves.lastEpoch)} of ${
        typeof asked === "number" ? formatCount(asked) : formatOption(asked)
      }`,
    ],
    ...(typeof end?.bestEpoch === "number"
      ? [["Best epoch", formatCount(end.bestEpoch)] as const]
      : []),
    ["Training loss, last epoch", formatLoss(last("trainLoss"))],
    ["Samples/s", formatCount(last("samplesPerSecond"))],
    ["Duration", formatDuration(end?.totalMs ?? last("elapsedMs"))],
  ];
  return (
    <>
      <p class="run-line">
        <StatusBadge state={state} useless={useless} />
        {end?.stoppedBy && STOPPED_BY[end.stoppedBy] && <span>{STOPPED_BY[end.stoppedBy]}</span>}
        {run && <span>{formatTime(run.startedAt)} UTC</span>}
        {backend && <span>{backendName(backend)}</span>}
        {run && <span>{formatCount(run.parameters)} parameters</span>}
      </p>
      {end?.error && <p class="notice" role="alert">{end.error}</p>}
      {useless && <p class="notice" role="status">{useless}.</p>}
      {state === "stalled" && (
        <p class="notice" role="status">
          This run has stopped writing without an end. It may have been killed, or its machine
          sleeps.
        </p>
      )}
      {model.removed && <p class="notice" role="status">This run's folder is gone.</p>}
      <section class="results" aria-label="Results">
        <p class="note">Of the {resultsWords(results)}:</p>
        <Stats stats={resultStats(model)} />
      </section>
      <Stats stats={training} />
    </>
  );
}

function Stats({ stats }: { readonly stats: readonly Stat[] }) {
  return (
    <dl class="stats">
      {stats.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
