/** What a comparison says at its end, in lines of at most 80 columns. */
import { printable, truncate } from "../../report/display_width.ts";
import { formatCount } from "../../report/format.ts";
import { digits, duration, percent, table, wrap } from "../../report/table.ts";
import {
  type Comparison,
  type ContenderRecord,
  type CrossoverRecord,
  CURVE_AXES,
  type CurveAxis,
  type TimingRecord,
} from "../../run_log/comparison/comparison.ts";
import type { Measured } from "../../run_log/run/records.ts";
import { fastestWasm, kernelNames, kernelOf } from "./kernels.ts";

/** Stands where there is no number to show. */
const NOTHING = "-";
const LABEL_WIDTH = 20;

export function comparisonReport(comparison: Comparison): string {
  const { contenders, status } = comparison;
  const sections = [
    heading(comparison),
    speedTable(contenders),
    beginningTable(comparison),
    notes(contenders),
    kernelTable(contenders),
    ...CURVE_AXES.map((axis) => curveTable(comparison, axis)),
  ];
  if (status === "interrupted") sections.push("interrupted: what had been measured by then");
  return sections.filter((section) => section !== "").join("\n\n");
}

function heading({ network, dataset, environment }: Comparison): string {
  const limit = environment.multiplyAddGflops;
  return [
    `${network.layers.join("-")} ${network.activation}, batches of ${network.batchSize}, ` +
    `${formatCount(dataset.train)} training rows of ${printable(dataset.name)}`,
    `${environment.cpus} processors; 128-bit multiply-adds of one thread: at most ` +
    (limit === null ? "unknown" : `${digits(limit)} GFLOP/s`),
  ].map(wrap).join("\n");
}

function speedTable(contenders: readonly ContenderRecord[]): string {
  return table(
    ["medians", "step", "epoch", "samples/s", "GFLOP/s", "of limit"],
    contenders.map(({ label, step, epoch, samplesPerSecond, gflops, shareOfLimit }) => [
      labelText(label),
      withSpread(step),
      withSpread(epoch),
      formatCount(samplesPerSecond),
      gflops === null ? NOTHING : digits(gflops),
      shareOfLimit === null ? NOTHING : percent(shareOfLimit),
    ]),
  );
}

function beginningTable({ contenders, check }: Comparison): string {
  const lines = table(
    ["", "start", "first step", "memory", "buffers", "losses", "weights"],
    contenders.map((contender) => [
      labelText(contender.label),
      time(contender.startMs),
      time(contender.firstStepMs),
      megabytes(contender.peakMemoryBytes),
      megabytes(contender.bufferBytes),
      difference(contender.lossDifference),
      difference(contender.weightDifference),
    ]),
  );
  const remarks: string[] = [];
  if (contenders.some(({ backend }) => backend === "wasm")) {
    remarks.push("start and first step: the first row of a wasm build also compiles it");
  }
  if (check) {
    remarks.push(
      "losses (nats) and weights: largest difference from the reference after " +
        `${check.steps} steps of ${check.batchSize} rows; memory: by how much the process grew`,
    );
  }
  return [lines, ...remarks.map(wrap)].join("\n");
}

/** What is to be known of a contender besides its numbers. */
function notes(contenders: readonly ContenderRecord[]): string {
  return contenders.flatMap((contender) => {
    const { label, adapter, software, step, encodeMs, deviceMs, error } = contender;
    const lines: string[] = [];
    if (adapter !== null) {
      lines.push(
        software
          ? `${label} is ${adapter}: it computes on the processor, and its times are no GPU's`
          : `${label} is ${adapter}; no limit is known of it`,
      );
    }
    if (adapter !== null && step && encodeMs !== null) {
      const device = deviceMs === null ? "" : `, and the device ${duration(deviceMs)}`;
      lines.push(
        `${label}: of a step's ${time(step.medianMs)}, encoding takes ` +
          `${duration(encodeMs)} of the processor${device}`,
      );
    }
    if (error !== undefined) lines.push(`${label}: not measured to the end: ${error}`);
    return lines.map((line) => wrap(printable(line)));
  }).join("\n");
}

/** The reference, the fastest WebAssembly contender and the first adapter: more have no room. */
function kernelTable(contenders: readonly ContenderRecord[]): string {
  const first = (backend: string) =>
    contenders.find((contender) => contender.backend === backend && contender.kernels.length > 0);
  const shown = [first("reference"), fastestWasm(contenders), first("webgpu")]
    .filter((contender) => contender !== undefined && contender !== null)
    .filter(({ kernels }) => kernels.length > 0);
  if (shown.length === 0) return "";
  return table(
    ["kernel, median of a call", ...shown.map(({ label }) => labelText(label))],
    kernelNames(shown).map((name) => [
      truncate(name, 30),
      ...shown.map((contender) => time(kernelOf(contender, name)?.time.medianMs ?? null)),
    ]),
  );
}

function curveTable({ curves, crossovers }: Comparison, axis: CurveAxis): string {
  const here = curves.filter((curve) => curve.axis === axis).slice(0, 3);
  if (here.length === 0) return "";
  const sizes = [...new Set(here.flatMap(({ points }) => points.map(({ at }) => at)))]
    .sort((a, b) => a - b);
  const lines = table(
    [
      axis === "batch" ? "step, by batch" : "step, by width",
      ...here.map(({ contender }) => labelText(contender)),
    ],
    sizes.map((size) => [
      formatCount(size),
      ...here.map(({ points }) => time(points.find(({ at }) => at === size)?.time.medianMs)),
    ]),
  );
  const range = `${axis} ${formatCount(sizes[0])} to ${formatCount(sizes[sizes.length - 1])}`;
  const crossings = crossovers.filter((crossing) => crossing.axis === axis)
    .map((crossing) => wrap(crossoverLine(crossing, range)));
  return [lines, ...crossings].join("\n");
}

function crossoverLine(crossing: CrossoverRecord, range: string): string {
  const { axis, contender, overtakes, at, staysAhead } = crossing;
  if (at === null) return `${contender} overtakes ${overtakes} nowhere in this range (${range})`;
  return `${contender} overtakes ${overtakes} at ${axis} ${formatCount(at)}` +
    (staysAhead ? " and stays ahead" : ", but does not stay ahead") + ` (${range})`;
}

function labelText(label: string): string {
  return truncate(printable(label), LABEL_WIDTH);
}

function time(ms: Measured | undefined): string {
  return ms === null || ms === undefined ? NOTHING : duration(ms);
}

/** The spread as a part of the median. */
function withSpread(timing: TimingRecord | null): string {
  if (!timing || timing.medianMs === null) return NOTHING;
  const { medianMs, spreadMs, measurements } = timing;
  if (measurements === 1) return duration(medianMs);
  return `${duration(medianMs)} ±${percent((spreadMs ?? 0) / (medianMs || 1))}`;
}

function megabytes(bytes: Measured): string {
  return bytes === null ? NOTHING : `${digits(bytes / 1e6)} MB`;
}

function difference(value: Measured): string {
  if (value === null) return NOTHING;
  return value === 0 ? "0" : value.toExponential(1);
}
