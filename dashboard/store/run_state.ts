/** How a run stands, as far as its log says so. */

import type { EndRecord } from "../../lib/run_log/run/records.ts";
import type { RunState } from "../shared/types.ts";

/** Between two lines of a log that is well, besides what its epochs take. */
const PATIENCE_MS = 30_000;

/** Before the first epoch, whose length nobody knows yet. */
const FIRST_EPOCH_MS = 90_000;

/** What the state is made of. */
interface StateFacts {
  readonly hasRun: boolean;
  readonly end: Pick<EndRecord, "status"> | null;
  /** Of the last epoch; null before the first. */
  readonly epochMs: number | null;
  /** When the log was last written to, in milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** @param now milliseconds since 1970 */
export function stateOf({ hasRun, end, epochMs, modifiedAt }: StateFacts, now: number): RunState {
  if (!hasRun) return "unreadable";
  if (end) return end.status;
  // An epoch may take longer than the last one: other programs, a laptop that is closed for a moment.
  const patience = PATIENCE_MS + 3 * (epochMs ?? FIRST_EPOCH_MS / 3);
  // A log from the future is not being written either: a clock was set back, or a file came from elsewhere.
  return Math.abs(now - modifiedAt) > patience ? "stalled" : "running";
}
