/** How a trial stands, or a search, in a word and a sign; color only underlines it. */

import type { SearchStatus, TrialStatus } from "../../../lib/run_log/search/search.ts";

type Status = TrialStatus | SearchStatus;

/** A sign, the badge whose color it has, and what it means. */
const LOOKS: Readonly<Record<Status, readonly [sign: string, like: string, meaning: string]>> = {
  waiting: ["…", "unknown", "It waits for its turn, or for the others of its rung"],
  running: ["●", "running", "It is training, or its search was killed"],
  dropped: ["↓", "unknown", "Better ones continued in its place"],
  completed: ["✓", "completed", "All is done"],
  diverged: ["∞", "diverged", "Its loss is no longer finite"],
  failed: ["✗", "failed", "It ended with an error"],
  interrupted: ["■", "interrupted", "It was stopped"],
  "out-of-time": ["⏱", "interrupted", "Its time is over"],
};

export default function TrialBadge({ status }: { readonly status: Status }) {
  const [sign, like, meaning] = LOOKS[status];
  return (
    <span class={`badge badge-${like}`} title={meaning}>
      <span aria-hidden="true">{sign}</span> {status.replaceAll("-", " ")}
    </span>
  );
}
