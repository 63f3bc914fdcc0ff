/** The plot of training and validation loss that a run leaves behind, as an SVG image; see svg_chart.ts. */

import { type Area, chartSvg, COLORS } from "./svg_chart.ts";
import { DASHES, lineSample, polyline, type Symbol, symbolAt } from "./svg_elements.ts";
import { fixedScale, linearScale } from "./svg_scale.ts";
import { epochTicks } from "./ticks.ts";

/** Of different lightness in gray. */
const [BLUE, VERMILION] = COLORS;

const AREA: Area = { left: 96, right: 768, top: 88, bottom: 436 };
const MAX_EPOCH_TICKS = 12;

/** Few enough points to draw each of them; more would make a caterpillar of the line. */
const MAX_MARKED_EPOCHS = 60;

/** Losses in nats, one an epoch; null or not finite where there is none. Without any validation loss, nothing is said of it. */
export interface LossPlot {
  readonly title: string;
  readonly trainLoss: readonly (number | null)[];
  readonly validationLoss: readonly (number | null)[];
  /** What the losses are, and their unit; cross-entropy in nats by default. */
  readonly what?: string;
}

interface Series {
  readonly name: string;
  readonly losses: readonly (number | null)[];
  readonly color: string;
  readonly dash: string;
  readonly symbol: Symbol;
}

/**
 * Draws both losses over the epochs. The same losses give the same text.
 *
 * @returns An SVG document of 800 x 500 pixels on white; curves have a gap where a loss is not
 *     finite.
 */
export function lossPlotSvg(
  { title, trainLoss, validationLoss, what = "Cross-entropy loss (nats)" }: LossPlot,
): string {
  const training: Series = {
    name: "Training",
    losses: trainLoss,
    color: BLUE,
    dash: DASHES[0],
    symbol: "disc",
  };
  const validation: Series = {
    name: "Validation",
    losses: validationLoss,
    color: VERMILION,
    dash: DASHES[1],
    symbol: "ring",
  };
  const series = validationLoss.some((loss) => loss !== null) ? [training, validation] : [training];
  const epochs = Math.max(1, trainLoss.length, validationLoss.length);
  const ticks = epochTicks(1, epochs, MAX_EPOCH_TICKS);
  // A single epoch stands in the middle.
  const x = epochs === 1 ? fixedScale(0, 2, ticks) : fixedScale(1, epochs, ticks);
  const y = linearScale(series.flatMap(({ losses }) => losses.filter(isFinite)));
  const pointAt = (loss: number | null, index: number) =>
    isFinite(loss)
      ? [
        AREA.left + x.at(index + 1) * (AREA.right - AREA.left),
        AREA.bottom - y.at(loss) * (AREA.bottom - AREA.top),
      ] as const
      : null;
  return chartSvg({
    title,
    area: AREA,
    x: { name: "Epoch", scale: x, label: String, grid: false },
    y: { name: what, scale: y, label: tickLabel, grid: true },
    legend: series.map(({ name, color, dash, symbol }) => ({
      name,
      sample: lineSample(color, dash) + symbolAt(symbol, 20, 0, color),
    })),
  }, series.map((one) => drawn(one, one.losses.map(pointAt))).join("\n"));
}

function drawn(
  { color, dash, symbol }: Series,
  points: readonly (readonly [number, number] | null)[],
): string {
  const line = polyline(points, { class: "curve", stroke: color, "stroke-dasharray": dash });
  const marks = points.length <= MAX_MARKED_EPOCHS
    ? points.flatMap((point) => point ? [symbolAt(symbol, ...point, color)] : [])
    : [];
  return [line, ...marks].join("\n");
}

/** The losses of a run that diverges reach any size; their ticks must still fit beside the axis. */
function tickLabel(loss: number): string {
  return Math.abs(loss) < 1e5 ? String(Number(loss.toPrecision(6))) : loss.toExponential(1);
}

function isFinite(loss: number | null): loss is number {
  return Number.isFinite(loss);
}
