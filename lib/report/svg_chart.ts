/**
 * Draws a chart as an SVG picture, without a browser, by ECharts. Import what leads here only where a picture is wanted, for
 * ECharts' megabyte of code takes a tenth of a second to load.
 */

// The ready-made production build: ECharts' modules ask the environment for NODE_ENV, which needs a
// permission.
// @ts-types="echarts"
import { type EChartsOption, init } from "echarts/dist/echarts.esm.min.mjs";
import { printable, truncate } from "./display_width.ts";

/** Pixels, at 100 %. */
const WIDTH = 800;
const HEIGHT = 500;

export const TEXT = "#222222";
export const FAINT = "#dddddd";

/**
 * Okabe and Ito's palette without its yellow, too light on white: distinct for colour-blind readers.
 */
export const COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#e69f00",
  "#222222",
] as const;

/** What axes have in common. */
export const AXIS = {
  nameLocation: "middle",
  nameTextStyle: { fontSize: 14, color: TEXT },
  axisLine: { show: true, onZero: false, lineStyle: { color: TEXT } },
  axisLabel: { color: TEXT },
  axisTick: { show: true },
  splitLine: { lineStyle: { color: FAINT } },
} as const;

export const LEGEND = {
  selectedMode: false,
  top: 48,
  itemWidth: 40,
  itemGap: 32,
  textStyle: { fontSize: 14, color: TEXT },
} as const;

/** Columns of a fixed-width font; at its size, so much of the title fits the picture. */
const MAX_TITLE_WIDTH = 64;

/**
 * What ECharts draws SVG with. Asked directly because `renderToSVGString` cannot leave out the
 * rules for a mouse that hovers, which no picture in a report needs.
 */
interface SvgPainter {
  renderToString(options: { readonly cssEmphasis: boolean }): string;
}

/**
 * @param prefix begins the names of elements
 * @param height in pixels
 * @returns an SVG document, 800 pixels wide, on white; the same text for the same chart
 */
export function chartSvg(
  title: string,
  prefix: string,
  option: EChartsOption,
  height = HEIGHT,
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      color: [...COLOURS],
      textStyle: { fontFamily: "sans-serif", color: TEXT },
      title: {
        text: truncate(printable(title), MAX_TITLE_WIDTH),
        left: "center",
        top: 16,
        textStyle: { fontSize: 18, color: TEXT },
      },
      ...option,
    });
    const painter = chart.getZr().painter as unknown as SvgPainter;
    const svg = painter.renderToString({ cssEmphasis: false });
    // Names begin with how many charts this process has drawn.
    return svg.replaceAll(/(id="|url\(#)zr\d+-/g, `$1${prefix}-`);
  } finally {
    chart.dispose();
  }
}
