/** Which charts a page has: of what is logged each epoch. Those that say most are shown, and any other can be. */

import type { CurveColumn } from "../shared/curves.ts";
import { formatCount, formatLoss, formatNumber, formatPercentTick } from "../shared/format.ts";
import {
  drawnMetrics,
  formatMetric,
  isPercent,
  labelWords,
  lossLabel,
  metricsOf,
} from "../shared/metrics.ts";
import type { RunModel } from "./run_model.ts";

export interface Figure {
  /** Unique on its page. */
  readonly title: string;
  readonly yLabel: string;
  /** Of training, of validation; or one alone. */
  readonly columns: readonly CurveColumn[];
  readonly format: (value: number) => string;
  readonly formatTick?: (value: number) => string;
  /** Whether it is shown where nobody has chosen. */
  readonly byDefault: boolean;
}

type Shown = Pick<RunModel, "run" | "curves">;

/** The charts of one run: training and validation together. */
export function figuresOfRun(model: Shown): Figure[] {
  const metrics = metricFigures([model]);
  return [
    { ...lossFigure([model]), title: "Loss", columns: ["trainLoss", "validationLoss"] },
    ...metrics.map((figure) => ({
      ...figure,
      columns: [figure.training, ...figure.columns],
    })),
    ...paceFigures([model], false),
  ];
}

/** The charts of several: one for the validation and one for the training of each metric. */
export function figuresOfRuns(models: readonly Shown[]): Figure[] {
  const loss = lossFigure(models);
  const metrics = metricFigures(models);
  const figures: Figure[] = [
    { ...loss, title: "Validation loss", columns: ["validationLoss"] },
    { ...loss, title: "Training loss", columns: ["trainLoss"] },
    ...metrics.map((figure) => ({ ...figure, title: `Validation ${labelWords(figure.title)}` })),
    ...metrics.map((figure) => ({
      ...figure,
      title: `Training ${labelWords(figure.title)}`,
      columns: [figure.training],
      byDefault: false,
    })),
    ...paceFigures(models, true),
  ];
  return figures.filter(({ byDefault, columns }) => byDefault || hasValues(models, columns[0]));
}

function lossFigure(models: readonly Shown[]): Omit<Figure, "title" | "columns"> {
  const labels = new Set(models.map(({ run }) => lossLabel(run)));
  const yLabel = labels.size === 1 ? [...labels][0] : "Loss";
  return { yLabel, format: formatLoss, byDefault: true };
}

/** Their columns are those of the validation. */
function metricFigures(models: readonly Shown[]) {
  const byDefault = new Set(
    models.flatMap(({ run }) => drawnMetrics(run)).map(({ name }) => name),
  );
  const all = models.flatMap(({ run }) => metricsOf(run));
  const metrics = [...new Map(all.map((metric) => [metric.name, metric])).values()];
  return metrics.map(({ name, label }) => ({
    title: label,
    yLabel: label,
    columns: [
      name === "accuracy" ? "validationAccuracy" : `validation.${name}`,
    ] as readonly CurveColumn[],
    training: (name === "accuracy" ? "trainAccuracy" : `train.${name}`) as CurveColumn,
    format: (value: number) => formatMetric(name, value),
    formatTick: isPercent(name) ? formatPercentTick : undefined,
    byDefault: byDefault.has(name),
  })).filter(({ columns, training, byDefault }) =>
    byDefault || hasValues(models, columns[0]) || hasValues(models, training)
  );
}

/** How fast it went, and how fast it learned. */
function paceFigures(models: readonly Shown[], showsSpeed: boolean): Figure[] {
  const rates: Figure = {
    title: "Learning rate",
    yLabel: "Learning rate",
    columns: ["learningRate"],
    format: (value) => String(Number(value.toPrecision(3))),
    formatTick: formatNumber,
    byDefault: models.some(({ curves }) => varies(curves.column("learningRate"))),
  };
  const speed: Figure = {
    title: "Speed",
    yLabel: "Samples/s",
    columns: ["samplesPerSecond"],
    format: formatCount,
    byDefault: showsSpeed,
  };
  return [...(hasValues(models, "learningRate") ? [rates] : []), speed];
}

function varies(values: Float64Array): boolean {
  const finite = values.filter(Number.isFinite);
  return finite.some((value) => value !== finite[0]);
}

export function hasValues(models: readonly Shown[], column: CurveColumn): boolean {
  return models.some(({ curves }) => curves.column(column).some(Number.isFinite));
}

/** Why there is nothing to draw, in a sentence; undefined where there is something. */
export function whyEmpty(
  models: readonly Pick<RunModel, "run" | "curves" | "end">[],
  lines: readonly { readonly ys: Float64Array }[],
): string | undefined {
  if (lines.some(({ ys }) => ys.some(Number.isFinite))) return undefined;
  if (models.every(({ run }) => run === null)) return "The log cannot be read.";
  if (models.some(({ curves }) => curves.length > 0)) {
    return lines.every(({ ys }) => ys.length === 0)
      ? "The log does not say how many batches an epoch has."
      : "No epoch has a finite value.";
  }
  return models.every(({ end }) => end !== null)
    ? "It ended before its first epoch was done."
    : "The first epoch is not done yet.";
}
