/** All metrics of one model: on the validation rows and on the test set. */

import type { MetricRecord } from "../../../lib/run_log/run/records.ts";
import { formatMetric } from "../../shared/metrics.ts";
import type { Results } from "../../shared/results.ts";

interface Props {
  /** But for the loss. */
  readonly metrics: readonly MetricRecord[];
  readonly results: Results;
  /** Of binary tasks: from which probability on the answer is yes. */
  readonly threshold?: number | null;
}

export default function MetricTable({ metrics, results, threshold }: Props) {
  const { validation, test } = results;
  const rows = [{ name: "loss", label: "Loss" }, ...metrics].filter(({ name }) =>
    name in validation || name in test
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of metrics">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Validation</th>
            <th scope="col">Test</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, label }) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td>{formatMetric(name, validation[name] ?? null)}</td>
              <td>{formatMetric(name, test[name] ?? null)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {typeof threshold === "number" && (
        <p class="note">An answer is yes from a probability of {threshold} on.</p>
      )}
    </div>
  );
}
