/** All that was measured of each back end. */

import type { ContenderRecord } from "../../../lib/run_log/comparison/comparison.ts";
import { formatCount, formatDuration, formatNumber, formatPercent } from "../../shared/format.ts";

const COLUMNS: readonly (readonly [string, (contender: ContenderRecord) => string])[] = [
  ["Start", ({ startMs }) => formatDuration(startMs)],
  ["Data", ({ prepareMs }) => formatDuration(prepareMs)],
  ["First step", ({ firstStepMs }) => formatDuration(firstStepMs)],
  ["Step", ({ step }) => formatDuration(step?.medianMs ?? null)],
  ["Epoch", ({ epoch }) => formatDuration(epoch?.medianMs ?? null)],
  ["Samples/s", ({ samplesPerSecond }) => formatCount(samplesPerSecond)],
  ["GFLOP/s", ({ gflops }) => formatNumber(gflops)],
  ["Of the limit", ({ shareOfLimit }) => formatPercent(shareOfLimit, 0)],
  ["Validation accuracy", ({ validationAccuracy }) => formatPercent(validationAccuracy)],
];

export default function ContenderTable(
  { contenders }: { readonly contenders: readonly ContenderRecord[] },
) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of back ends">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Back end</th>
            {COLUMNS.map(([name]) => <th key={name} scope="col">{name}</th>)}
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
              {COLUMNS.map(([name, value]) => <td key={name}>{value(contender)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
