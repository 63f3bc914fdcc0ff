/** What the page on back ends shows of a comparison, every field of which the reader has checked. */

import type {
  Comparison,
  ContenderRecord,
  CrossoverRecord,
  CurveAxis,
  CurveRecord,
  KernelRecord,
} from "../../lib/run_log/comparison/comparison.ts";

interface CurveView {
  readonly contender: string;
  /** Rising. */
  readonly at: Float64Array;
  readonly ms: Float64Array;
}

export interface ComparisonView {
  /** `784-100-10, batches of 256`. */
  readonly network: string;
  readonly machine: string;
  readonly curves: Readonly<Record<CurveAxis, readonly CurveView[]>>;
  /** In sentences, by axis. */
  readonly crossovers: Readonly<Record<CurveAxis, readonly string[]>>;
}

/** What the axes are called, and their unit. */
export const AXIS_NAMES: Readonly<Record<CurveAxis, readonly [name: string, unit: string]>> = {
  batch: ["batch size", "rows"],
  width: ["hidden layer", "units"],
};

/** In the order in which they are drawn. */
export const AXES: readonly CurveAxis[] = ["batch", "width"];

export function viewOf(
  { network: { layers, batchSize }, environment, curves, crossovers }: Comparison,
): ComparisonView {
  const { cpus, os, arch, deno } = environment;
  const byAxis = <T>(make: (axis: CurveAxis) => T) =>
    Object.fromEntries(AXES.map((axis) => [axis, make(axis)])) as Record<CurveAxis, T>;
  return {
    network: `${layers.join("-")}, batches of ${batchSize}`,
    machine: `${cpus} processors, ${os} ${arch}, Deno ${deno}`,
    curves: byAxis((axis) => curves.filter((curve) => curve.axis === axis).map(toCurve)),
    crossovers: byAxis((axis) =>
      crossovers.filter((crossover) => crossover.axis === axis).map(sentence)
    ),
  };
}

/** Every kernel at every shape, as in `gemm 256x784x100`, and what each contender takes for it. */
export function kernelRows(
  contenders: readonly ContenderRecord[],
): readonly { readonly name: string; readonly of: ReadonlyMap<string, KernelRecord> }[] {
  const rows = new Map<string, Map<string, KernelRecord>>();
  for (const { label, kernels } of contenders) {
    for (const record of kernels) {
      const name = `${record.kernel} ${record.shape}`;
      if (!rows.has(name)) rows.set(name, new Map());
      rows.get(name)!.set(label, record);
    }
  }
  return [...rows].map(([name, of]) => ({ name, of }));
}

/** Logarithmic axes have no place for what is not positive, and a curve one point at each. */
function toCurve({ contender, points }: CurveRecord): CurveView {
  const usable = points.filter(({ at }) => at > 0)
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at }, i, all) => at !== all[i - 1]?.at);
  return {
    contender,
    at: Float64Array.from(usable, ({ at }) => at),
    ms: Float64Array.from(usable, ({ time }) => time.medianMs ?? NaN),
  };
}

function sentence({ axis, contender, overtakes, at, staysAhead }: CrossoverRecord): string {
  const [, unit] = AXIS_NAMES[axis];
  if (at === null) return `${contender} overtakes ${overtakes} nowhere in this range.`;
  const stays = staysAhead ? ", and stays ahead" : ", but not for good";
  return `${contender} overtakes ${overtakes} at about ${Math.round(at)} ${unit}${stays}.`;
}
