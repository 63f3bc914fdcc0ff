/** Where the time of the epochs went. */

import { formatDuration, formatPercent } from "../../shared/format.ts";
import Bars from "../ui/Bars.tsx";

interface Props {
  /** Milliseconds of all epochs that are counted. */
  readonly phases: readonly (readonly [name: string, ms: number])[];
}

export default function Phases({ phases }: Props) {
  const total = phases.reduce((sum, [, ms]) => sum + ms, 0);
  if (total === 0) return <p class="note">The log holds no timings of phases.</p>;
  const ordered = [...phases].sort(([, a], [, b]) => b - a);
  return (
    <Bars
      label="Time by phase"
      full={ordered[0][1]}
      bars={ordered.map(([name, ms]) => ({
        label: name,
        value: ms,
        text: `${formatDuration(ms)} · ${formatPercent(ms / total, 1)}`,
        color: 0,
      }))}
    />
  );
}
