/** All that was measured of each back end. */

import type { ContenderRecord } from "../../../lib/run_log/comparison/comparison.ts";
import { formatMetric, labelOf } from "../../shared/metrics.ts";
import { formatCount, formatDuration, formatNumber, formatPercent } from "../../shared/format.ts";

type Column = readonly [name: string, text: (contender: ContenderRecord) => string];

/** Of a stranger's file. */
const MOST_METRICS = 12;

const COLUMNS: readonly Column[] = [
  ["Start", ({ startMs }) => formatDuration(startMs)],
  ["Data", ({ prepareMs }) => formatDuration(prepareMs)],
  ["First step", ({ firstStepMs }) => formatDuration(firstStepMs)],
  ["Step", ({ step }) => formatDuration(step?.medianMs ?? null)],
  ["Epoch", ({ epoch }) => formatDuration(epoch?.medianMs ?? null)],
  ["Samples/s", ({ samplesPerSecond }) => formatCount(samplesPerSecond)],
  ["GFLOP/s", ({ gflops }) => formatNumber(gflops)],
  ["Of the limit", ({ shareOfLimit }) => formatPercent(shareOfLimit, 0)],
];

/** Every metric that some back end has come to, of the last epoch. */
function metricColumns(contenders: readonly ContenderRecord[]): readonly Column[] {
  const values = contenders.map(({ validation, validationAccuracy }) =>
    validation ?? (validationAccuracy === null ? {} : { accuracy: validationAccuracy })
  );
  return [...new Set(values.flatMap((value) => Object.keys(value)))].slice(0, MOST_METRICS)
    .map((name) => [
      `Validation ${labelOf(name)}`,
      (contender) => formatMetric(name, values[contenders.indexOf(contender)][name] ?? null),
    ]);
}

export default function ContenderTable(
  { contenders }: { readonly contenders: readonly ContenderRecord[] },
) {
  const columns = [...COLUMNS, ...metricColumns(contenders)];
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of back ends">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Back end</th>
            {columns.map(([name]) => <th key={name} scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {contenders.map((contender) => (
            <tr key={contender.label}>
              <th scope="row">
                {contender.label}
                {contender.adapter && <small>{contender.adapter}</small>}
                {contender.software && <small>a GPU in software</small>}
                {contender.error && <small class="error">{contender.error}</small>}
              </th>
              {columns.map(([name, value]) => <td key={name}>{value(contender)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
