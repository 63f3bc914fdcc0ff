/** The plots of a comparison. */
import { groupedBarPlotSvg, linePlotSvg } from "../../report/plots.ts";
import type { Comparison, CurveAxis } from "../../run_log/comparison/comparison.ts";
import type { Measured } from "../../run_log/run/records.ts";
import { featured, kernelNames, kernelOf } from "./kernels.ts";
import { KERNELS_PLOT_FILE } from "../../run_log/shared/file_names.ts";

const AXIS_NAMES: Readonly<Record<CurveAxis, string>> = {
  batch: "Rows of a batch",
  width: "Units of the hidden layer",
};

/** SVG documents by the name of their file; none where there is nothing to draw. */
export function comparisonPlots(comparison: Comparison): Record<string, string> {
  return { ...kernelsPlot(comparison), ...curvePlots(comparison) };
}

function kernelsPlot({ contenders, network }: Comparison): Record<string, string> {
  const shown = featured(contenders).filter(({ kernels }) => kernels.length > 0);
  const names = kernelNames(shown);
  if (names.length === 0) return {};
  const svg = groupedBarPlotSvg({
    title: `Kernels of a step of ${network.layers.join("-")} by ${network.batchSize}`,
    xName: "Microseconds a call, median",
    groups: names,
    series: shown.map((contender) => ({
      name: contender.label,
      values: names.map((name) => microseconds(kernelOf(contender, name)?.time.medianMs)),
    })),
  });
  return { [KERNELS_PLOT_FILE]: svg };
}

function microseconds(ms: Measured | undefined): number | null {
  return ms === null || ms === undefined ? null : ms * 1000;
}

function curvePlots({ curves, crossovers, network }: Comparison): Record<string, string> {
  const plots: Record<string, string> = {};
  for (const [axis, xName] of Object.entries(AXIS_NAMES) as [CurveAxis, string][]) {
    const here = curves.filter((curve) => curve.axis === axis && curve.points.length > 0);
    if (here.length === 0) continue;
    const layers = network.layers.join("-");
    plots[`${axis}.svg`] = linePlotSvg({
      title: axis === "batch"
        ? `Time of a step of ${layers}`
        : `Time of a step by ${network.batchSize}, one hidden layer`,
      xName,
      yName: "Milliseconds a step, median",
      series: here.map(({ contender, points }) => ({
        name: contender,
        points: points.flatMap(({ at, time }) =>
          time.medianMs === null ? [] : [[at, time.medianMs] as const]
        ),
      })),
      marks: crossovers.flatMap(({ axis: of, at, contender }) =>
        of === axis && at !== null ? [{ at, label: `${contender} overtakes` }] : []
      ),
    });
  }
  return plots;
}
