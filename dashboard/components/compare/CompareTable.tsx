/** Results and options of several runs, a column each. */

import type { RunColor } from "../../chart/run_colors.ts";
import { DASHES } from "../../chart/run_colors.ts";
import { optionRows, unionOfMetrics } from "../../live/comparison.ts";
import type { RunModel } from "../../live/run_model.ts";
import { formatCount, formatDuration, formatLoss, NOTHING } from "../../shared/format.ts";
import { formatMetric, labelWords } from "../../shared/metrics.ts";
import { resultsWords, whyUseless } from "../../shared/results.ts";
import { runAddress } from "../../shared/positions.ts";
import LineSample from "../ui/LineSample.tsx";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import StatusBadge from "../run/StatusBadge.tsx";

interface Props {
  readonly models: readonly RunModel[];
  readonly colors: ReadonlyMap<string, RunColor>;
}

type Row = readonly [name: string, value: (model: RunModel) => string];

/** Of the model that each run saved; every metric that any of them has. */
function resultRows(models: readonly RunModel[]): readonly Row[] {
  const metrics = [{ name: "loss", label: "loss" }, ...unionOfMetrics(models)];
  const row = (part: "validation" | "test", { name, label }: typeof metrics[number]): Row => [
    `${part === "test" ? "Test" : "Validation"} ${labelWords(label)}`,
    ({ results }) => formatMetric(name, results[part][name] ?? null),
  ];
  return [
    ["Measured", ({ results }) => resultsWords(results)],
    ...metrics.flatMap((metric) => [row("validation", metric), row("test", metric)]),
  ];
}

const TRAINING: readonly Row[] = [
  ["Epochs", ({ curves }) => formatCount(curves.lastEpoch)],
  [
    "Training loss, last epoch",
    ({ curves }) => formatLoss(curves.column("trainLoss").at(-1)),
  ],
  ["Samples/s", ({ curves }) => formatCount(curves.column("samplesPerSecond").at(-1))],
  [
    "Duration",
    ({ end, curves }) => formatDuration(end?.totalMs ?? curves.column("elapsedMs").at(-1)),
  ],
  ["Computed by", ({ run }) => run ? backendName(run.environment) : "–"],
];

export default function CompareTable({ models, colors }: Props) {
  const results = resultRows(models).filter(([, value]) =>
    models.some((model) => value(model) !== NOTHING)
  );
  const options = optionRows(models.map(({ options }) => options));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of results and options">
      <table class="compare">
        <thead>
          <tr>
            <td />
            {models.map(({ name, state, run, end, results: measured }) => {
              const look = colors.get(name)!;
              return (
                <th key={name} scope="col">
                  <LineSample color={look.color} dash={DASHES[look.dash]} />{" "}
                  <a href={runAddress(name)}>{name}</a>{" "}
                  <StatusBadge state={state} useless={whyUseless(run, end, measured)} />
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {[...results, ...TRAINING].map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {models.map((model) => <td key={model.name}>{value(model)}</td>)}
            </tr>
          ))}
        </tbody>
        <tbody>
          {options.map(({ name, values, differs }) => (
            <tr key={name} class={differs ? "differs" : undefined}>
              <th scope="row">
                {name} {differs && <span class="visually-hidden">(differs)</span>}
              </th>
              {values.map((value, i) => <td key={i}>{value}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
