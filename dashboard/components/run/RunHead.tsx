/** A run at a glance: how it stands, what the model that it saved is worth, and how training went. */

import type { RunModel } from "../../live/run_model.ts";
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatOption,
  formatTime,
} from "../../shared/format.ts";
import { useBaseline } from "../../live/use_baseline.ts";
import { runAddress } from "../../shared/positions.ts";
import { formatMetric, labelWords, mainMetric } from "../../shared/metrics.ts";
import { resultsWords, whyUseless } from "../../shared/results.ts";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import RunProgress from "./RunProgress.tsx";
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

interface Props {
  readonly model: RunModel;
  /** Address of the model; null where there is none. */
  readonly download: string | null;
}

export default function RunHead({ model, download }: Props) {
  const baseline = useBaseline(model.name);
  const { run, end, curves, state, results: measured } = model;
  const last = (column: Parameters<typeof curves.column>[0]) => curves.column(column).at(-1);
  const backend = model.fallbacks.at(-1)?.environment ?? run?.environment;
  const asked = run?.config.epochs;
  const useless = whyUseless(run, end, measured);
  const results = resultStats(model);
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
        {download && <a class="button" href={download} download>Download the model</a>}
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
      <RunProgress model={model} />
      <section class="results" aria-label="Results">
        <div class="hero">
          <Hero model={model} baseline={baseline} />
        </div>
        <Stats stats={[...results.slice(1), ...training]} />
      </section>
    </>
  );
}

interface HeroProps {
  readonly model: RunModel;
  /** The pinned run. */
  readonly baseline: RunModel | null;
}

/** The number that people come for, of which model it is, and by how much it is better than the pinned run's. */
function Hero({ model, baseline }: HeroProps) {
  const [[title, value]] = resultStats(model);
  const { name, higherIsBetter } = mainMetric(model.run);
  const part = Object.keys(model.results.test).length > 0 ? "test" : "validation";
  const [own, other] = [model, baseline].map((it) => it?.results[part][name]);
  const difference = typeof own === "number" && typeof other === "number" ? own - other : null;
  const isBetter = difference !== null && (difference > 0) === higherIsBetter;
  return (
    <dl>
      <dt>{title}</dt>
      <dd>{value}</dd>
      <dd class="note">{resultsWords(model.results)}</dd>
      {difference !== null && (
        <dd class={difference === 0 ? "delta" : isBetter ? "better" : "worse"}>
          {difference > 0 ? "+" : difference < 0 ? "−" : "±"}
          {formatMetric(name, Math.abs(difference))} against{" "}
          <a href={runAddress(baseline!.name)}>{baseline!.name}</a>
        </dd>
      )}
    </dl>
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
