import type { Handlers } from "../../shared/route.ts";
import { readGroups } from "../../store/groups.ts";

/** Which of the listed runs belong together, as `Groups`. */
export const handler: Handlers = {
  GET: async ({ state }) => Response.json(await readGroups(state.store)),
};
