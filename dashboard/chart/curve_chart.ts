/**
 * A chart of curves on uPlot: draws, zooms, has a crosshair. Loaded by `import()` where a page has a chart, for uPlot is
 * most of the client's code. What the chart shows in words is its component's matter.
 */

import uPlot from "uplot";
import { formatCount } from "../shared/format.ts";
import { labelWidth, paint } from "./decorations.ts";
import { draw, prepare, type PreparedLine } from "./drawing.ts";
import { bindGestures } from "./gestures.ts";
import { type Line, nearestX, neighborX, type Span, spanOf } from "./lines.ts";
import { panned, showing, zoomed } from "./spans.ts";
import { logTicks } from "./ticks.ts";

/** How a chart looks. */
export interface Look {
  readonly xLabel: string;
  readonly formatTick: (value: number) => string;
  readonly logX: boolean;
  readonly logY: boolean;
  /** The weight of the moving average, from 0 to below 1. */
  readonly smoothing: number;
  /** Whether the range of y leaves out what is far from the others. */
  readonly clips: boolean;
}

/** What charts of a page share, as it is just now. */
export interface Shared {
  /** Null: the whole. */
  readonly view: Span | null;
  readonly crosshair: number | null;
  /** The label of the line that is brought out. */
  readonly focus: string | null;
}

export interface ChartEvents {
  /** Somebody moves the crosshair: it is at a point's x, or gone. */
  readonly onCrosshair: (x: number | null) => void;
  /** Somebody changes the view: it is a part of the whole, or the whole. */
  readonly onView: (view: Span | null) => void;
}

/** Up to so many points a line are drawn as dots too. */
const MAX_DOTS = 60;

/** Pixels beside the y axis, for numbers such as 1.23e+7 and 154,000. */
const Y_AXIS_WIDTH = 64;

/** Of lines that are not brought out, while another one is. */
const BEHIND = 0.2;

export class CurveChart {
  readonly #host: HTMLElement;
  readonly #events: ChartEvents;
  readonly #resizing: ResizeObserver;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  readonly #theme = new MutationObserver(() => this.#repaint());
  #plot: uPlot | null = null;
  /** What a plot was made for: a change of it takes a new plot. */
  #made = "";
  #lines: readonly Line[] = [];
  #prepared: readonly PreparedLine[] = [];
  #look: Look | null = null;
  /** Null: the whole. */
  #view: Span | null = null;
  #crosshair: number | null = null;
  #focus: string | null = null;
  /** Where in the plot's series each line has its own. */
  #places: { readonly first: number; readonly last: number; readonly edges: number }[] = [];
  #unbind = () => {};

  constructor(host: HTMLElement, events: ChartEvents) {
    this.#host = host;
    this.#events = events;
    this.#resizing = new ResizeObserver(() => this.#resize());
    this.#resizing.observe(host);
    this.#scheme.addEventListener("change", this.#repaint);
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.#scheme.removeEventListener("change", this.#repaint);
    this.#theme.disconnect();
    this.#discard();
  }

  /** The part of the x axis that is shown. */
  get view(): Span {
    return this.#view ?? spanOf(this.#lines);
  }

  /** The image as it is on the screen; null before there is one. */
  get canvas(): HTMLCanvasElement | null {
    return this.#plot?.ctx.canvas ?? null;
  }

  /** Draws lines, which may have grown since. */
  show(lines: readonly Line[], look: Look): void {
    this.#lines = lines;
    this.#look = look;
    this.#prepared = prepare(lines, look.smoothing);
    const looks = lines.map(({ label, color, dash, band }) => [label, color, dash, !band]);
    const wanted = JSON.stringify([looks, look]);
    if (wanted !== this.#made) {
      this.#discard();
      this.#made = wanted;
    }
    this.#draw();
  }

