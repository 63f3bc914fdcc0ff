/** Which network a run hands over once it has stopped. */
import type { Network } from "../nn/network.ts";
import type { Tensors } from "../nn/tensors.ts";
import type { StopReason } from "./events.ts";
import type { Outcome } from "./result.ts";
import type { RunPosition } from "./run_position.ts";
import type { TrainingSession } from "./session.ts";

/** The best network, or the last one; null where none had finite losses. */
export async function outcomeOf(
  session: TrainingSession,
  position: RunPosition,
  network: Network,
  stoppedBy: StopReason | null,
): Promise<Outcome | null> {
  const last = await lastNetwork(session, position, network, stoppedBy);
  const { input, targetMap } = session;
  const maps = { input, targetMap };
  const { epoch, batch, best: { best, tensors } } = position;
  if (!last || !best || !tensors) return last && { ...last, last: null, ...maps };
  const isLast = batch === 0 && best.epoch === epoch;
  return { tensors, validation: best, last: isLast ? null : last.tensors, ...maps };
}

/** The network as it is, or as the last epoch with finite losses left it. */
async function lastNetwork(
  session: TrainingSession,
  position: RunPosition,
  network: Network,
  stoppedBy: StopReason | null,
): Promise<Pick<Outcome, "tensors" | "validation"> | null> {
  if (stoppedBy === "interruption") {
    const tensors = await session.networkTensors();
    // An interruption may come in the middle of an epoch that diverges.
    if (isFinite(network, tensors)) {
      return { tensors, validation: await session.validate(await session.penalty()) };
    }
  }
  return position.lastGood;
}

/** Whether a model of these tensors has neither NaN nor infinity. */
export function isFinite(network: Network, tensors: Tensors): boolean {
  return [...network.fold(tensors).values()].every((values) => values.every(Number.isFinite));
}
