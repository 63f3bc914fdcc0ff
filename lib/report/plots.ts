/** Plots of measurements as SVG pictures; see svg_chart.ts. */

import type { LineSeriesOption } from "echarts";
import { AXIS, chartSvg, LEGEND, TEXT } from "./svg_chart.ts";

/** Told apart without colour too. */
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"] as const;
const DASHES = ["solid", "dashed", "dotted"] as const;

/** Pixels of a bar, with what is left free around it; and between groups of bars, and around them all. */
const BAR = 13;
const GROUP_GAP = 10;
const FRAME = 176;

export interface LinePlot {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
  /** Where to draw an upright line, with what it says. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}

export interface BarPlot {
  readonly title: string;
  readonly xName: string;
  /** From the top down. */
  readonly bars: readonly (readonly [name: string, value: number])[];
}

export interface GroupedBarPlot {
  readonly title: string;
  readonly xName: string;
  /** From the top down. */
  readonly groups: readonly string[];
  /** One bar a group; null where there is none. */
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
  }[];
}

/** Lines over two logarithmic axes: where cost grows with size, its slope is the power. */
export function linePlotSvg({ title, xName, yName, series, marks = [] }: LinePlot): string {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const lines = series.map(({ name, points }, i): LineSeriesOption => ({
    type: "line",
    name,
    data: points.map(([x, y]) => [x, y]),
    symbol: SYMBOLS[i % SYMBOLS.length],
    symbolSize: 8,
    lineStyle: { width: 2, type: DASHES[i % DASHES.length] },
  }));
  if (lines.length > 0 && marks.length > 0) {
    lines[0].markLine = {
      symbol: "none",
      silent: true,
      lineStyle: { color: TEXT, type: "dotted", width: 1 },
      data: marks.map(({ at, label }) => ({
        xAxis: at,
        label: { formatter: label, color: TEXT, position: "insideEndTop" },
      })),
    };
  }
  return chartSvg(title, "lines", {
    legend: LEGEND,
    grid: { left: 96, right: 32, top: 88, bottom: 64 },
    xAxis: {
      ...AXIS,
      type: "log",
      name: xName,
      nameGap: 34,
      min: Math.min(...xs),
      max: Math.max(...xs),
      axisLabel: { customValues: spacedOut([...new Set(xs)]), color: TEXT },
      axisTick: { customValues: [...new Set(xs)] },
    },
    yAxis: {
      ...AXIS,
      type: "log",
      name: yName,
      nameGap: 68,
      axisLabel: { color: TEXT, formatter: threeDigits },
    },
    series: lines,
  });
}

/** Horizontal bars over a logarithmic axis, each with its value. */
export function barPlotSvg({ title, xName, bars }: BarPlot): string {
  return groupedBars(title, xName, bars.map(([name]) => name), [
    { name: "", values: bars.map(([, value]) => value) },
  ], 500);
}

/** Groups of horizontal bars over a logarithmic axis, each with its value; as high as they need. */
export function groupedBarPlotSvg({ title, xName, groups, series }: GroupedBarPlot): string {
  const height = FRAME + groups.length * (GROUP_GAP + BAR * series.length);
  return groupedBars(title, xName, groups, series, height);
}

function groupedBars(
  title: string,
  xName: string,
  groups: readonly string[],
  series: GroupedBarPlot["series"],
  height: number,
): string {
  const all = series.flatMap(({ values }) => values.filter(isPositive));
  // A logarithm has no zero for bars to begin at; the power of ten below all of them serves.
  const least = 10 ** Math.floor(Math.log10(Math.min(...all)) - 0.01);
  return chartSvg(title, "bars", {
    legend: { ...LEGEND, itemWidth: 20, show: series.length > 1 },
    grid: { left: 216, right: 72, top: series.length > 1 ? 88 : 64, bottom: 64 },
    xAxis: {
      ...AXIS,
      type: "log",
      name: xName,
      nameGap: 34,
      min: least,
      startValue: least,
      axisLabel: { color: TEXT, formatter: threeDigits },
    },
    yAxis: {
      ...AXIS,
      type: "category",
      inverse: true,
      data: [...groups],
      axisLabel: { color: TEXT, interval: 0, fontSize: 13 },
      splitLine: { show: false },
    },
    series: series.map(({ name, values }) => ({
      type: "bar",
      name,
      data: [...values],
      barGap: "0%",
      barCategoryGap: "20%",
      label: {
        show: true,
        position: "right",
        fontSize: 11,
        color: TEXT,
        formatter: ({ value }: { value?: unknown }) => threeDigits(Number(value)),
      },
    })),
  }, height);
}

/** Three digits at most, and thousands apart. */
function threeDigits(value: number): string {
  const [whole, rest] = String(Number(value.toPrecision(3))).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : `.${rest}`);
}

/** Rising sizes, without those whose label would run into the one before. */
function spacedOut(sizes: readonly number[]): number[] {
  const sorted = [...sizes].sort((a, b) => a - b);
  const range = Math.log(sorted[sorted.length - 1] / sorted[0]) || 1;
  const kept: number[] = [];
  for (const size of sorted) {
    const last = kept.at(-1);
    if (last === undefined || Math.log(size / last) / range > 0.06) kept.push(size);
  }
  return kept;
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0;
}
