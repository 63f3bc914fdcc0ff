import type { Summary } from "../../../lib/run_log/summary/summary.ts";
import CurvePreloads from "../../components/chart/CurvePreloads.tsx";
import SeriesPage from "../../islands/SeriesPage.tsx";
import type { Handlers, PageProps } from "../../shared/route.ts";
import { MAX_FOLLOWED, type RunDetail } from "../../shared/types.ts";
import { hasSummary, readSummaryOf } from "../../store/summaries.ts";

interface Data {
  readonly summary: Summary | null;
  /** Why it cannot be shown; null where there is none. */
  readonly problem: string | null;
  /** Of its first runs that are there. */
  readonly details: RunDetail[];
}

export const handler: Handlers<Data> = {
  async GET({ params: { name }, state }) {
    const { store } = state;
    if (!hasSummary(store.root, name)) {
      state.title = "No such series";
      return { data: { summary: null, problem: null, details: [] }, status: 404 };
    }
    state.title = name;
    const { summary, problem } = readSummaryOf(store.root, name);
    const names = summary?.runs.map((run) => run.name).filter((run) => store.has(run)) ?? [];
    const details = await Promise.all(
      names.slice(0, MAX_FOLLOWED).map((run) => store.detail(run)),
    );
    return { data: { summary, problem, details: details.filter((it) => it !== null) } };
  },
};

export default function Series(
  { data: { summary, problem, details }, params, url }: PageProps<Data>,
) {
  if (summary) {
    return (
      <>
        <CurvePreloads details={details} />
        <SeriesPage summary={summary} details={details} query={url.search} />
      </>
    );
  }
  if (problem !== null) return <p role="alert">This series cannot be shown: {problem}.</p>;
  return (
    <p>
      There is no series of runs called <code>{params.name}</code>. <a href="/">All runs</a>
    </p>
  );
}
