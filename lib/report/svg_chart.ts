/**
 * The frame of a plot as an SVG image: title, legend, axes with their grid. What is drawn inside is the caller's; see
 * loss_plot.ts and plots.ts. The same plot gives the same text.
 */

import { element, line, round, TEXT, textAt } from "./svg_elements.ts";
import { displayWidth, printable, truncate } from "./display_width.ts";
import type { Scale } from "./svg_scale.ts";

/** Pixels, at 100 %. */
const WIDTH = 800;
export const HEIGHT = 500;

const FAINT = "#dddddd";

/**
 * Okabe and Ito's palette without its yellow, too light on white: distinct for color-blind readers.
 */
export const COLORS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#e69f00",
  "#222222",
] as const;

/** Columns of a fixed-width font; at its size, so much of the title fits the image. */
const MAX_TITLE_WIDTH = 64;

/** Where an axis is named and labeled. */
export interface Axis {
  readonly name: string;
  readonly scale: Scale;
  readonly label: (value: number) => string;
  /** Whether lines across the plot stand at the ticks. */
  readonly grid: boolean;
  /** Ticks to label, if not all of them. */
  readonly labeled?: readonly number[];
}

export interface LegendEntry {
  readonly name: string;
  /** A drawing of 40 x 14 pixels, around (20, 0). */
  readonly sample: string;
}

/** The area inside the axes, in pixels from the top left corner of the image. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Frame {
  readonly title: string;
  readonly height?: number;
  readonly area: Area;
  readonly x: Axis;
  /** Null where the caller labels the rows. */
  readonly y: Axis | null;
  readonly legend: readonly LegendEntry[];
}

/** Draws a frame with `content` inside: an SVG document, 800 pixels wide, on white. */
export function chartSvg(
  { title, height = HEIGHT, area, x, y, legend }: Frame,
  content: string,
): string {
  const parts = [
    element("rect", { width: WIDTH, height, x: 0, y: 0, fill: "#ffffff" }),
    textAt(WIDTH / 2, 26, truncate(printable(title), MAX_TITLE_WIDTH), {
      "font-size": 18,
      "font-weight": "bold",
      "text-anchor": "middle",
    }),
    legendAt(legend),
    xAxis(x, area),
    y === null ? line(area.left, area.top, area.left, area.bottom, TEXT) : yAxis(y, area),
    content,
  ];
  const size = { width: WIDTH, height, xmlns: "http://www.w3.org/2000/svg" };
  const box = { viewBox: `0 0 ${WIDTH} ${height}`, "font-family": "sans-serif" };
  return element("svg", { ...size, ...box }, `\n${parts.filter((part) => part).join("\n")}\n`);
}

function xAxis({ name, scale, label, grid, labeled = scale.ticks }: Axis, area: Area): string {
  const place = (value: number) => area.left + scale.at(value) * (area.right - area.left);
  return [
    ...scale.ticks.map((tick) => {
      const at = place(tick);
      return (grid ? line(at, area.top, at, area.bottom, FAINT) : "") +
        line(at, area.bottom, at, area.bottom + 5, TEXT);
    }),
    ...labeled.map((tick) =>
      textAt(place(tick), area.bottom + 16, label(tick), { "text-anchor": "middle" })
    ),
    line(area.left, area.bottom, area.right, area.bottom, TEXT),
    textAt((area.left + area.right) / 2, area.bottom + 42, name, {
      "font-size": 14,
      "text-anchor": "middle",
    }),
  ].join("\n");
}

function yAxis({ name, scale, label, grid, labeled = scale.ticks }: Axis, area: Area): string {
  const place = (value: number) => area.bottom - scale.at(value) * (area.bottom - area.top);
  const middle = (area.top + area.bottom) / 2;
  return [
    ...scale.ticks.map((tick) => {
      const at = place(tick);
      return (grid ? line(area.left, at, area.right, at, FAINT) : "") +
        line(area.left - 5, at, area.left, at, TEXT);
    }),
    ...labeled.map((tick) =>
      textAt(area.left - 9, place(tick), label(tick), { "text-anchor": "end" })
    ),
    line(area.left, area.top, area.left, area.bottom, TEXT),
    textAt(22, middle, name, {
      "font-size": 14,
      "text-anchor": "middle",
      transform: `rotate(-90 22 ${round(middle)})`,
    }),
  ].join("\n");
}

/** Pixels between rows of the legend, and from the last one down to the plot. */
const LEGEND_ROW = 20;
const BELOW_LEGEND = 33;
const LEGEND_TOP = 55;

/** Where the area of a plot with this legend begins, in pixels from the top. */
export function topBelow(legend: readonly LegendEntry[]): number {
  const rows = legendRows(legend).length;
  return rows === 0 ? 64 : LEGEND_TOP + (rows - 1) * LEGEND_ROW + BELOW_LEGEND;
}

/** Entries in centered rows below the title. */
function legendAt(legend: readonly LegendEntry[]): string {
  return legendRows(legend).flatMap((row, i) => {
    let x = (WIDTH - widthOf(row) + LEGEND_GAP) / 2;
    const y = LEGEND_TOP + i * LEGEND_ROW;
    return row.map((entry) => {
      const drawn = element("g", { transform: `translate(${round(x)} ${y})` }, entry.sample) +
        textAt(x + 48, y, entry.name, { "font-size": 14 });
      x += widthOf([entry]);
      return drawn;
    });
  }).join("\n");
}

const LEGEND_GAP = 28;

/** As many entries a row as there is room for. */
function legendRows(legend: readonly LegendEntry[]): LegendEntry[][] {
  const rows: LegendEntry[][] = [];
  for (const entry of legend) {
    const last = rows.at(-1);
    if (last && widthOf([...last, entry]) <= WIDTH - 16) last.push(entry);
    else rows.push([entry]);
  }
  return rows;
}

/** Pixels of a row of the legend: an estimate, for nothing measures text here. */
function widthOf(row: readonly LegendEntry[]): number {
  return row.reduce(
    (sum, { name }) => sum + 48 + 7.5 * displayWidth(printable(name)) + LEGEND_GAP,
    0,
  );
}
