import type { Handlers } from "../../../../shared/route.ts";
import { noSuchRun, refusal } from "../../../../store/answers.ts";
import { hasInspection, readInspectionOf } from "../../../../store/inspections.ts";

/**
 * A run's mistakes and weights as images, as `Inspection` of lib/run_log/inspection/inspection.ts. With `?soon` a file that is
 * not there yet is no error, which a browser would put into its console.
 */
export const handler: Handlers = {
  GET({ params, state, url }) {
    if (!state.store.has(params.name)) return noSuchRun();
    if (url.searchParams.has("soon") && !hasInspection(state.store.root, params.name)) {
      return new Response(null, { status: 204 });
    }
    const { inspection, problem } = readInspectionOf(state.store.root, params.name);
    return inspection ? Response.json(inspection) : refusal(404, problem);
  },
};
