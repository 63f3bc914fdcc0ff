/** Plots of measurements as SVG images; see svg_chart.ts. */

import { formatCount } from "./format.ts";
import { type Area, chartSvg, COLORS, HEIGHT, topBelow } from "./svg_chart.ts";
import {
  DASHES,
  element,
  line,
  lineSample,
  polyline,
  symbolAt,
  SYMBOLS,
  TEXT,
  textAt,
} from "./svg_elements.ts";
import { logScale, logScaleAround } from "./svg_scale.ts";

/** Pixels of a bar; and what is left free between groups of bars, and around them all. */
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
  const styles = series.map((_, i) => ({
    color: COLORS[i % COLORS.length],
    dash: DASHES[i % DASHES.length],
    symbol: SYMBOLS[i % SYMBOLS.length],
  }));
  const legend = series.map(({ name }, i) => ({
    name,
    sample: lineSample(styles[i].color, styles[i].dash) +
      symbolAt(styles[i].symbol, 20, 0, styles[i].color),
  }));
  const area: Area = { left: 96, right: 768, top: topBelow(legend), bottom: 436 };
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))]
    .sort((a, b) => a - b);
  const x = logScale(sizes[0], sizes[sizes.length - 1], sizes);
  const y = logScaleAround(series.flatMap(({ points }) => points.map(([, value]) => value)));
  const xOf = (value: number) => area.left + x.at(value) * (area.right - area.left);
  const yOf = (value: number) => area.bottom - y.at(value) * (area.bottom - area.top);
  const lines = series.map(({ points }, i) => {
    const { color, dash, symbol } = styles[i];
    const places = points.map(([at, value]) => [xOf(at), yOf(value)] as const);
    return polyline(places, { class: "curve", stroke: color, "stroke-dasharray": dash }) +
      places.map((place) => symbolAt(symbol, ...place, color)).join("");
  });
  const upright = marks.map(({ at, label }) =>
    line(xOf(at), area.top, xOf(at), area.bottom, TEXT, "2 3") +
    textAt(xOf(at) - 6, area.top + 8, label, { "text-anchor": "end" })
  );
  return chartSvg({
    title,
    area,
    x: { name: xName, scale: x, label: formatCount, grid: true, labeled: spacedOut(sizes) },
    y: { name: yName, scale: y, label: threeDigits, grid: true },
    legend,
  }, [...lines, ...upright].join("\n"));
}

/** Horizontal bars over a logarithmic axis, each with its value. */
export function barPlotSvg({ title, xName, bars }: BarPlot): string {
  return groupedBars(title, xName, bars.map(([name]) => name), [
    { name: "", values: bars.map(([, value]) => value) },
  ], HEIGHT);
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
  const swatch = { x: 20, y: -7, width: 20, height: 14 };
  const legend = series.length === 1 ? [] : series.map(({ name }, i) => ({
    name,
    sample: element("rect", { ...swatch, fill: COLORS[i % COLORS.length] }),
  }));
  const area: Area = { left: 216, right: 728, top: topBelow(legend), bottom: height - 64 };
  const all = series.flatMap(({ values }) => values.filter(isPositive));
  // A logarithm has no zero for bars to begin at; the power of ten below all of them serves.
  const least = 10 ** Math.floor(Math.log10(Math.min(...all)) - 0.01);
  const x = logScale(least, 10 ** Math.ceil(Math.log10(Math.max(...all))));
  const xOf = (value: number) => area.left + x.at(value) * (area.right - area.left);
  const room = (area.bottom - area.top) / groups.length;
  const thickness = (room * 0.8) / series.length;
  const bars = groups.flatMap((_, group) =>
    series.map(({ values }, i) => {
      const value = values[group];
      if (!isPositive(value)) return "";
      const top = area.top + room * (group + 0.1) + thickness * i;
      const size = { x: area.left, y: top, width: xOf(value) - area.left, height: thickness };
      return element("rect", { class: "bar", ...size, fill: COLORS[i % COLORS.length] }) +
        textAt(xOf(value) + 5, top + thickness / 2, threeDigits(value), { "font-size": 11 });
    })
  );
  const names = groups.map((name, group) =>
    textAt(area.left - 9, area.top + room * (group + 0.5), name, {
      "font-size": 13,
      "text-anchor": "end",
    })
  );
  return chartSvg({
    title,
    height,
    area,
    x: { name: xName, scale: x, label: threeDigits, grid: true },
    y: null,
    legend,
  }, [...bars, ...names].filter((part) => part).join("\n"));
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
