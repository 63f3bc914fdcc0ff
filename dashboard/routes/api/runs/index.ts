import type { Handlers } from "../../../shared/route.ts";

/** All runs, as `RunSummary[]`, the one that started last first. */
export const handler: Handlers = {
  GET: ({ state }) => Response.json(state.store.summaries()),
};
