/** What several runs came to, as a table of text. */
import { formatLoss, formatPercent } from "./format.ts";
import { table } from "./table.ts";

/** What is measured of a run: losses in nats, accuracies from 0 to 1. */
type Measures = {
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
};

type Statistic = { readonly mean: number | null; readonly standardDeviation: number | null };

export interface SeriesTable {
  readonly runs: readonly (Measures & {
    readonly seed: number;
    readonly fold: number | null;
    readonly epochs: number;
    readonly bestEpoch: number | null;
  })[];
  readonly statistics: Readonly<Record<keyof Measures, Statistic>>;
}

/** Of tasks without an accuracy, no run has one. */
function hasAccuracy({ runs }: SeriesTable): boolean {
  return runs.some(({ validationAccuracy, testAccuracy }) =>
    validationAccuracy !== null || testAccuracy !== null
  );
}

/** A row for each run, then their mean and their standard deviation; lines of at most 80 columns. */
export function seriesTable(series: SeriesTable): string {
  const { runs, statistics } = series;
  const accuracies = hasAccuracy(series) || runs.length === 0;
  const heads = accuracies
    ? ["", "epochs", "best", "val loss", "val acc", "test loss", "test acc"]
    : ["", "epochs", "best", "val loss", "test loss"];
  const cells = (of: (name: keyof Measures) => number | null) => [
    formatLoss(of("validationLoss")),
    ...accuracies ? [formatPercent(of("validationAccuracy"))] : [],
    formatLoss(of("testLoss")),
    ...accuracies ? [formatPercent(of("testAccuracy"))] : [],
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
