/** How somebody looks at the charts of a page, as a part of its address: all of its charts share it. */

import type { Span } from "../chart/lines.ts";
import { formatPositions, parsePositions } from "../shared/positions.ts";
import { AXES, type Axis } from "./comparison.ts";

export interface ChartView {
  readonly axis: Axis;
  /** The weight of the moving average, one of `WEIGHTS`. */
  readonly smoothing: number;
  readonly logY: boolean;
  /** Whether the range of y leaves out the few values that are far from the others. */
  readonly clips: boolean;
  /** Whether runs that are alike are one line, their mean; null: as the page has it. */
  readonly means: boolean | null;
  /** Labels of lines that are not drawn. */
  readonly hidden: readonly string[];
  /** Charts that are shown; null: those that say most. */
  readonly charts: readonly string[] | null;
  /** The part of the x axis that is shown; null: the whole. */
  readonly zoom: Span | null;
  /** The part of a run's page that is seen. */
  readonly tab: string;
  /** What else the address says. */
  readonly rest: string;
}

/** Stops of the slider: each doubles, about, how many points are averaged. */
export const WEIGHTS: readonly number[] = [0, 0.5, 0.75, 0.88, 0.94, 0.97, 0.985, 0.9925];

/** Longer lists are none that anybody has chosen. */
const MOST_NAMES = 50;

const MAX_TAB = 20;

const OWN = ["axis", "smoothing", "log", "clip", "means", "hide", "charts", "zoom", "tab"];

/** @param query of the address; what cannot be used in it is left out */
export function readChartView(query: string): ChartView {
  const params = new URLSearchParams(query);
  const axis = AXES.find(({ axis }) => axis === params.get("axis"))?.axis ?? "epoch";
  const smoothing = Number(params.get("smoothing") ?? 0);
  const [from, to] = (params.get("zoom") ?? "").split(",").map(Number);
  const means = params.get("means");
  const view = {
    tab: (params.get("tab") ?? "").slice(0, MAX_TAB),
    axis,
    smoothing: WEIGHTS.includes(smoothing) ? smoothing : 0,
    logY: params.get("log") === "y",
    clips: params.get("clip") === "yes",
    means: means === null ? null : means === "yes",
    hidden: names(params.get("hide")),
    charts: params.has("charts") ? names(params.get("charts")) : null,
    zoom: from < to && Number.isFinite(to - from) ? { from, to } : null,
  };
  for (const name of OWN) params.delete(name);
  return { ...view, rest: params.toString() };
}

/** The query that `readChartView` makes the view of. */
export function writeChartView(view: ChartView): string {
  const params = new URLSearchParams(view.rest);
  if (view.axis !== "epoch") params.set("axis", view.axis);
  if (view.smoothing !== 0) params.set("smoothing", String(view.smoothing));
  if (view.logY) params.set("log", "y");
  if (view.clips) params.set("clip", "yes");
  if (view.means !== null) params.set("means", view.means ? "yes" : "no");
  if (view.hidden.length > 0) params.set("hide", joined(view.hidden));
  if (view.charts) params.set("charts", joined(view.charts));
  if (view.zoom) {
    const { from, to } = view.zoom;
    params.set("zoom", `${Number(from.toPrecision(7))},${Number(to.toPrecision(7))}`);
  }
  if (view.tab) params.set("tab", view.tab);
  return params.toString().replaceAll("%2C", ",");
}

function names(text: string | null): string[] {
  return parsePositions(text ?? "").map(({ name }) => name).slice(0, MOST_NAMES);
}

function joined(all: readonly string[]): string {
  return formatPositions(all.map((name) => ({ name, offset: null })));
}