  /** Takes what another chart of the page, or its toolbar, has changed. */
  share({ view, crosshair, focus }: Shared): void {
    const isSame = view?.from === this.#view?.from && view?.to === this.#view?.to;
    this.#view = view;
    this.#crosshair = crosshair;
    if (!isSame) this.#draw();
    else this.#placeCrosshair();
    if (focus === this.#focus) return;
    this.#focus = focus;
    this.#repaint();
  }

  /** Where the crosshair is, in pixels from the left edge of the host; null where it is not. */
  get crosshairLeft(): number | null {
    const plot = this.#plot;
    if (!plot || this.#crosshair === null) return null;
    return plot.valToPos(this.#crosshair, "x") + plot.bbox.left / devicePixelRatio;
  }

  setView(view: Span | null): void {
    this.#view = view;
    this.#events.onView(view);
    this.#draw();
  }

  /** @param factor Below 1 looks closer. @param about Stays where it is; without it, the crosshair or the middle. */
  zoom(factor: number, about: number | null = this.#crosshair): void {
    const { from, to } = this.view;
    const middle = this.#logX ? Math.sqrt(from * to) : (from + to) / 2;
    this.setView(zoomed(this.view, spanOf(this.#lines), about ?? middle, factor, this.#logX));
  }

  /** Moves the view by a part of its width. */
  pan(part: number): void {
    if (this.#view) this.setView(panned(this.#view, spanOf(this.#lines), part, this.#logX));
  }

  /** Puts the crosshair onto the point nearest to `x`. */
  pointAt(x: number | null): void {
    this.#crosshair = x === null ? null : nearestX(this.#lines, x);
    if (this.#crosshair !== null && this.#view) {
      const view = showing(this.#view, spanOf(this.#lines), this.#crosshair, this.#logX);
      if (view !== this.#view) this.setView(view);
    }
    this.#placeCrosshair();
    this.#events.onCrosshair(this.#crosshair);
  }

  /** Moves the crosshair to the next point, or by a part of the view. */
  step(direction: 1 | -1, part = 0): void {
    const { from, to } = this.view;
    const x = this.#crosshair ?? (direction === 1 ? from : to);
    if (part > 0) this.pointAt(x + direction * part * (to - from));
    else this.pointAt(this.#crosshair === null ? x : neighborX(this.#lines, x, direction));
  }

  get #logX(): boolean {
    return this.#look?.logX ?? false;
  }

  readonly #repaint = () => {
    this.#plot?.redraw(false);
  };

  /** Brings a line out: others are faint. */
  #dim(plot: uPlot): void {
    this.#lines.forEach(({ label, band }, i) => {
      const { first, last } = this.#places[i];
      const isBehind = this.#focus !== null && this.#focus !== label;
      const alpha = isBehind ? BEHIND : 1;
      if (first !== last) plot.series[first].alpha = 0.4 * alpha;
      plot.series[last].alpha = alpha;
      plot.series[last].width = this.#focus === label ? 3 : band ? 2.5 : 2;
    });
  }

  /** The bands, below the curves. */
  #paintBands(plot: uPlot): void {
    const { ctx } = plot;
    const pixel = (value: number, axis: "x" | "y") => plot.valToPos(value, axis, true);
    this.#lines.forEach(({ band, color, label }, i) => {
      if (!band) return;
      const { edges } = this.#places[i];
      const [xs, high, low] = [0, edges, edges + 1].map((at) => plot.data[at]);
      const there = [...xs.keys()].filter((at) =>
        typeof high[at] === "number" && typeof low[at] === "number"
      );
      if (there.length < 2) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
      ctx.clip();
      ctx.beginPath();
      for (const at of there) ctx.lineTo(pixel(xs[at]!, "x"), pixel(high[at]!, "y"));
      for (const at of there.toReversed()) ctx.lineTo(pixel(xs[at]!, "x"), pixel(low[at]!, "y"));
      ctx.closePath();
      ctx.globalAlpha = this.#focus === null || this.#focus === label ? 0.18 : 0.05;
      ctx.fillStyle = this.#css(`--series-${color}`);
      ctx.fill();
      ctx.restore();
    });
  }

  #css(name: string): string {
    return getComputedStyle(this.#host).getPropertyValue(name).trim();
  }

  #discard(): void {
    this.#unbind();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === 0 || height === 0 || !this.#look) return;
    if (this.#plot && (this.#plot.width !== width || this.#plot.height !== height)) {
      this.#plot.setSize({ width, height });
    }
    this.#draw();
  }

  #draw(): void {
    const look = this.#look;
    if (!look || this.#host.clientWidth === 0) return;
    const buckets = Math.max(50, this.#host.clientWidth - Y_AXIS_WIDTH);
    const view = this.view;
    const { xs, columns, range } = draw(this.#prepared, view, buckets, look.logY, look.clips);
    const plot = this.#plot ??= this.#make(look);
    plot.batch(() => {
      plot.setData([xs, ...columns] as uPlot.AlignedData, false);
      plot.setScale("x", { min: view.from, max: view.to });
      plot.setScale("y", { min: range.from, max: range.to });
    });
    this.#placeCrosshair();
  }

  #placeCrosshair(): void {
    const plot = this.#plot;
    if (!plot) return;
    const left = this.#crosshair === null ? -10 : plot.valToPos(this.#crosshair, "x");
    plot.setCursor({ left, top: left < 0 ? -10 : 10 });
  }

  #make(look: Look): uPlot {
    const color = (name: string) => () => this.#css(name);
    let next = 1;
    this.#places = this.#lines.map(({ band }) => {
      const first = next;
      const last = first + (look.smoothing === 0 ? 0 : 1);
      next = last + (band ? 3 : 1);
      return { first, last, edges: last + 1 };
    });
    const axis: uPlot.Axis = {
      stroke: color("--chart-text"),
      font: "12px system-ui, sans-serif",
      labelFont: "12px system-ui, sans-serif",
      labelSize: 18,
      grid: { stroke: color("--chart-grid"), width: 1 },
      ticks: { stroke: color("--chart-grid"), width: 1, size: 5 },
    };
    const logarithmic = (pixels: "width" | "height", apart: number): uPlot.Axis => ({
      splits: (plot, _, from, to) => logTicks(from, to, Math.max(2, plot[pixels] / apart)),
      filter: (_, ticks) => ticks,
    });
    const scale = (log: boolean): uPlot.Scale => ({
      time: false,
      auto: false,
      distr: log ? 3 : 1,
      range: (_, min, max) => [min, max],
    });
    const plot = new uPlot(
      {
        width: this.#host.clientWidth,
        height: this.#host.clientHeight,
        legend: { show: false },
        padding: [8, () => labelWidth(this.#lines, this.#host.clientWidth) || 12, 0, 0],
        scales: { x: scale(look.logX), y: scale(look.logY) },
        axes: [
          {
            ...axis,
            label: look.xLabel,
            size: 30,
            values: (_, ticks) => ticks.map((tick) => tick === null ? "" : formatXTick(tick)),
            ...(look.logX ? logarithmic("width", 60) : {}),
          },
          {
            ...axis,
            size: Y_AXIS_WIDTH,
            values: (_, ticks) => ticks.map((tick) => tick === null ? "" : look.formatTick(tick)),
            ...(look.logY ? logarithmic("height", 40) : {}),
          },
        ],
        series: [{}, ...this.#lines.flatMap((line) => this.#series(line, look))],
        cursor: {
          y: false,
          points: { size: 9, width: 2 },
          drag: { x: true, y: false, setScale: false },
          dataIdx: nearestDrawn,
          move: (self, left, top) => [this.#snapped(self, left), top],
          // Double click shows the whole, which uPlot would take its own data for.
          bind: { dblclick: () => () => (this.setView(null), null) },
        },
        hooks: {
          setSelect: [(self) => this.#zoomIntoSelection(self)],
          drawClear: [(self) => this.#dim(self)],
          drawAxes: [(self) => this.#paintBands(self)],
          draw: [(self) =>
            paint(self, {
              lines: this.#lines,
              drawn: this.#prepared.map(({ raw, smooth }) => smooth ?? raw),
              view: this.view,
              focus: this.#focus,
              color: (name) => this.#css(name),
            })],
        },
      },
      undefined,
      this.#host,
    );
    this.#unbind = bindGestures(plot.over, {
      point: (left) => this.pointAt(left === null ? null : plot.posToVal(left, "x")),
      zoom: (factor, left) => this.zoom(factor, plot.posToVal(left, "x")),
    });
    return plot;
  }

  #series(line: Line, look: Look): uPlot.Series[] {
    const css = getComputedStyle;
    const stroke = () => css(this.#host).getPropertyValue(`--series-${line.color}`).trim();
    const points: uPlot.Series.Points = { show: true, size: 5, filter: dots, fill: stroke };
    const main: uPlot.Series = { stroke, width: 2, dash: [...line.dash], points };
    const edge: uPlot.Series = { width: 0, points: { show: false } };
    const edges = line.band ? [edge, edge] : [];
    if (look.smoothing === 0) return [main, ...edges];
    // Behind the smoothed curve, and not broken: what trembles between gaps of its own is no curve.
    const raw = { ...main, width: 1, alpha: 0.4, dash: [], points: { ...points, size: 3 } };
    return [raw, main, ...edges];
  }

  /** Where the point is, in pixels, that is nearest to `left`. */
  #snapped(plot: uPlot, left: number): number {
    if (left < 0) return left;
    const x = nearestX(this.#lines, plot.posToVal(left, "x"));
    return x === null ? left : plot.valToPos(x, "x");
  }

  #zoomIntoSelection(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((at) => plot.posToVal(at, "x"));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.setView(zoomed({ from, to }, spanOf(this.#lines), from, 1, this.#logX));
  }
}

/** Epochs and steps have their thousands apart, as everywhere; what lies between two is written as it is. */
function formatXTick(tick: number): string {
  return Number.isInteger(tick) ? formatCount(tick) : String(tick);
}

/** Where a series has a value, nearest to the crosshair: others have points between its own. Null before and after it. */
function nearestDrawn(plot: uPlot, series: number, closest: number): number | null {
  const column = plot.data[series];
  let before = closest;
  while (before >= 0 && column[before] === undefined) before--;
  let after = closest;
  while (after < column.length && column[after] === undefined) after++;
  if (before < 0 || after === column.length) return null;
  return closest - before <= after - closest ? before : after;
}

/** The points that are drawn as dots: all where there are few, else those that no line reaches, between two gaps. */
function dots(plot: uPlot, series: number): number[] {
  const column = plot.data[series];
  const present: number[] = [];
  column.forEach((value, i) => value !== undefined && present.push(i));
  const isGap = (at: number) => present[at] === undefined || column[present[at]] === null;
  const few = present.length <= MAX_DOTS;
  return present.filter((i, at) => column[i] !== null && (few || (isGap(at - 1) && isGap(at + 1))));
}
