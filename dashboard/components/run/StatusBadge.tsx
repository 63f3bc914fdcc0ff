/** How a run stands, in a word and a sign; color only underlines it. */

import type { RunState as OwnState } from "../../shared/types.ts";

/** Of a run, or of a trial of a search: better ones continued in its place. */
type RunState = OwnState | "dropped";

const SIGNS: Readonly<Record<RunState, string>> = {
  running: "●",
  stalled: "‖",
  completed: "✓",
  interrupted: "■",
  dropped: "↓",
  diverged: "∞",
  failed: "✗",
  unreadable: "?",
};

const MEANINGS: Readonly<Record<RunState, string>> = {
  running: "It is training",
  stalled: "It has stopped writing without saying that it ended",
  completed: "All epochs are done",
  dropped: "Its search continued with better ones in its place",
  interrupted: "It was stopped before its last epoch",
  diverged: "Its loss is no longer finite",
  failed: "It ended with an error",
  unreadable: "Its log cannot be read",
};

interface Props {
  /** A word that is not known has no sign. */
  readonly state: RunState | string;
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
    <span class={`badge badge-${state}`} title={MEANINGS[state as RunState]}>
      <span aria-hidden="true">{SIGNS[state as RunState]}</span> {state}
    </span>
  );
}
