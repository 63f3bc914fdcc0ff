import type { Search } from "../../../lib/run_log/search/search.ts";
import SearchPage from "../../islands/SearchPage.tsx";
import type { Handlers, PageProps } from "../../shared/route.ts";
import { hasSearch, readSearchOf } from "../../store/searches.ts";

interface Data {
  readonly search: Search | null;
  /** Why it cannot be shown; null where there is none. */
  readonly problem: string | null;
}

export const handler: Handlers<Data> = {
  GET({ params: { name }, state }) {
    if (!hasSearch(state.store.root, name)) {
      state.title = "No such search";
      return { data: { search: null, problem: null }, status: 404 };
    }
    state.title = name;
    return { data: readSearchOf(state.store.root, name) };
  },
};

export default function OneSearch({ data: { search, problem }, params }: PageProps<Data>) {
  if (search) return <SearchPage search={search} />;
  if (problem !== null) return <p role="alert">This search cannot be shown: {problem}.</p>;
  return (
    <p>
      There is no search called <code>{params.name}</code>. <a href="/searches">All searches</a>
    </p>
  );
}
