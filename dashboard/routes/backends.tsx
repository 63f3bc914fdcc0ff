import BackendsPage from "../islands/BackendsPage.tsx";
import type { Handlers, PageProps } from "../shared/route.ts";
import { type Comparisons, readComparisons } from "../store/comparisons.ts";

export const handler: Handlers<Comparisons> = {
  async GET({ url, state }) {
    state.title = "Back ends";
    return { data: await readComparisons(state.store.root, url.searchParams.get("name")) };
  },
};

export default function Backends(
  { data: { comparisons, problems, further }, url }: PageProps<Comparisons>,
) {
  return (
    <>
      {problems.map(({ name, problem }) => (
        <p role="alert" key={name}>The comparison {name} cannot be shown: {problem}.</p>
      ))}
      <BackendsPage comparisons={comparisons} query={url.search} />
      {further.length > 0 && (
        <nav aria-label="Further comparisons">
          Further comparisons: {further.map((name) => (
            <>
              <a key={name} href={`/backends?${new URLSearchParams({ name })}`}>{name}</a>
              {" "}
            </>
          ))}
        </nav>
      )}
    </>
  );
}
