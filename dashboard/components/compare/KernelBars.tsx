/** How long one call of a kernel takes each back end. One kernel at a time, for a step has dozens. */

import { useState } from "preact/hooks";
import type { KernelRecord } from "../../../lib/run_log/comparison/comparison.ts";
import { kernelRows } from "../../live/backends.ts";
import { formatDuration, formatNumber } from "../../shared/format.ts";
import Bars from "../ui/Bars.tsx";
import type { ContenderBarsProps } from "./StepBars.tsx";

/** Kernels that are drawn before one asks for all. */
const FIRST = 4;

export default function KernelBars({ contenders, colors }: ContenderBarsProps) {
  const [all, setAll] = useState(false);
  // What takes longest comes first.
  const longest = (of: ReadonlyMap<string, KernelRecord>) =>
    Math.max(0, ...[...of.values()].map(({ time }) => time.medianMs ?? 0));
  const rows = [...kernelRows(contenders)].sort((a, b) => longest(b.of) - longest(a.of));
  if (rows.length === 0) return <p class="note">No kernel was measured by itself.</p>;
  return (
    <>
      {rows.slice(0, all ? rows.length : FIRST).map(({ name, of }) => (
        <div key={name} class="bar-group">
          <h3>{name}</h3>
          <Bars
            label={name}
            bars={contenders.filter(({ label }) =>
              of.has(label)
            ).map(({ label, software }) => {
              const { time: { medianMs }, gflops } = of.get(label)!;
              return {
                label,
                value: medianMs,
                text: formatDuration(medianMs) +
                  (gflops === null ? "" : ` · ${formatNumber(gflops)} GFLOP/s`),
                color: colors.get(label)?.color ?? 0,
                hatched: software,
              };
            })}
          />
        </div>
      ))}
      {rows.length > FIRST && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? "Show fewer" : `Show all ${rows.length} kernels`}
        </button>
      )}
    </>
  );
}
