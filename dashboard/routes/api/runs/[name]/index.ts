import type { Handlers } from "../../../../shared/route.ts";
import { noSuchRun } from "../../../../store/answers.ts";

/** A run, as `RunDetail`. */
export const handler: Handlers = {
  async GET({ params, state }) {
    const detail = await state.store.detail(params.name);
    return detail ? Response.json(detail) : noSuchRun();
  },
};
