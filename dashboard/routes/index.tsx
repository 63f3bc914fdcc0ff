import RunList from "../islands/RunList.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import type { RunSummary } from "../shared/types.ts";
import { MAX_RUNS } from "../store/run_store.ts";

interface Data {
  readonly runs: RunSummary[];
  /** Why the folder of runs cannot be read, where it cannot. */
  readonly problem: string | null;
  /** Runs for which the list has no room. */
  readonly left: number;
}

export const handler: Handlers<Data> = {
  GET({ state }) {
    state.title = "Runs";
    const { store } = state;
    return { data: { runs: store.summaries(), problem: store.problem, left: store.left } };
  },
};

export default function RunsPage({ data: { runs, problem, left } }: PageProps<Data>) {
  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      {left > 0 && (
        <p role="status">
          The {MAX_RUNS} runs whose folders were changed last are listed; {left} older{" "}
          {left === 1 ? "one is" : "ones are"} left out. Each has its page at /runs/NAME.
        </p>
      )}
      <RunList runs={runs} />
    </>
  );
}
