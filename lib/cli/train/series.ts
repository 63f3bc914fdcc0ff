/** `train --seeds` and `train --folds`: several runs of one configuration, and what they came to together. */
import { installation } from "../../host/mod.ts";
import type { TrainConfig } from "../../config/options.ts";
import { requireValue } from "../../config/resolve.ts";
import { type Fold, requireFolds } from "../../dataset/folds.ts";
import { UsageError } from "../../errors.ts";
import { formatCount, formatDuration, formatLoss } from "../../report/format.ts";
import { formatMetric, metricWords } from "../../report/metrics_text.ts";
import { seriesTable } from "../../report/series_table.ts";
import { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { SUMMARY_FILE } from "../../run_log/shared/file_names.ts";
import { printable } from "../../report/display_width.ts";
import { requireFreeRunName } from "../../run_log/run/run_folder.ts";
import {
  type SeriesKind,
  type Summary,
  SUMMARY_MEASURES,
  SUMMARY_SCHEMA,
  type SummaryMeasure,
  type SummaryRun,
  type SummaryStatistics,
} from "../../run_log/summary/summary.ts";
import { TASKS } from "../../task/mod.ts";
import type { Metric, Metrics } from "../../task/task.ts";
import { INTERRUPTED } from "../interruption.ts";
import type { OpenedData } from "../opened_data.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { print, printErrorLine, printJson } from "../output.ts";
import { divergence } from "./divergence.ts";
import { type Continuing, openTrainingResources, type TrainedRun, trainRun } from "./run.ts";
import { runsArgument, runsFolder } from "../places.ts";
import { makeRunFolder } from "../task_line.ts";

/** More runs than this are a slip of the finger. */
const MOST_SEEDS = 1000;

/** A run that is to be. */
interface Planned {
  /** What its name ends with: "seed-42". */
  readonly suffix: string;
  readonly config: TrainConfig;
  readonly fold: Fold | null;
}

/** @returns the exit code: 0 completed, 1 a run diverged, 130 interrupted */
export async function trainSeries(
  { options, preset, config, continuing, opened }: {
    readonly options: TrainCommandOptions;
    readonly preset: string;
    readonly config: TrainConfig;
    readonly continuing: Continuing;
    /** Null where the data is a folder of IDX files. */
    readonly opened: OpenedData | null;
  },
): Promise<number> {
  const startedAt = new Date();
  const { seeds, folds, json } = options;
  if (seeds !== undefined && folds !== undefined) {
    throw new UsageError(
      "Cannot train with --seeds and --folds at once: leave out one of them",
    );
  }
  const kind: SeriesKind = seeds !== undefined ? "seeds" : "folds";
  const plans = seeds !== undefined ? seedPlans(seeds, config) : foldPlans(folds!, config);
  if (options.run !== undefined) {
    requireFreeRunName(runsFolder(), options.run);
    for (const { suffix } of plans) requireFreeRunName(runsFolder(), `${options.run}-${suffix}`);
  }
  using resources = await openTrainingResources(options, { config, preset }, continuing, opened);
  // Found out now, and not when the first run begins.
  resources.source.requireParts(config, folds);
  const folder = makeRunFolder(options.run ?? { preset, startedAt });
  const held = HeldFolder.at(folder.path);
  const runs: SummaryRun[] = [];
  let metrics: readonly Metric[] | undefined;
  const summarize = (status: Summary["status"]): Summary => ({
    type: "summary",
    schema: SUMMARY_SCHEMA,
    name: folder.name,
    kind,
    status,
    startedAt: startedAt.toISOString(),
    config: { preset, ...config, [kind]: plans.length },
    runCount: plans.length,
    runs,
    statistics: statisticsOf(runs),
    ...(metrics ? { metrics, metricStatistics: metricStatisticsOf(runs, metrics) } : {}),
  });
  const write = async (summary: Summary) => {
    const text = `${JSON.stringify(summary, null, 1)}\n`;
    await held.write(SUMMARY_FILE, new TextEncoder().encode(text));
  };
  await write(summarize("running"));
  for (const { suffix, config, fold } of plans) {
    const name = `${folder.name}-${suffix}`;
    const trained = await trainRun({ name, preset, config, fold, options }, resources);
    runs.push(summaryRun(trained, config, fold));
    metrics ??= TASKS[trained.end.model?.task ?? "classification"].metrics;
    if (!json) print(line(trained, config, metrics));
    const diverged = divergence(trained.end);
    if (diverged) printErrorLine(`note: ${name}: ${diverged}`);
    if (trained.end.status === "interrupted") break;
    await write(summarize("running"));
  }
  const isInterrupted = runs.at(-1)!.status === "interrupted";
  const summary = summarize(isInterrupted ? "interrupted" : "completed");
  await write(summary);
  if (json) printJson(summary);
  else {
    print(`\n${seriesTable(summary)}\n\n${printable(folder.path)}/: ${SUMMARY_FILE}`);
    if (isInterrupted) {
      print(
        `Resume with: ${installation.program} train --resume ${runs.at(-1)!.name}${runsArgument()}`,
      );
    }
  }
  if (isInterrupted) return INTERRUPTED;
  return runs.some(({ status }) => status === "diverged") ? 1 : 0;
}

function seedPlans(seeds: number, config: TrainConfig): Planned[] {
  if (!Number.isInteger(seeds) || seeds < 2 || seeds > MOST_SEEDS) {
    throw new UsageError(
      `Cannot train with ${seeds} seeds: it must be a whole number of at least 2 and at most ${MOST_SEEDS}`,
    );
  }
  return Array.from({ length: seeds }, (_, i) => {
    const seed = config.seed + i;
    requireValue("seed", seed);
    return { suffix: `seed-${seed}`, config: { ...config, seed }, fold: null };
  });
}

function foldPlans(folds: number, config: TrainConfig): Planned[] {
  requireFolds(folds);
  return Array.from({ length: folds }, (_, i) => {
    const fold = i + 1;
    return { suffix: `fold-${fold}`, config, fold: { fold, folds } };
  });
}

function summaryRun(
  { name, epochs, end }: TrainedRun,
  { seed }: TrainConfig,
  fold: Fold | null,
): SummaryRun {
  const { status, bestEpoch, validationLoss, validationAccuracy, testLoss, testAccuracy } = end;
  const { validation, test } = end;
  return {
    name,
    seed,
    fold: fold?.fold ?? null,
    status,
    epochs: epochs.length,
    bestEpoch,
    validationLoss,
    validationAccuracy,
    testLoss,
    testAccuracy,
    validation,
    test,
  };
}

/** `NAME-seed-42: validation 81.51 %, test 79.97 %, loss 0.5697, 40 epochs, 17.0 s`; other metrics than the accuracy by name. */
function line(
  { name, epochs, end }: TrainedRun,
  { epochs: wanted }: TrainConfig,
  [, main]: readonly Metric[],
): string {
  const { validation, test, testLoss } = end;
  const text = (values: Metrics) =>
    main.name === "accuracy"
      ? formatMetric(main, values[main.name])
      : `${metricWords(main)} ${formatMetric(main, values[main.name])}`;
  const parts = [
    ...(validation ? [`validation ${text(validation)}`] : []),
    ...(test ? [`test ${text(test)}, loss ${formatLoss(testLoss)}`] : []),
    epochs.length === wanted
      ? `${formatCount(wanted)} epochs`
      : `${formatCount(epochs.length)} of ${formatCount(wanted)} epochs`,
    formatDuration(end.totalMs),
  ];
  return `${name}: ${parts.join(", ")}${end.status === "completed" ? "" : `, ${end.status}`}`;
}

function statisticsOf(runs: readonly SummaryRun[]): Record<SummaryMeasure, SummaryStatistics> {
  const completed = runs.filter(({ status }) => status === "completed");
  return Object.fromEntries(SUMMARY_MEASURES.map((name) => {
    const values = completed.map((run) => run[name]).filter((value) => value !== null);
    return [name, statistics(values)];
  })) as Record<SummaryMeasure, SummaryStatistics>;
}

function metricStatisticsOf(runs: readonly SummaryRun[], metrics: readonly Metric[]) {
  const completed = runs.filter(({ status }) => status === "completed");
  const of = (part: "validation" | "test") =>
    Object.fromEntries(metrics.map(({ name }) => {
      const values = completed.map((run) => run[part]?.[name] ?? null);
      return [name, statistics(values.filter((value) => value !== null))];
    }));
  return { validation: of("validation"), test: of("test") };
}

/** Of a sample, so that the spread is over count - 1. */
function statistics(values: readonly number[]): SummaryStatistics {
  const count = values.length;
  if (count === 0) {
    return { count, mean: null, standardDeviation: null, least: null, most: null };
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    standardDeviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}
