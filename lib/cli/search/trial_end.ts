/** When a run that is a trial of a search ends before its last epoch. */

import { host } from "../../host/mod.ts";
import { InterruptedError } from "../interruption.ts";

export interface TrialEnd {
  /** Aborted where it shall end; never for a run that is no trial. */
  readonly signal: AbortSignal;
  /** To be called whenever so many epochs are complete. */
  readonly afterEpoch: (epochs: number) => void;
}

/**
 * A trial makes way after an epoch, and when its standard input ends: the search closes it to tell its trials to stop, and
 * the system does where the search was killed. Unlike a signal, that works everywhere, and Ctrl-C, which reaches both the
 * search and its trials, is not counted twice.
 *
 * @param until the epoch; undefined for a run that is no trial
 * @param epochs of the run: after its last one it is completed, and not interrupted
 */
export function trialEnd(until: number | undefined, epochs: number): TrialEnd {
  const controller = new AbortController();
  if (until === undefined) return { signal: controller.signal, afterEpoch: () => {} };
  // Thrown where it has not begun: then it leaves no folder, which would be in the way when the search continues.
  const reason = new InterruptedError("The search has told this trial to stop before it began");
  const end = () => controller.abort(reason);
  drain(host.stdin.readable).then(end, end);
  return {
    signal: controller.signal,
    afterEpoch: (done) => {
      if (done >= until && done < epochs) end();
    },
  };
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}
