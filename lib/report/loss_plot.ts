/**
 * The plot of training and validation loss that a run leaves behind, as an SVG picture. Drawn
 * without a browser by ECharts; import this file only where a plot is wanted, for its megabyte of
 * code takes a tenth of a second to load.
 */

// The ready-made production build: ECharts' modules ask the environment for NODE_ENV, which needs a
// permission.
// @ts-types="echarts"
import { type EChartsOption, init, type LineSeriesOption } from "echarts/dist/echarts.esm.min.mjs";
import { printable, truncate } from "./display_width.ts";
import { epochTicks } from "./ticks.ts";

/** Pixels, at 100 %. */
const WIDTH = 800;
const HEIGHT = 500;

/**
 * Two colours of Okabe and Ito's palette: distinct for colour-blind readers, and of different
 * lightness in grey.
 */
const BLUE = "#0072b2";
const VERMILION = "#d55e00";

const TEXT = "#222222";
const FAINT = "#dddddd";
const MAX_EPOCH_TICKS = 12;

/** What both axes look like. */
const AXIS = {
  nameTextStyle: { fontSize: 14, color: TEXT },
  axisLine: { show: true, onZero: false, lineStyle: { color: TEXT } },
} as const;

/** Columns of a fixed-width font; at its size, so much of the title fits the picture. */
const MAX_TITLE_WIDTH = 64;

/** Few enough points to draw each of them; more would make a caterpillar of the line. */
const MAX_MARKED_EPOCHS = 60;

/**
 * What ECharts draws SVG with. Asked directly because `renderToSVGString` cannot leave out the
 * rules for a mouse that hovers, which no picture in a report needs.
 */
interface SvgPainter {
  renderToString(options: { readonly cssEmphasis: boolean }): string;
}

/** Losses in nats, one an epoch; null or not finite where there is none. */
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
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(
      {
        animation: false,
        backgroundColor: "#ffffff",
        textStyle: { fontFamily: "sans-serif", color: TEXT },
        title: {
          text: truncate(printable(title), MAX_TITLE_WIDTH),
          left: "center",
          top: 16,
          textStyle: { fontSize: 18, color: TEXT },
        },
        legend: {
          selectedMode: false,
          top: 48,
          itemWidth: 40,
          itemGap: 32,
          textStyle: { fontSize: 14, color: TEXT },
          data: ["Training", "Validation"],
        },
        grid: { left: 96, right: 32, top: 88, bottom: 64 },
        xAxis: {
          type: "value",
          name: "Epoch",
          nameLocation: "middle",
          nameGap: 34,
          min: epochs === 1 ? 0 : 1,
          max: epochs === 1 ? 2 : epochs,
          axisLabel: { customValues: epochTicks(1, epochs, MAX_EPOCH_TICKS), color: TEXT },
          axisTick: { customValues: epochTicks(1, epochs, MAX_EPOCH_TICKS) },
          splitLine: { show: false },
          ...AXIS,
        },
        yAxis: {
          type: "value",
          name: "Cross-entropy loss (nats)",
          nameLocation: "middle",
          nameGap: 68,
          scale: true,
          axisLabel: { color: TEXT, formatter: formatTick },
          axisTick: { show: true },
          splitLine: { lineStyle: { color: FAINT } },
          ...AXIS,
        },
        series: [
          lineSeries("Training", trainLoss, { color: BLUE, dash: "solid", symbol: "circle" }),
          lineSeries("Validation", validationLoss, {
            color: VERMILION,
            dash: "dashed",
            symbol: "emptyCircle",
          }),
        ],
      } satisfies EChartsOption,
    );
    const painter = chart.getZr().painter as unknown as SvgPainter;
    const svg = painter.renderToString({ cssEmphasis: false });
    // Names begin with how many charts this process has drawn.
    return svg.replaceAll(/(id="|url\(#)zr\d+-/g, "$1loss-");
  } finally {
    chart.dispose();
  }
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
