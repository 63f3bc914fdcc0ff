import RunList from "../islands/RunList.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import type { Groups, RunSummary } from "../shared/types.ts";
import { readGroups } from "../store/groups.ts";
import { DEFAULT_OPTIONS } from "../store/listed_options.ts";
import { MAX_RUNS } from "../store/run_store.ts";

interface Data {
  readonly runs: RunSummary[];
  readonly groups: Groups;
  /** In milliseconds since 1970. */
  readonly now: number;
  /** Why the folder of runs cannot be read, where it cannot. */
  readonly problem: string | null;
  /** Runs for which the list has no room. */
  readonly left: number;
}

export const handler: Handlers<Data> = {
  async GET({ state }) {
    state.title = "Runs";
    const { store } = state;
    const groups = await readGroups(store);
    const { problem, left } = store;
    return { data: { runs: store.summaries(), groups, now: Date.now(), problem, left } };
  },
};

export default function RunsPage({ data, url }: PageProps<Data>) {
  const { runs, groups, now, problem, left } = data;
  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      {left > 0 && (
        <p role="status">
          The {MAX_RUNS} runs whose folders were changed last are listed; {left} older{" "}
          {left === 1 ? "one is" : "ones are"} left out. Each has its page at /runs/NAME.
        </p>
      )}
      <RunList {...{ runs, groups, now }} defaults={DEFAULT_OPTIONS} query={url.search} />
    </>
  );
}
