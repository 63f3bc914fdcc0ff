/** How a run stands, in a word and a sign; color only underlines it. */

import type { RunState } from "../../shared/types.ts";

const SIGNS: Readonly<Record<RunState, string>> = {
  running: "●",
  stalled: "‖",
  completed: "✓",
  interrupted: "■",
  diverged: "∞",
  failed: "✗",
  unreadable: "?",
};

const MEANINGS: Readonly<Record<RunState, string>> = {
  running: "It is training",
  stalled: "It has stopped writing without saying that it ended",
  completed: "All epochs are done",
  interrupted: "It was stopped before its last epoch",
  diverged: "Its loss is no longer finite",
  failed: "It ended with an error",
  unreadable: "Its log cannot be read",
};

interface Props {
  readonly state: RunState;
  /** Why its network has learned nothing, where it has not. */
  readonly useless?: string | null;
}

export default function StatusBadge({ state, useless }: Props) {
  if (useless) {
    return (
      <span class="badge badge-useless" title={useless}>
        <span aria-hidden="true">≈</span> at chance
      </span>
    );
  }
  return (
    <span class={`badge badge-${state}`} title={MEANINGS[state]}>
      <span aria-hidden="true">{SIGNS[state]}</span> {state}
    </span>
  );
}
