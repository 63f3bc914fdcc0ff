/**
 * The losses of a run as a small chart of text. The loss axis is logarithmic: the first epochs of a
 * run lose most, and on a linear axis everything after them would be one flat line.
 */

import { formatLoss } from "./format.ts";
import { pageWidth } from "./page_width.ts";
import { wrap } from "./table.ts";
import { epochTicks } from "./ticks.ts";

/** Rows of the area inside the axes, and columns beside it: the labels of the loss axis. */
const HEIGHT = 12;
const LABELS_WIDTH = 14;

/** Letters that every terminal draws one column wide, and that differ without color. */
const TRAINING = "*";
const VALIDATION = "o";

/**
 * How many labels the loss axis has, evenly apart, and for about how many epochs there is room.
 */
const LOSS_TICKS = 5;
const EPOCH_TICK_WIDTH = 7;

/**
 * The clipping of probabilities keeps honest losses above it; a logarithm needs something above 0.
 */
const MIN_LOSS = 1e-10;

/** Losses, one an epoch; null or not finite where there is none. */
export interface Losses {
  readonly trainLoss: readonly (number | null)[];
  readonly validationLoss: readonly (number | null)[];
  /** What the losses are, and their unit; cross-entropy in nats by default. */
  readonly what?: string;
}

type Point = [epoch: number, logLoss: number];
type Range = readonly [low: number, high: number];

/**
 * Draws both losses over the epochs. Between epochs the curves run straight on.
 *
 * @returns Lines narrower than the page; one line that says so where there are not two epochs to
 *     draw.
 */
export function lossChart(
  { trainLoss, validationLoss, what = "Cross-entropy loss in nats" }: Losses,
): string {
  const training = finitePoints(trainLoss);
  if (training.length < 2) return "Fewer than two epochs with a finite loss: no curve to draw.";
  const width = pageWidth() - LABELS_WIDTH;
  const mostTicks = Math.max(3, Math.floor(width / EPOCH_TICK_WIDTH));
  const columns = columnsBetween(training[0][0], training[training.length - 1][0], width);
  const trainingCurve = interpolate(training, columns);
  const validationCurve = interpolate(finitePoints(validationLoss), columns);
  const range = rangeOf([...trainingCurve, ...validationCurve]);
  const area = Array.from({ length: HEIGHT }, () => Array<string>(width).fill(" "));
  const draw = (curve: readonly Point[], symbol: string) => {
    for (const [epoch, logLoss] of curve) {
      area[rowAt(logLoss, range)][columnAt(epoch, columns)] = symbol;
    }
  };
  draw(trainingCurve, TRAINING);
  draw(validationCurve, VALIDATION);
  const legend = `${TRAINING} training` +
    (validationCurve.length === 0 ? "" : `   ${VALIDATION} validation (in front)`);
  const heading = `${what}, logarithmic:   ${legend}`;
  return [
    heading.length > pageWidth() ? wrap(heading) : heading,
    ...lossAxis(area, range),
    ...epochAxis(columns, mostTicks, formatLoss(Math.exp(range[1])).length),
  ].map((line) => line.trimEnd()).join("\n");
}

function finitePoints(losses: readonly (number | null)[]): Point[] {
  return losses.flatMap((loss, index): Point[] =>
    loss === null || !Number.isFinite(loss) ? [] : [[index + 1, Math.log(Math.max(loss, MIN_LOSS))]]
  );
}

/** The epoch in the middle of each column; mostly not a whole one. */
function columnsBetween(first: number, last: number, width: number): number[] {
  return Array.from(
    { length: width },
    (_, column) => first + (column / (width - 1)) * (last - first),
  );
}

/** The curve through `points` at each of the rising `epochs` that lies between two of them. */
function interpolate(points: readonly Point[], epochs: readonly number[]): Point[] {
  const curve: Point[] = [];
  let next = 0;
  for (const epoch of epochs) {
    while (next < points.length && points[next][0] < epoch) next++;
    if (next === points.length) break;
    const [x1, y1] = points[next];
    if (x1 === epoch) {
      curve.push([epoch, y1]);
    } else if (next > 0) {
      const [x0, y0] = points[next - 1];
      curve.push([epoch, y0 + (y1 - y0) * ((epoch - x0) / (x1 - x0))]);
    }
  }
  return curve;
}

/** From the lowest to the highest; a level curve gets some room around it. */
function rangeOf(points: readonly Point[]): Range {
  const levels = points.map(([, logLoss]) => logLoss);
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  return high > low ? [low, high] : [low - 0.1, high + 0.1];
}

/** The row of a loss, counted from the top. */
function rowAt(logLoss: number, [low, high]: Range): number {
  return Math.round((1 - (logLoss - low) / (high - low)) * (HEIGHT - 1));
}

/** The column nearest to an epoch. */
function columnAt(epoch: number, columns: readonly number[]): number {
  const [first, last] = [columns[0], columns[columns.length - 1]];
  return Math.round(((epoch - first) / (last - first)) * (columns.length - 1));
}

/** The rows of the area, each behind its part of the loss axis. */
function lossAxis(area: readonly string[][], range: Range): string[] {
  const [low, high] = range;
  const labels = new Map<number, string>();
  for (let i = 0; i < LOSS_TICKS; i++) {
    const logLoss = low + (i / (LOSS_TICKS - 1)) * (high - low);
    labels.set(rowAt(logLoss, range), formatLoss(Math.exp(logLoss)));
  }
  // The highest loss has the longest label.
  const width = labels.get(0)!.length;
  const rows = area.map((row, i) => {
    const label = labels.get(i);
    return (label ?? "").padStart(width) + (label === undefined ? "│" : "┤") + row.join("");
  });
  return [`${" ".repeat(width)}▲`, ...rows];
}

/** The axis of epochs, its labels and its name, behind `margin` columns. */
function epochAxis(columns: readonly number[], mostTicks: number, margin: number): string[] {
  const width = columns.length;
  const ticks = epochTicks(columns[0], columns[width - 1], mostTicks);
  const axis = Array<string>(width).fill("─");
  let labels = "";
  for (const tick of ticks) {
    const column = columnAt(tick, columns);
    axis[column] = "┬";
    const label = String(tick);
    // Centered under its tick, but for one that would be past the chart's edge.
    const start = Math.min(column - ((label.length - 1) >> 1), width + 1 - label.length);
    labels = labels.padEnd(Math.max(0, start)) + label;
  }
  const indent = " ".repeat(margin);
  return [
    `${indent}└${axis.join("")}▶`,
    `${indent} ${labels}`,
    indent + " " + "Epoch".padStart((width + "Epoch".length) >> 1),
  ];
}
