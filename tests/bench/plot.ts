/** Plots of measurements as SVG pictures, drawn without a browser by ECharts. */

// The ready-made production build: ECharts' modules ask the environment for NODE_ENV.
// @ts-types="echarts"
import { type EChartsOption, init } from "echarts/dist/echarts.esm.min.mjs";

/** Pixels, at 100 %. */
const [WIDTH, HEIGHT] = [800, 500];

/** Okabe and Ito's palette, distinct for colour-blind readers. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];
const TEXT = "#222222";
const FAINT = "#dddddd";

export interface LinePlot {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export interface BarPlot {
  readonly title: string;
  readonly xName: string;
  /** From the top down. */
  readonly bars: readonly (readonly [name: string, value: number])[];
}

const AXIS = {
  nameLocation: "middle",
  nameTextStyle: { fontSize: 14, color: TEXT },
  axisLabel: { color: TEXT },
  splitLine: { lineStyle: { color: FAINT } },
} as const;

/** Lines over two logarithmic axes: where cost grows with size, its slope is the power. */
export function linePlotSvg({ title, xName, yName, series }: LinePlot): string {
  return draw(title, {
    legend: { top: 48, selectedMode: false, textStyle: { fontSize: 14, color: TEXT } },
    grid: { left: 96, right: 32, top: 88, bottom: 64 },
    xAxis: { type: "log", name: xName, nameGap: 34, ...AXIS },
    yAxis: { type: "log", name: yName, nameGap: 68, ...AXIS },
    series: series.map(({ name, points }) => ({
      type: "line",
      name,
      data: points.map(([x, y]) => [x, y]),
      symbolSize: 8,
      lineStyle: { width: 2 },
    })),
  });
}

/** Horizontal bars over a logarithmic axis, each with its value. */
export function barPlotSvg({ title, xName, bars }: BarPlot): string {
  return draw(title, {
    grid: { left: 200, right: 80, top: 64, bottom: 64 },
    xAxis: { type: "log", name: xName, nameGap: 34, ...AXIS },
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(([name]) => name),
      axisLabel: { color: TEXT, fontSize: 14 },
    },
    series: [{
      type: "bar",
      data: bars.map(([, value]) => value),
      label: {
        show: true,
        position: "right",
        formatter: ({ value }) => String(Number(Number(value).toPrecision(3))),
      },
    }],
  });
}

function draw(title: string, option: EChartsOption): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      color: COLOURS,
      textStyle: { fontFamily: "sans-serif", color: TEXT },
      title: { text: title, left: "center", top: 16, textStyle: { fontSize: 18, color: TEXT } },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
