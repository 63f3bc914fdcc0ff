/** Tables and plots of what was measured. */
import type { DashboardFigure } from "./dashboard.ts";
import type { EdgeFigures } from "./edge.ts";
import type { ConvolutionFigures } from "./convolution.ts";
import type { EncodeFigures } from "./encode.ts";
import type { EpochFigures } from "./epoch.ts";
import type { KernelFigures } from "./kernels.ts";
import type { PeerComparison } from "./peers.ts";
import { barPlotSvg, linePlotSvg } from "../../lib/report/plots.ts";
import type { ScalingAxis } from "./scaling.ts";
import type { SmallFigures } from "./small.ts";
import type { StartFigures } from "./start.ts";
import type { TablesFigures } from "./tables.ts";
import { formatPercent } from "../../lib/report/format.ts";
import { digits, duration, percent, table, wrap } from "../../lib/report/table.ts";

/** @param limit GFLOP/s that one thread can do at most */
export function kernelTable(figures: readonly KernelFigures[], limit: number): string {
  const rows = figures.map(({ name, threads, simd, coldMs, warm, gflops, gigabytesPerSecond }) => [
    name,
    simd === "strict" ? `${threads} strict` : String(threads),
    coldMs === null ? "-" : duration(coldMs),
    duration(warm.median),
    duration(warm.best),
    gflops === null ? `${digits(gigabytesPerSecond!)} GB/s` : `${digits(gflops)} GFLOP/s`,
    gflops === null ? "" : percent(gflops / (limit * threads)),
  ]);
  return table(["kernel", "threads", "first", "median", "best", "speed", "of limit"], rows);
}

export function epochTable(figures: readonly EpochFigures[]): string {
  const heads = ["epoch of baseline", ...figures.map(({ threads }) => `threads: ${threads}`)];
  const row = (name: string, value: (of: EpochFigures) => number) => [
    name,
    ...figures.map((of) => duration(value(of))),
  ];
  const phases = Object.keys(figures[0].phasesMs) as (keyof EpochFigures["phasesMs"])[];
  return table(heads, [
    row("whole, median", ({ epoch }) => epoch.median),
    row("whole, best", ({ epoch }) => epoch.best),
    row("whole, the first", ({ coldMs }) => coldMs),
    ...phases.map((phase) => row(`  ${phase}`, ({ phasesMs }) => phasesMs[phase])),
  ]);
}

/** Steps of small networks: the median of each way, and the share that one thread takes of it. */
export function smallTable(figures: readonly SmallFigures[]): string {
  const rows = figures.flatMap(({ network, steps, jax }) => {
    const { median: alone } = steps["1 thread"];
    const ways = Object.entries(steps).map(([name, { median }]) => [name, median] as const);
    if (typeof jax === "number") ways.push(["jax-js", jax]);
    const measured = ways.map(([name, ms], i) => [
      i === 0 ? network : "",
      name,
      duration(ms),
      percent(alone / ms),
    ]);
    return typeof jax === "number" ? measured : [...measured, ["", `jax-js: ${jax}`, "-", ""]];
  });
  return table(["step of", "by", "median", "one thread takes"], rows);
}

export function convolutionTable(figures: readonly ConvolutionFigures[], limit: number): string {
  const rows = figures.flatMap(({ network, threads, flops, steps, missing }) => {
    const weft = steps[`${threads} threads`] ?? steps["1 thread"];
    const measured = Object.entries(steps).map(([name, { median, best }], i) => [
      i === 0 ? network : "",
      name,
      duration(median),
      duration(best),
      percent(flops / median / 1e6 / (limit * (name === "1 thread" ? 1 : threads))),
      digits(weft.median / median),
    ]);
    return [...measured, ...missing.map((reason) => ["", reason, "-", "-", "", ""])];
  });
  return table(["step of", "by", "median", "best", "of limit", "Weft, to it"], rows);
}

export function scalingTable(axis: ScalingAxis, limit: number): string {
  const rows = axis.points.map(({ at, medianMs, bestMs, gflops }) => [
    String(at),
    duration(medianMs),
    duration(bestMs),
    gflops === null ? "" : digits(gflops),
    gflops === null ? "" : percent(gflops / (limit * (axis.threads ?? at))),
  ]);
  return table([axis.title, `${axis.what}, median`, "best", "GFLOP/s", "of limit"], rows);
}

/** Where the time goes from the start of the process; medians, and the best of all. */
export function startTable({ steps, wholeMs, bestMs }: StartFigures): string {
  const rows = steps.map(({ name, medianMs }) => [`  ${name}`, duration(medianMs), ""]);
  return table(["start of training, data cached", "median", "best"], [
    ["until the first step", duration(wholeMs), duration(bestMs)],
    ...rows,
  ]);
}

export function encodeTable({ adapter, step: { median, spread, best } }: EncodeFigures): string {
  return table(["a step's dispatches: recorded, finished, submitted", "median", "spread", "best"], [
    [adapter, duration(median), duration(spread), duration(best)],
  ]);
}

