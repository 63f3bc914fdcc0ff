import BackendsPage from "../islands/BackendsPage.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import { type Comparisons, readComparisons } from "../store/comparisons.ts";

export const handler: Handlers<Comparisons> = {
  GET({ state }) {
    state.title = "Back ends";
    return { data: readComparisons(state.store.root) };
  },
};

export default function Backends({ data: { comparisons, problems } }: PageProps<Comparisons>) {
  return (
    <>
      {problems.map(({ name, problem }) => (
        <p role="alert" key={name}>The comparison {name} cannot be shown: {problem}.</p>
      ))}
      <BackendsPage comparisons={comparisons} />
    </>
  );
}
