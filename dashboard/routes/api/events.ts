import { parsePositions } from "../../shared/positions.ts";
import type { Handlers } from "../../shared/route.ts";
import { MAX_FOLLOWED } from "../../shared/types.ts";
import { liveStream } from "../../store/live_stream.ts";

/** The live stream that shared/types.ts describes at `LiveEvent`. */
export const handler: Handlers = {
  GET({ req, url, state }) {
    const asked = url.searchParams.get("runs");
    // A browser that comes back by itself says it in a header, a page that was hidden meanwhile in its address.
    const lastId = req.headers.get("last-event-id") ?? url.searchParams.get("from") ?? "";
    const known = new Map(parsePositions(lastId).map(({ name, offset }) => [name, offset]));
    // The address says which runs; the id of the last event says how far the reader has come since.
    const runs = parsePositions(asked ?? "").filter(({ name }) => state.store.has(name))
      .slice(0, MAX_FOLLOWED)
      .map(({ name, offset }) => ({ name, offset: known.get(name) ?? offset }));
    if (asked && runs.length === 0) return new Response(null, { status: 204 });
    const change = /^@(\d{1,15})(,|$)/.exec(lastId)?.[1];
    const resume = { runs, change: change === undefined ? null : Number(change) };
    const headers = { "content-type": "text/event-stream" };
    // A stream that nobody reads would never end.
    if (req.method === "HEAD") return new Response(null, { headers });
    return new Response(liveStream(state.store, resume), { headers });
  },
};
