import EmptyState from "../../components/ui/EmptyState.tsx";
import SearchTable from "../../components/search/SearchTable.tsx";
import type { Handlers, PageProps } from "../../shared/route.ts";
import { readSearches, type Searches } from "../../store/searches.ts";

export const handler: Handlers<Searches> = {
  async GET({ state }) {
    state.title = "Searches";
    return { data: await readSearches(state.store.root) };
  },
};

export default function SearchesPage({ data: { searches, problems } }: PageProps<Searches>) {
  return (
    <>
      {problems.map(({ name, problem }) => (
        <p role="alert" key={name}>The search {name} cannot be shown: {problem}.</p>
      ))}
      {searches.length > 0
        ? <SearchTable searches={searches} />
        : (
          <EmptyState title="No search yet" command="deno task search --space space.json">
            Train many configurations and see which options matter; the trials appear here.
          </EmptyState>
        )}
    </>
  );
}
