/** What to type about a run, each as a line that a shell takes. */

import { quoted, trialCommand } from "../../lib/run_log/search/trial_command.ts";
import type { ConfigValue, RunRecord } from "../../lib/run_log/run/records.ts";

export interface Command {
  readonly title: string;
  readonly line: string;
}

/** The data that is trained on when nothing else is named. */
const OWN_DATA = /^fashion.mnist$/i;

/**
 * @param changed names of options that are others than the preset's
 * @param state whether the run has saved a model, and whether all of its epochs are done
 */
export function commandsOf(
  name: string,
  run: Pick<RunRecord, "config" | "dataset">,
  changed: readonly string[],
  { hasModel, isCompleted }: { readonly hasModel: boolean; readonly isCompleted: boolean },
): Command[] {
  const { config, dataset } = run;
  const options: Record<string, ConfigValue> = {};
  if (typeof config.preset === "string") options.preset = config.preset;
  for (const option of changed) options[flagOf(option)] = config[option];
  const again = trialCommand(options);
  const data = OWN_DATA.test(dataset.name) ? "" : ` ${quoted(dataset.name)}`;
  const model = quoted(name);
  return [
    { title: "Train again", line: again.replace("deno task train", `deno task train${data}`) },
    ...(isCompleted ? [] : [{ title: "Resume", line: `deno task train --resume ${model}` }]),
    ...(hasModel
      ? [
        { title: "Evaluate", line: `deno task evaluate${data} --model ${model}` },
        { title: "Export a predictor", line: `deno task export --model ${model}` },
      ]
      : []),
  ];
}

/** `learning-rate` of `learningRate`: as the command line has it. */
export function flagOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
