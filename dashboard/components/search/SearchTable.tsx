/** Searches as a table; on a narrow screen each is a card. */

import { formatCount, formatDuration, formatTime, NOTHING } from "../../shared/format.ts";
import { formatMetric } from "../../shared/metrics.ts";
import { runAddress, searchAddress } from "../../shared/positions.ts";
import type { SearchSummary } from "../../shared/types.ts";
import TrialBadge from "./TrialBadge.tsx";

const HEADS = ["Search", "Status", "Started (UTC)", "Strategy", "Trials", "Duration"];

export default function SearchTable({ searches }: { readonly searches: readonly SearchSummary[] }) {
  return (
    <div class="scroll runs-scroll" tabIndex={0} role="region" aria-label="Searches">
      <table class="runs">
        <thead>
          <tr>
            {HEADS.map((name) => <th key={name} scope="col">{name}</th>)}
            <th scope="col">Best run</th>
            <th scope="col">Its metric</th>
          </tr>
        </thead>
        <tbody>
          {searches.map(({ name, status, startedAt, strategy, trials, totalMs, measure, best }) => (
            <tr key={name}>
              <th scope="row">
                <a href={searchAddress(name)}>{name}</a>
              </th>
              <td>
                <TrialBadge status={status} />
              </td>
              <td data-name="Started (UTC)">{formatTime(startedAt)}</td>
              <td data-name="Strategy">{strategy}</td>
              <td data-name="Trials">{formatCount(trials)}</td>
              <td data-name="Duration">{formatDuration(totalMs)}</td>
              <td data-name="Best run">
                {best ? <a href={runAddress(best.run)}>{best.run}</a> : NOTHING}
              </td>
              <td data-name="Its metric">
                {best ? `${measure.label} ${formatMetric(measure.name, best.value)}` : NOTHING}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