/** Where there is an aim, whether it is met. */
export function dashboardTable(figures: readonly DashboardFigure[]): string {
  const rows = figures.map(({ name, unit, value, aim }) => {
    if (value === null) return [name, "-", "", ""];
    if (aim === null) return [name, `${digits(value)} ${unit}`, "", ""];
    const [sign, isMet] = unit === "1/s" ? [">", value > aim] : ["<", value < aim];
    return [name, `${digits(value)} ${unit}`, `${sign} ${aim} ${unit}`, isMet ? "met" : "missed"];
  });
  const notes = figures.filter(({ reason }) => reason !== undefined)
    .map(({ name, reason }) => wrap(`not measured: ${name}: ${reason}`));
  return [table(["dashboard", "value", "aim", ""], rows), ...notes].join("\n");
}

export function edgeTable(figures: EdgeFigures): string {
  const { codeBytes, modelBytes, int8Bytes, coldStart, firstAnswerMs, handler, load } = figures;
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  const spread = ({ median, best }: EdgeFigures["coldStart"]) => [duration(median), duration(best)];
  return table(["predictor for the edge", "median", "best"], [
    ["code: module and kernels", kilobytes(codeBytes), ""],
    ["model, float32", kilobytes(modelBytes), ""],
    ["model, int8", kilobytes(int8Bytes), ""],
    ["right on the test set", formatPercent(figures.accuracy), ""],
    ["workerd: from its start to its first answer", ...spread(coldStart)],
    ["  from when it listens", duration(firstAnswerMs), ""],
    ["the handler, one image", ...spread(handler)],
    ["workerd on one core: answers a second", digits(load.answers / load.seconds), ""],
    ["  from request to answer, 16 connections", duration(load.medianMs), ""],
    ["  99 of 100 within", duration(load.p99Ms), ""],
    [`  wrong or missing, of ${load.answers}`, String(load.errors), ""],
  ]);
}

/** The last columns are Weft's medians over the peer's: below 1, Weft is faster. */
export function peerTable({ weft, peers, missing }: PeerComparison): string {
  const heads = ["epoch of baseline", "median", "spread", "best"];
  heads.push(...weft.map(({ threads }) => `Weft ${threads} / it`));
  const rows = weft.map(({ threads, epoch }) => [
    `Weft, threads: ${threads}`,
    duration(epoch.median),
    duration(epoch.spread),
    duration(epoch.best),
    ...weft.map((other) => (other.epoch.median / epoch.median).toFixed(2)),
  ]);
  for (const { name, epoch } of peers) {
    const ratios = weft.map((own) => (own.epoch.median / epoch.median).toFixed(3));
    rows.push([
      name,
      duration(epoch.median),
      duration(epoch.spread),
      duration(epoch.best),
      ...ratios,
    ]);
  }
  const notes = peers.map(({ name, note }) => wrap(`${name}: ${note}`));
  return [table(heads, rows), ...notes, ...missing.map((reason) => wrap(`not measured: ${reason}`))]
    .join("\n");
}

export function scalingPlot(axis: ScalingAxis): string {
  const { title, what, points } = axis;
  return linePlotSvg({
    title: `Time of ${what === "step" ? "a training step" : "an epoch"}`,
    xName: title,
    yName: "milliseconds",
    series: [
      { name: "median", points: points.map(({ at, medianMs }) => [at, medianMs]) },
      { name: "best", points: points.map(({ at, bestMs }) => [at, bestMs]) },
    ],
  });
}

export function peerPlot({ weft, peers }: PeerComparison): string {
  return barPlotSvg({
    title: "An epoch of baseline",
    xName: "milliseconds, median",
    bars: [
      ...weft.map(({ threads, epoch }) => [`Weft, threads: ${threads}`, epoch.median] as const),
      ...peers.map(({ name, epoch }) => [name, epoch.median] as const),
    ],
  });
}

/** Means over test quarters; the lead is Weft's over the better of scikit-learn's two. */
export function tableQualityTable({ version, quality }: TablesFigures): string {
  const number = (value: number) => value.toFixed(3);
  const rows = quality.map(({ name, part, rows, metric, weft, linear, mlp, spread }) => {
    const lead = weft - Math.max(linear, mlp);
    return [
      `${name}, ${part} quarter`,
      String(rows),
      metric,
      number(weft),
      number(linear),
      number(mlp),
      `${lead < 0 ? "" : "+"}${number(lead)} ± ${number(spread)}`,
    ];
  });
  const heads = [`scikit-learn ${version}`, "rows", "metric", "Weft", "linear", "MLP", "lead"];
  return table(heads, rows);
}

export function tableStepsTable({ steps }: TablesFigures): string {
  const rows = steps.map(({ name, batch, weft, same, byDefault }) => [
    name,
    String(batch),
    duration(weft),
    duration(same),
    percent(weft / same),
    duration(byDefault),
    percent(weft / byDefault),
  ]);
  const heads = ["a step", "batch", "Weft", "MLP alike", "Weft takes", "MLP by default", "of it"];
  return table(heads, rows);
}
