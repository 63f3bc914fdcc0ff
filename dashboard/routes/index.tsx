import RunList from "../islands/RunList.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import type { RunSummary } from "../shared/types.ts";

interface Data {
  readonly runs: RunSummary[];
  /** Why the folder of runs cannot be read, where it cannot. */
  readonly problem: string | null;
}

export const handler: Handlers<Data> = {
  GET({ state }) {
    state.title = "Runs";
    return { data: { runs: state.store.summaries(), problem: state.store.problem } };
  },
};

export default function RunsPage({ data: { runs, problem } }: PageProps<Data>) {
  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      <RunList runs={runs} />
    </>
  );
}
