import type { Handlers } from "../../../shared/route.ts";
import { refusal } from "../../../store/answers.ts";
import { hasSearch, readSearchOf } from "../../../store/searches.ts";

/** A search, as `Search` of lib/run_log/search/search.ts. */
export const handler: Handlers = {
  GET({ params: { name }, state }) {
    const { root } = state.store;
    if (!hasSearch(root, name)) return refusal(404, "there is no search of that name");
    const { search, problem } = readSearchOf(root, name);
    return search ? Response.json(search) : refusal(422, problem);
  },
};
