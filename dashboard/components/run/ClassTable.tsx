/** How well each class or label is recognized. */

import type { PerClassRecord } from "../../../lib/run_log/run/records.ts";
import { formatCount, formatPercent } from "../../shared/format.ts";

interface Props {
  readonly classes: readonly PerClassRecord[];
  /** "Class" or "Label". */
  readonly what: string;
}

export default function ClassTable({ classes, what }: Props) {
  return (
    <div
      class="scroll"
      tabIndex={0}
      role="region"
      aria-label={`Table of ${what === "Label" ? "labels" : "classes"}`}
    >
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{what}</th>
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col">F1</th>
            <th scope="col">Rows</th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ name, precision, recall, f1, support }, i) => (
            <tr key={i}>
              <th scope="row">{name}</th>
              <td>{formatPercent(precision, 1)}</td>
              <td>{formatPercent(recall, 1)}</td>
              <td>
                <meter min={0} max={1} value={f1 ?? 0} aria-hidden="true" />
                {formatPercent(f1, 1)}
              </td>
              <td>{formatCount(support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
