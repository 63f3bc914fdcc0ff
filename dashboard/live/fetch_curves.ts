/** Brings a long run's curves, of which its page has only the end. */

import { decodeCurves } from "../shared/curves.ts";
import { curvesAddress } from "../shared/positions.ts";
import type { RunModel } from "./run_model.ts";

/**
 * Puts all of a run's curves into its model. Where the model begins anew meanwhile, because the log does or because the
 * server has read more of it, what comes belongs to something else and is asked for again.
 *
 * @param ask stands for the network in tests
 * @throws where the server does not answer
 */
export async function fetchCurves(
  model: RunModel,
  ask: (address: string) => Promise<Response> = fetch,
): Promise<void> {
  for (;;) {
    const { curves } = model;
    const response = await ask(curvesAddress(model.name));
    if (!response.ok) throw new Error(response.statusText);
    const bytes = await response.arrayBuffer();
    if (model.curves === curves) return model.backfill(decodeCurves(bytes, curves.names));
  }
}
