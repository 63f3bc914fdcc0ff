/** Runs of one configuration that differ by their seed or by the part that validates: their mean, and how far apart they are. */

import type { Summary } from "../../lib/run_log/summary/summary.ts";
import Card from "../components/ui/Card.tsx";
import SeriesTable from "../components/compare/SeriesTable.tsx";
import { formatCount, formatTime } from "../shared/format.ts";
import type { RunDetail } from "../shared/types.ts";
import { Comparison } from "./ComparePage.tsx";

interface Props {
  readonly summary: Summary;
  /** Of its first runs. */
  readonly details: readonly RunDetail[];
  /** Of the address that the page was asked for. */
  readonly query: string;
}

const KINDS = { seeds: "seeds", folds: "folds of a cross-validation" } as const;

export default function SeriesPage({ summary, details, query }: Props) {
  const { kind, status, startedAt, runCount, runs } = summary;
  return (
    <>
      <p class="run-line">
        <span>{formatCount(runCount)} {KINDS[kind]}</span>
        <span>{formatTime(startedAt)} UTC</span>
        {status === "running" && <span>{formatCount(runs.length)} of them are over</span>}
        {status === "interrupted" && <span>interrupted after {formatCount(runs.length)}</span>}
      </p>
      <Card title="Mean and deviation" note="Over the runs that were completed." wide>
        <SeriesTable summary={summary} />
      </Card>
      {details.length > 0 && (
        <Comparison
          details={details}
          slots={details.map((_, slot) => slot)}
          query={query}
          means
        />
      )}
    </>
  );
}
