/** What several runs came to, as tables of text. */
import { formatLoss, formatPercent } from "./format.ts";
import { formatMetric, metricWords, type NamedMetric } from "./metrics_text.ts";
import { table } from "./table.ts";

/** What is measured of a run: losses in nats, accuracies from 0 to 1. */
type Measures = {
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
};

type Statistic = { readonly mean: number | null; readonly standardDeviation: number | null };

type Values = Readonly<Record<string, number | null>>;

export interface SeriesTable {
  /** Of the task, the loss first; those of classification where it is left out. */
  readonly metrics?: readonly NamedMetric[];
  readonly metricStatistics?: Readonly<
    Record<"validation" | "test", Readonly<Record<string, Statistic>>>
  >;
  readonly runs: readonly (Measures & {
    readonly validation?: Values | null;
    readonly test?: Values | null;
    readonly seed: number;
    readonly fold: number | null;
    readonly epochs: number;
    readonly bestEpoch: number | null;
  })[];
  readonly statistics: Readonly<Record<keyof Measures, Statistic>>;
}

/** A row for each run, then their mean and their standard deviation; lines of at most 80 columns. */
export function seriesTable(series: SeriesTable): string {
  const { runs, statistics, metrics, metricStatistics } = series;
  const [, main] = metrics ?? [];
  if (main && main.name !== "accuracy" && metricStatistics) {
    return `${mainTable(series, main)}\n\n${metricTable(metrics!, metricStatistics)}`;
  }
  const heads = ["", "epochs", "best", "val loss", "val acc", "test loss", "test acc"];
  const cells = (of: (name: keyof Measures) => number | null) => [
    formatLoss(of("validationLoss")),
    formatPercent(of("validationAccuracy")),
    formatLoss(of("testLoss")),
    formatPercent(of("testAccuracy")),
  ];
  return table(heads, [
    ...runs.map((run) => [
      run.fold === null ? `seed ${run.seed}` : `fold ${run.fold}`,
      String(run.epochs),
      run.bestEpoch === null ? "-" : String(run.bestEpoch),
      ...cells((name) => run[name]),
    ]),
    ["mean", "", "", ...cells((name) => statistics[name].mean)],
    ["deviation", "", "", ...cells((name) => statistics[name].standardDeviation)],
  ]);
}

const PARTS = ["validation", "test"] as const;
const HEADS = { validation: "val", test: "test" } as const;
const LOSS: NamedMetric = { name: "loss", label: "Loss", unit: "" };

/** The same for a task whose main metric is another than the accuracy. */
function mainTable({ runs, metricStatistics }: SeriesTable, main: NamedMetric): string {
  const columns = PARTS.flatMap((part) => [{ part, metric: LOSS }, { part, metric: main }]);
  const statistic = (key: keyof Statistic) =>
    columns.map(({ part, metric }) =>
      formatMetric(metric, metricStatistics![part][metric.name]?.[key] ?? null)
    );
  return table([
    "",
    "epochs",
    "best",
    ...columns.map(({ part, metric }) => `${HEADS[part]} ${metricWords(metric)}`),
  ], [
    ...runs.map((run) => [
      run.fold === null ? `seed ${run.seed}` : `fold ${run.fold}`,
      String(run.epochs),
      run.bestEpoch === null ? "-" : String(run.bestEpoch),
      ...columns.map(({ part, metric }) => formatMetric(metric, run[part]?.[metric.name] ?? null)),
    ]),
    ["mean", "", "", ...statistic("mean")],
    ["deviation", "", "", ...statistic("standardDeviation")],
  ]);
}

/** A row for each metric. */
function metricTable(
  metrics: readonly NamedMetric[],
  statistics: NonNullable<SeriesTable["metricStatistics"]>,
): string {
  return table(
    ["", ...PARTS.flatMap((part) => [`${HEADS[part]} mean`, "deviation"])],
    metrics.map((metric) => [
      metricWords(metric),
      ...PARTS.flatMap((part) => {
        const { mean = null, standardDeviation = null } = statistics[part][metric.name] ?? {};
        return [formatMetric(metric, mean), formatMetric(metric, standardDeviation)];
      }),
    ]),
  );
}
