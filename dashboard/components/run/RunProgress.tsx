/** How far a run is, and how long it still takes; the window's title says it too. */

import { useEffect } from "preact/hooks";
import type { RunModel } from "../../live/run_model.ts";
import { formatCount, formatDuration } from "../../shared/format.ts";

/** Epochs of which the time of the next ones follows. */
const RECENT = 10;

export default function RunProgress({ model }: { readonly model: RunModel }) {
  const { curves, run, end, state, name } = model;
  const asked = run?.config.epochs;
  const done = curves.lastEpoch;
  const isRunning = end === null && state === "running" && typeof asked === "number" && asked > 0;
  const percent = isRunning ? Math.min(100, Math.floor(100 * done / asked)) : null;
  useEffect(() => {
    const before = document.title;
    if (percent !== null) document.title = `${percent} % ${name}`;
    return () => void (document.title = before);
  }, [percent, name]);
  if (!isRunning) return null;
  return (
    <div class="progress">
      <progress max={asked} value={done} aria-label="Epochs" />
      <span>
        epoch {formatCount(done)} of {formatCount(asked)}
        {left(curves.column("elapsedMs"), asked - done)}
      </span>
    </div>
  );
}

/** ", 3 s left at most": the patience may end it before. */
function left(elapsed: Float64Array, epochs: number): string {
  const recent = elapsed.subarray(-RECENT - 1);
  if (recent.length < 2 || epochs <= 0) return "";
  const ms = (recent[recent.length - 1] - recent[0]) / (recent.length - 1);
  return Number.isFinite(ms) && ms >= 0 ? `, ${formatDuration(ms * epochs)} left at most` : "";
}
