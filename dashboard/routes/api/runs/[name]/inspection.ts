import type { Handlers } from "../../../../shared/route.ts";
import { noSuchRun, refusal } from "../../../../store/answers.ts";
import { readInspectionOf } from "../../../../store/inspections.ts";

/** A run's mistakes and weights as images, as `Inspection` of lib/run_log/inspection/inspection.ts. */
export const handler: Handlers = {
  GET({ params, state }) {
    if (!state.store.has(params.name)) return noSuchRun();
    const { inspection, problem } = readInspectionOf(state.store.root, params.name);
    return inspection ? Response.json(inspection) : refusal(404, problem);
  },
};
