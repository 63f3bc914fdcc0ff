/** What a search says, in lines of at most 80 columns. */
import { installation } from "../../host/mod.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount, formatDuration } from "../../report/format.ts";
import { formatMetric } from "../../report/metrics_text.ts";
import { table, wrap } from "../../report/table.ts";
import { SEARCH_FILE } from "../../run_log/shared/file_names.ts";
import { measureOf, measureWords, metricOf } from "../../run_log/search/measure.ts";
import { bestTrial, isRanked, rankedTrials } from "../../run_log/search/ranking.ts";
import type { Search, TrialRecord } from "../../run_log/search/search.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import { ownEntry } from "../../run_log/shared/own_entry.ts";
import { optionText, trialCommand } from "../../run_log/search/trial_command.ts";
import { runsArgument, runsFolder } from "../places.ts";

/** Trials and varied options that have room; the file and the dashboard have all. */
const MOST_ROWS = 30;
const MOST_OPTIONS = 5;

/** The longest name of a run that stands in a table in full. */
const NAME_WIDTH = 16;

const NOTHING = "-";

export function searchReport(search: Search): string {
  const sections = [trialTable(search), problems(search), outcome(search), best(search)];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** How far it is, for a line that is overwritten. */
export function statusLine(search: Search): string {
  const { trials, trialsAsked, totalMs } = search;
  const running = trials.filter(({ status }) => status === "running");
  const begun = trials.filter(({ begun }) => begun).length;
  const first = bestTrial(search);
  const parts = [
    `${begun}${trialsAsked === null ? "" : ` of ${trialsAsked}`} trials begun`,
    `training ${running.map(({ trial, epochs }) => `${trial} (epoch ${epochs})`).join(", ")}`,
    first ? `best ${metricText(first, search)} (${first.trial})` : "",
    formatDuration(totalMs),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function trialTable(search: Search): string {
  const ranked = rankedTrials(search).filter(({ begun }) => begun);
  if (ranked.length === 0) return "";
  const varied = search.space.filter(({ kind }) => kind !== "fixed").map(({ option }) => option);
  const options = varied.slice(0, MOST_OPTIONS);
  const lines = table(
    ["rank", "run", measureWords(search).replace("validation", "val."), "epochs", ...options],
    ranked.slice(0, MOST_ROWS).map((trial, i) => [
      isRanked(trial, search) ? String(i + 1) : NOTHING,
      runName(trial),
      metricText(trial, search),
      String(trial.epochs),
      ...options.map((option) => valueText(ownEntry(trial.options, option))),
    ]),
  );
  const more: string[] = [];
  if (ranked.length > MOST_ROWS) more.push(`${ranked.length - MOST_ROWS} more trials`);
  if (varied.length > MOST_OPTIONS) more.push(varied.slice(MOST_OPTIONS).join(", "));
  if (more.length === 0) return lines;
  return `${lines}\n${wrap(`not shown: ${more.join("; ")}; see ${fileOf(search)}`)}`;
}

/** Its number, where the search's name would push all else aside. */
function runName({ run }: TrialRecord): string {
  return run.length <= NAME_WIDTH
    ? printable(run)
    : `…${printable(run.slice(run.lastIndexOf("-")))}`;
}

function metricText(trial: TrialRecord, search: Pick<Search, "metric" | "measure">): string {
  if (trial.status === "diverged" || trial.status === "failed") return trial.status;
  return formatMetric(measureOf(search), metricOf(trial, search));
}

function valueText(value: ConfigValue | undefined): string {
  return value === undefined ? NOTHING : printable(optionText(value));
}

/** Why trials failed. */
function problems({ trials }: Search): string {
  const lines = trials.flatMap(({ run, error }) => error === undefined ? [] : [`${run}: ${error}`]);
  const more = lines.length > MOST_ROWS ? [`and ${lines.length - MOST_ROWS} more`] : [];
  return [...lines.slice(0, MOST_ROWS), ...more].map((line) => wrap(printable(line))).join("\n");
}

function outcome(search: Search): string {
  const { status, trials, totalMs, strategy, rungs, name } = search;
  const begun = trials.filter(({ begun }) => begun).length;
  const how = strategy === "random" || rungs.length < 2
    ? ""
    : `, compared after ${rungs.map(({ epochs }) => epochs).join(", ")} epochs`;
  const words = { "out-of-time": "out of time" } as Partial<Record<Search["status"], string>>;
  const lines = [
    `${words[status] ?? status} after ${formatCount(begun)} trial${begun === 1 ? "" : "s"} and ` +
    `${formatDuration(totalMs)}${how}; ${fileOf(search)}`,
  ];
  if (status === "interrupted") {
    lines.push(`Resume with: ${installation.program} search --resume ${name}${runsArgument()}`);
  }
  if (status === "out-of-time") {
    lines.push(
      `Resume with: ${installation.program} search --resume ${name}${runsArgument()} --time and how long in all`,
    );
  }
  return lines.map(wrap).join("\n");
}

function best(search: Search): string {
  const first = bestTrial(search);
  if (!first) return "";
  const { run, epochs, options } = first;
  return [
    `best: ${run}, ${measureWords(search)} ${metricText(first, search)} after ` +
    `${epochs} epoch${epochs === 1 ? "" : "s"}`,
    // On one line, however long it is, so that it can be copied.
    trialCommand(options, search.bestArguments, installation.program),
  ].join("\n");
}

function fileOf({ name }: Search): string {
  return `${printable(runsFolder())}/${name}/${SEARCH_FILE}`;
}
