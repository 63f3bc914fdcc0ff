/**
 * What the page on back ends shows of a `compare.json` (lib/run_log/compare_schema.ts). The file may come from a stranger or
 * a later version: what is missing or of another kind is left out, and nothing throws.
 */

import type { CurveAxis } from "../../lib/run_log/compare_schema.ts";

export interface ContenderView {
  readonly label: string;
  readonly adapter: string | null;
  /** Its GPU is a program on the processor: its times say nothing of any GPU. */
  readonly software: boolean;
  readonly error: string | null;
  /** Making it, bringing the data, the first step: milliseconds. */
  readonly startMs: number | null;
  readonly prepareMs: number | null;
  readonly firstStepMs: number | null;
  readonly stepMs: number | null;
  readonly epochMs: number | null;
  readonly samplesPerSecond: number | null;
  readonly gflops: number | null;
  readonly shareOfLimit: number | null;
  readonly validationAccuracy: number | null;
  readonly kernels: readonly KernelView[];
}

export interface KernelView {
  /** `gemm 256x784x100`. */
  readonly name: string;
  readonly ms: number | null;
  readonly gflops: number | null;
}

export interface CurveView {
  readonly contender: string;
  /** Rising. */
  readonly at: Float64Array;
  readonly ms: Float64Array;
}

export interface ComparisonView {
  readonly name: string;
  readonly startedAt: string | null;
  readonly status: string;
  /** `784-100-10, batches of 256`. */
  readonly network: string;
  readonly machine: string;
  readonly contenders: readonly ContenderView[];
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

/** Honest lists are far shorter. */
const MAX_ITEMS = 200;

/** Null for what is no comparison at all. */
export function viewOf(value: unknown): ComparisonView | null {
  const record = fields(value);
  if (record.type !== "comparison") return null;
  const network = fields(record.network);
  const environment = fields(record.environment);
  const curves = items(record.curves).map(fields);
  const crossovers = items(record.crossovers).map(fields);
  const byAxis = <T>(make: (axis: CurveAxis) => T) =>
    Object.fromEntries(AXES.map((axis) => [axis, make(axis)])) as Record<CurveAxis, T>;
  return {
    name: text(record.name) ?? "",
    startedAt: text(record.startedAt),
    status: text(record.status) ?? "",
    network: [
      items(network.layers).map(amount).filter((units) => units !== null).join("-"),
      `batches of ${amount(network.batchSize) ?? "?"}`,
    ].filter(Boolean).join(", "),
    machine: [
      `${amount(environment.cpus) ?? "?"} processors`,
      [text(environment.os), text(environment.arch)].filter(Boolean).join(" "),
      `Deno ${text(environment.deno) ?? "?"}`,
    ].filter(Boolean).join(", "),
    contenders: items(record.contenders).map(toContender),
    curves: byAxis((axis) => curves.filter((curve) => curve.axis === axis).map(toCurve)),
    crossovers: byAxis((axis) =>
      crossovers.filter((crossover) => crossover.axis === axis).map((crossover) =>
        sentence(axis, crossover)
      )
    ),
  };
}

/** Every kernel at every shape, and what each contender takes for it. */
export function kernelRows(
  contenders: readonly ContenderView[],
): readonly { readonly name: string; readonly of: ReadonlyMap<string, KernelView> }[] {
  const names = new Set(contenders.flatMap(({ kernels }) => kernels.map(({ name }) => name)));
  return [...names].map((name) => ({
    name,
    of: new Map(contenders.flatMap(({ label, kernels }) => {
      const kernel = kernels.find((candidate) => candidate.name === name);
      return kernel ? [[label, kernel] as const] : [];
    })),
  }));
}

function toContender(value: unknown): ContenderView {
  const record = fields(value);
  return {
    label: text(record.label) ?? "?",
    adapter: text(record.adapter),
    software: record.software === true,
    error: text(record.error),
    startMs: amount(record.startMs),
    prepareMs: amount(record.prepareMs),
    firstStepMs: amount(record.firstStepMs),
    stepMs: amount(fields(record.step).medianMs),
    epochMs: amount(fields(record.epoch).medianMs),
    samplesPerSecond: amount(record.samplesPerSecond),
    gflops: amount(record.gflops),
    shareOfLimit: amount(record.shareOfLimit),
    validationAccuracy: amount(record.validationAccuracy),
    kernels: items(record.kernels).map(fields).map((kernel) => ({
      name: [text(kernel.kernel), text(kernel.shape)].filter(Boolean).join(" "),
      ms: amount(fields(kernel.time).medianMs),
      gflops: amount(kernel.gflops),
    })),
  };
}

function toCurve(curve: Fields): CurveView {
  const points = items(curve.points).map(fields)
    .map(({ at, time }) => ({ at: amount(at), ms: amount(fields(time).medianMs) }))
    .filter((point): point is { at: number; ms: number | null } => (point.at ?? 0) > 0)
    .sort((a, b) => a.at - b.at)
    .filter(({ at }, i, all) => at !== all[i - 1]?.at);
  return {
    contender: text(curve.contender) ?? "?",
    at: Float64Array.from(points, ({ at }) => at),
    ms: Float64Array.from(points, ({ ms }) => ms ?? NaN),
  };
}

function sentence(axis: CurveAxis, crossover: Fields): string {
  const [, unit] = AXIS_NAMES[axis];
  const [contender, other] = [text(crossover.contender) ?? "?", text(crossover.overtakes) ?? "?"];
  const at = amount(crossover.at);
  if (at === null) return `${contender} overtakes ${other} nowhere in this range.`;
  const stays = crossover.staysAhead === true ? ", and stays ahead" : ", but not for good";
  return `${contender} overtakes ${other} at about ${Math.round(at)} ${unit}${stays}.`;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : [];
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 200) : null;
}

function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
