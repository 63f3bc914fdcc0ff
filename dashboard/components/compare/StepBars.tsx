/** How long a training step takes each back end: when warm, and the first time. */

import type { ContenderRecord } from "../../../lib/run_log/comparison/comparison.ts";
import type { RunColor } from "../../chart/run_colors.ts";
import { formatDuration } from "../../shared/format.ts";
import Bars from "../ui/Bars.tsx";

export interface ContenderBarsProps {
  readonly contenders: readonly ContenderRecord[];
  readonly colors: ReadonlyMap<string, RunColor>;
}

export default function StepBars({ contenders, colors }: ContenderBarsProps) {
  const bars = (valueOf: (contender: ContenderRecord) => number | null) =>
    contenders.map((contender) => {
      const value = valueOf(contender);
      return {
        label: contender.label,
        value,
        text: value === null && contender.error ? "failed" : formatDuration(value),
        color: colors.get(contender.label)?.color ?? 0,
        hatched: contender.software,
      };
    });
  return (
    <>
      <h3>Warm: a step</h3>
      <Bars label="A warm step" bars={bars(({ step }) => step?.medianMs ?? null)} />
      <h3>Cold: start, data and first step</h3>
      <Bars label="Until the first step is done" bars={bars(coldMs)} />
    </>
  );
}

/** From nothing until the first step is done; null where a part of it was not measured. */
function coldMs({ startMs, prepareMs, firstStepMs }: ContenderRecord): number | null {
  if (startMs === null || prepareMs === null || firstStepMs === null) return null;
  return startMs + prepareMs + firstStepMs;
}
