/** Trials as a table whose headings sort it: what the parallel axes show, as text. */

import type { ComponentChildren } from "preact";
import { valueOf } from "../../../lib/run_log/search/measure.ts";
import type { MetricRecord } from "../../../lib/run_log/run/records.ts";
import type { TrialRecord } from "../../../lib/run_log/search/search.ts";
import { metricKey, optionKey, type RankedTrial, type TrialOrder } from "../../live/trial_list.ts";
import { formatCount, formatOption, NOTHING } from "../../shared/format.ts";
import { ownEntry } from "../../../lib/run_log/shared/own_entry.ts";
import { formatMetric } from "../../shared/metrics.ts";
import { runAddress } from "../../shared/positions.ts";
import SortHeading from "../ui/SortHeading.tsx";
import TrialBadge from "./TrialBadge.tsx";

interface Props {
  readonly trials: readonly RankedTrial[];
  /** Names of those that vary. */
  readonly options: readonly string[];
  /** Columns of their own, the loss first. */
  readonly metrics: readonly MetricRecord[];
  readonly order: TrialOrder;
  readonly marked: TrialRecord | null;
  readonly onOrder: (order: TrialOrder) => void;
  readonly onMark: (trial: TrialRecord | null) => void;
}

interface Column {
  readonly key: string;
  readonly name: string;
  readonly cell: (trial: TrialRecord) => ComponentChildren;
}

export default function TrialTable(props: Props) {
  const { trials, options, metrics, order, marked, onOrder, onMark } = props;
  const columns: Column[] = [
    ...metrics.map(({ name, label }) => ({
      key: metricKey(name),
      name: `Validation ${label}`,
      cell: (trial: TrialRecord) => formatMetric(name, valueOf(trial, name)),
    })),
    { key: "epochs", name: "Epochs", cell: ({ epochs }) => formatCount(epochs) },
    ...options.map((option) => ({
      key: optionKey(option),
      name: option,
      cell: ({ options }: TrialRecord) => formatOption(ownEntry(options, option)),
    })),
  ];
  return (
    <div class="scroll runs-scroll" tabIndex={0} role="region" aria-label="Trials">
      <table class="runs trials">
        <thead>
          <tr>
            {[["rank", "Rank"], ["run", "Run"], ["status", "Status"]].map(([key, name]) => (
              <SortHeading key={key} {...{ sortKey: key, name, order, onOrder }} />
            ))}
            {columns.map(({ key, name }) => (
              <SortHeading key={key} {...{ sortKey: key, name, order, onOrder }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {trials.map(({ trial, rank }) => (
            <tr
              key={trial.trial}
              class={trial === marked ? "marked" : undefined}
              aria-current={trial === marked ? "true" : undefined}
              onPointerEnter={() => onMark(trial)}
              onFocusCapture={() => onMark(trial)}
            >
              <td class="number" data-name="Rank">
                {rank === 1 ? <b>1 ★</b> : rank ?? NOTHING}
                {rank === 1 && <span class="visually-hidden">, the best</span>}
              </td>
              <th scope="row">
                {trial.begun ? <a href={runAddress(trial.run)}>{trial.run}</a> : trial.run}
                {trial.host !== undefined && <small>{trial.host}</small>}
                {trial.error !== undefined && <small class="error">{trial.error}</small>}
              </th>
              <td>
                <TrialBadge status={trial.status} />
              </td>
              {columns.map(({ key, name, cell }) => (
                <td key={key} class="number" data-name={name}>{cell(trial)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
