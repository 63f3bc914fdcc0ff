/** Trials as a table whose headings sort it: what the parallel axes show, as text. */

import type { ComponentChildren } from "preact";
import type { Metric, TrialRecord } from "../../../lib/run_log/search/search.ts";
import { optionKey, type RankedTrial, type TrialOrder } from "../../live/trial_list.ts";
import {
  formatCount,
  formatLoss,
  formatOption,
  formatPercent,
  NOTHING,
} from "../../shared/format.ts";
import { ownEntry } from "../../../lib/run_log/shared/own_entry.ts";
import { runAddress } from "../../shared/positions.ts";
import SortHeading from "../ui/SortHeading.tsx";
import TrialBadge from "./TrialBadge.tsx";

interface Props {
  readonly trials: readonly RankedTrial[];
  /** Names of those that vary. */
  readonly options: readonly string[];
  readonly metric: Metric;
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

const MEASURED: readonly Column[] = [
  { key: "validationLoss", name: "Valid. loss", cell: (it) => formatLoss(it.validationLoss) },
  {
    key: "validationAccuracy",
    name: "Valid. accuracy",
    cell: (it) => formatPercent(it.validationAccuracy),
  },
  { key: "epochs", name: "Epochs", cell: (it) => formatCount(it.epochs) },
];

export default function TrialTable(props: Props) {
  const { trials, options, order, marked, onOrder, onMark } = props;
  const columns: Column[] = [
    ...MEASURED,
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
