/** What a chart paints over its curves: names at the ends of lines, and marks of points such as the best epoch. */

import type uPlot from "uplot";
import { spreadOut } from "./end_labels.ts";
import { type Line, type Span, valueAt } from "./lines.ts";

/** CSS pixels. */
export const LABEL_WIDTH = 112;
const LABEL_HEIGHT = 14;
const GAP = 8;
const MARK = 5;

/** Charts that are narrower leave their room to the curves. */
const LEAST_WIDTH = 420;

/** More labels than that do not fit beside a chart. */
const MOST_LABELS = 18;

/** Pixels that labels need at the right end of a chart. */
export function labelWidth(lines: readonly Line[], width: number): number {
  return width < LEAST_WIDTH || lines.length > MOST_LABELS ? 0 : LABEL_WIDTH;
}

export interface Painted {
  readonly lines: readonly Line[];
  /** As they are drawn: smoothed, where lines are. */
  readonly drawn: readonly Float64Array[];
  readonly view: Span;
  /** The label of the line that is brought out. */
  readonly focus: string | null;
  readonly color: (name: string) => string;
}

export function paint(plot: uPlot, painted: Painted): void {
  const { ctx } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.scale(scale, scale);
  ctx.setLineDash([]);
  paintMarks(plot, painted, scale);
  if (labelWidth(painted.lines, plot.width) > 0) paintLabels(plot, painted, scale);
  ctx.restore();
}

function paintMarks(plot: uPlot, { lines, drawn, view, color }: Painted, scale: number): void {
  const { ctx } = plot;
  lines.forEach((line, i) => {
    const { mark } = line;
    if (typeof mark !== "number" || mark < view.from || mark > view.to) return;
    const y = valueAt({ ...line, ys: drawn[i] }, mark);
    if (y === null) return;
    const [left, top] = [plot.valToPos(mark, "x", true), plot.valToPos(y, "y", true)]
      .map((at) => at / scale);
    ctx.beginPath();
    ctx.arc(left, top, MARK, 0, 2 * Math.PI);
    ctx.fillStyle = color("--surface");
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = color(`--series-${line.color}`);
    ctx.stroke();
  });
}

function paintLabels(plot: uPlot, painted: Painted, scale: number): void {
  const { lines, drawn, view, focus, color } = painted;
  const { ctx } = plot;
  const box = plot.bbox;
  const ends = lines.flatMap((line, i) => {
    const y = lastIn({ ...line, ys: drawn[i] }, view);
    if (y === null) return [];
    const top = (plot.valToPos(y, "y", true) - box.top) / scale;
    return [{ line, top: Math.min(Math.max(top, 0), box.height / scale) }];
  });
  const tops = spreadOut(ends.map(({ top }) => top), LABEL_HEIGHT, box.height / scale);
  const left = (box.left + box.width) / scale + GAP;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ends.forEach(({ line, top }, i) => {
    const at = tops[i] + box.top / scale;
    ctx.globalAlpha = focus === null || focus === line.label ? 1 : 0.35;
    ctx.strokeStyle = color(`--series-${line.color}`);
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(left - GAP + 1, top + box.top / scale);
    ctx.lineTo(left - 2, at);
    ctx.stroke();
    ctx.fillStyle = color("--text");
    ctx.font = `${focus === line.label ? "600 " : ""}12px system-ui, sans-serif`;
    ctx.fillText(fitted(ctx, line.label, LABEL_WIDTH - GAP - 4), left + 2, at);
  });
}

/** The value at the last point of a line that the view shows. */
function lastIn(line: Line, view: Span): number | null {
  for (let i = line.xs.length - 1; i >= 0; i--) {
    if (line.xs[i] < view.from) return null;
    if (line.xs[i] <= view.to && Number.isFinite(line.ys[i])) return line.ys[i];
  }
  return null;
}

/** A text that ends in dots where it is too long. Names often differ at their ends, so it is the middle that goes. */
function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  const size = ctx.measureText("n").width;
  const half = Math.max(3, Math.floor(width / size / 2) - 1);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
