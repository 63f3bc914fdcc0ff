/** Results and options of several runs, a column each. */

import type { RunColor } from "../../chart/run_colors.ts";
import { DASHES } from "../../chart/run_colors.ts";
import { optionRows } from "../../live/comparison.ts";
import type { RunModel } from "../../live/run_model.ts";
import { formatCount, formatDuration, formatLoss, formatPercent } from "../../shared/format.ts";
import { runAddress } from "../../shared/positions.ts";
import LineSample from "../ui/LineSample.tsx";
import { backendName } from "../../../lib/run_log/run/backend_name.ts";
import StatusBadge from "../run/StatusBadge.tsx";

interface Props {
  readonly models: readonly RunModel[];
  readonly colors: ReadonlyMap<string, RunColor>;
}

const RESULTS: readonly (readonly [string, (model: RunModel) => string])[] = [
  ["Epochs", ({ curves }) => formatCount(curves.lastEpoch)],
  ["Training loss", ({ curves }) => formatLoss(curves.column("trainLoss").at(-1))],
  ["Validation loss", ({ curves }) => formatLoss(curves.column("validationLoss").at(-1))],
  [
    "Validation accuracy",
    ({ curves }) => formatPercent(curves.column("validationAccuracy").at(-1)),
  ],
  ["Test accuracy", ({ end }) => formatPercent(end?.testAccuracy)],
  ["Samples/s", ({ curves }) => formatCount(curves.column("samplesPerSecond").at(-1))],
  [
    "Duration",
    ({ end, curves }) => formatDuration(end?.totalMs ?? curves.column("elapsedMs").at(-1)),
  ],
  ["Computed by", ({ run }) => run ? backendName(run.environment) : "–"],
];

export default function CompareTable({ models, colors }: Props) {
  const options = optionRows(models.map(({ run }) => run?.config ?? {}));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of results and options">
      <table class="compare">
        <thead>
          <tr>
            <td />
            {models.map(({ name, state }) => {
              const look = colors.get(name)!;
              return (
                <th key={name} scope="col">
                  <LineSample color={look.color} dash={DASHES[look.dash]} />{" "}
                  <a href={runAddress(name)}>{name}</a> <StatusBadge state={state} />
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {RESULTS.map(([name, value]) => (
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
