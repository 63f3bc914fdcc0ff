import type { Handlers } from "../../../../shared/route.ts";
import { noSuchRun } from "../../../../store/answers.ts";

/** The epochs of a run as columns of float64: the bytes that shared/curves.ts describes. */
export const handler: Handlers = {
  async GET({ params, state }) {
    const table = await state.store.table(params.name);
    if (!table) return noSuchRun();
    return new Response(table.curves.encode(), {
      headers: { "content-type": "application/octet-stream" },
    });
  },
};
