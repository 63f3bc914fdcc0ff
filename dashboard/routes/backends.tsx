import BackendsPage from "../islands/BackendsPage.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import { type ComparisonProblem, readComparisons } from "../store/comparisons.ts";

interface Data {
  readonly comparisons: unknown[];
  readonly problems: ComparisonProblem[];
}

export const handler: Handlers<Data> = {
  GET({ state }) {
    state.title = "Back ends";
    return { data: readComparisons(state.store.root) };
  },
};

export default function Backends({ data: { comparisons, problems } }: PageProps<Data>) {
  return (
    <>
      {problems.map(({ name, problem }) => (
        <p role="alert" key={name}>The comparison {name} cannot be shown: {problem}.</p>
      ))}
      <BackendsPage comparisons={comparisons} />
    </>
  );
}
