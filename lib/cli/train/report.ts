/** What a training run says at its end. */
import { translateClassNames } from "../../dataset/class_names.ts";
import type { Language } from "../../dataset/class_names.ts";
import { nameWithAdapter } from "../../run_log/run/backend_name.ts";
import { classTable } from "../../report/class_table.ts";
import { confusionMatrixText } from "../../report/confusion_matrix.ts";
import { formatCount, formatDuration, formatLoss, formatPercent } from "../../report/format.ts";
import { metricsText, metricWords } from "../../report/metrics_text.ts";
import { wrap } from "../../report/table.ts";
import { lossChart } from "../../report/terminal_chart.ts";
import type { EpochRecord } from "../../run_log/run/records.ts";
import type { Beginning, EndEvent } from "../../train/events.ts";
import type { ClassMetrics, ConfusionMatrix } from "../../task/metrics/metrics.ts";
import { TASKS } from "../../task/mod.ts";
import { lossCurves } from "./loss_curves.ts";

/** The whole report, in lines of at most 80 columns. */
export function trainReport(
  start: Beginning,
  epochs: readonly EpochRecord[],
  end: EndEvent,
  { language, monitor }: { readonly language: Language; readonly monitor: string },
): string {
  const sections = [
    lossChart(lossCurves(epochs, end.model?.task)),
    outcome(start, epochs, end, monitor),
  ];
  if (end.perClass) sections.push(classSections(end.perClass, end.confusionMatrix, language));
  return sections.join("\n\n");
}

/** The table of classes or labels, and the confusion matrix where there is one. */
export function classSections(
  perClass: readonly ClassMetrics[],
  confusion: ConfusionMatrix | null,
  language: Language,
): string {
  const names = translateClassNames(perClass.map(({ name }) => name), language);
  const rows = perClass.map((row, i) => ({ ...row, name: names[i] }));
  const tables = [classTable(rows), ...(confusion ? [confusionMatrixText(confusion, names)] : [])];
  return tables.join("\n\n");
}

function outcome(
  start: Beginning,
  epochs: readonly EpochRecord[],
  end: EndEvent,
  monitor: string,
): string {
  const task = TASKS[end.model?.task ?? "classification"];
  const lines = [
    `${end.status} after ${counted(epochs.length, "epoch")} and ${formatDuration(end.totalMs)} ` +
    `on ${environments(start, end)}`,
  ];
  if (end.stoppedBy === "patience") {
    const metric = task.metrics.find(({ name }) => name === monitor);
    const words = metric ? metricWords(metric) : monitor;
    lines.push(`stopped early: the best validation ${words} is that of epoch ${end.bestEpoch}`);
  }
  if (end.lastModel) lines.push(`the model is that of epoch ${end.bestEpoch}`);
  if (task.name !== "classification") {
    for (const [what, values] of [["validation", end.validation], ["test", end.test]] as const) {
      if (values) lines.push(wrap(`${what}: ${metricsText(task.metrics, values)}`));
    }
    if (end.threshold !== null) lines.push(`a yes from a probability of ${end.threshold} on`);
    return lines.join("\n");
  }
  if (end.validationAccuracy !== null) {
    const correct = Math.round(end.validationAccuracy * start.validationRows);
    lines.push(
      `validation accuracy ${formatPercent(end.validationAccuracy)} ` +
        `(${formatCount(correct)} of ${formatCount(start.validationRows)})`,
    );
  }
  if (end.testAccuracy !== null) {
    lines.push(
      `test accuracy       ${formatPercent(end.testAccuracy)}, loss ${formatLoss(end.testLoss)}`,
    );
  }
  return lines.join("\n");
}

/** What computed; two where a device failed. */
function environments(start: Beginning, end: EndEvent): string {
  const [first, last] = [nameWithAdapter(start.environment), nameWithAdapter(end.environment)];
  return first === last ? first : `${first}, then ${last}`;
}

function counted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}
