/** The plot of training and validation loss that a run leaves behind, as an SVG picture; see svg_chart.ts. */

import type { LineSeriesOption } from "echarts";
import { AXIS, chartSvg, COLOURS, LEGEND, TEXT } from "./svg_chart.ts";
import { epochTicks } from "./ticks.ts";

/** Of different lightness in grey. */
const [BLUE, VERMILION] = COLOURS;

const MAX_EPOCH_TICKS = 12;

/** Few enough points to draw each of them; more would make a caterpillar of the line. */
const MAX_MARKED_EPOCHS = 60;

/** Losses in nats, one an epoch; null or not finite where there is none. Without any validation loss, nothing is said of it. */
export interface LossPlot {
  readonly title: string;
  readonly trainLoss: readonly (number | null)[];
  readonly validationLoss: readonly (number | null)[];
}

/**
 * Draws both losses over the epochs. The same losses give the same text.
 *
 * @returns An SVG document of 800 x 500 pixels on white; curves have a gap where a loss is not
 *     finite.
 */
export function lossPlotSvg({ title, trainLoss, validationLoss }: LossPlot): string {
  const epochs = Math.max(1, trainLoss.length, validationLoss.length);
  const ticks = epochTicks(1, epochs, MAX_EPOCH_TICKS);
  const validates = validationLoss.some((loss) => loss !== null);
  return chartSvg(title, "loss", {
    legend: { ...LEGEND, data: ["Training", ...(validates ? ["Validation"] : [])] },
    grid: { left: 96, right: 32, top: 88, bottom: 64 },
    xAxis: {
      ...AXIS,
      type: "value",
      name: "Epoch",
      nameGap: 34,
      min: epochs === 1 ? 0 : 1,
      max: epochs === 1 ? 2 : epochs,
      axisLabel: { customValues: ticks, color: TEXT },
      axisTick: { customValues: ticks },
      splitLine: { show: false },
    },
    yAxis: {
      ...AXIS,
      type: "value",
      name: "Cross-entropy loss (nats)",
      nameGap: 68,
      scale: true,
      axisLabel: { color: TEXT, formatter: formatTick },
    },
    series: [
      lineSeries("Training", trainLoss, { color: BLUE, dash: "solid", symbol: "circle" }),
      ...(validates
        ? [lineSeries("Validation", validationLoss, {
          color: VERMILION,
          dash: "dashed",
          symbol: "emptyCircle",
        })]
        : []),
    ],
  });
}

/** The losses of a run that diverges reach any size; their ticks must still fit beside the axis. */
function formatTick(loss: number): string {
  return Math.abs(loss) < 1e5 ? String(Number(loss.toPrecision(6))) : loss.toExponential(1);
}

interface LineStyle {
  readonly color: string;
  readonly dash: "solid" | "dashed";
  readonly symbol: string;
}

function lineSeries(
  name: string,
  losses: readonly (number | null)[],
  { color, dash, symbol }: LineStyle,
): LineSeriesOption {
  return {
    name,
    type: "line",
    data: losses.map((loss, index) => [index + 1, Number.isFinite(loss) ? loss : null]),
    connectNulls: false,
    showSymbol: losses.length <= MAX_MARKED_EPOCHS,
    symbol,
    symbolSize: 6,
    itemStyle: { color },
    lineStyle: { color, type: dash, width: 2 },
  };
}
