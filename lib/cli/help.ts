/** How `--help` is laid out, at any width, and what it says after the options. */
import { installation } from "../host/mod.ts";
import type { Command, Help } from "commander";
import { OPTION_LIST, type TrainConfig, typed } from "../config/options.ts";
import { PRESET_DIFFERENCES, PRESETS } from "../config/presets.ts";
import { appliesTo } from "../config/scope.ts";

/** Columns that a description needs beside its term; with fewer it stands below. */
const BESIDE = 28;

export const helpLayout: Partial<Help> = {
  minWidthToWrap: 16,
  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80;
    const room = width - termWidth - 4;
    if (description === "") return `  ${term}`;
    if (room < BESIDE) return `  ${term}\n${indented(helper.boxWrap(description, width - 6), 6)}`;
    const text = indented(helper.boxWrap(description, room), termWidth + 4);
    return `  ${term.padEnd(termWidth + 2)}${text.trimStart()}`;
  },
};

function indented(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}

export function examples(...lines: string[]): string {
  return `Examples:\n${lines.map((line) => `  ${installation.program} ${line}\n`).join("")}`;
}

/** The presets in the words of the options: all that have an effect in the baseline, and what differs in others. */
export function presetsHelp(command: Command): string {
  const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
  const sections = Object.entries(PRESETS).map(([preset, config]) => {
    const differences: Partial<TrainConfig> = PRESET_DIFFERENCES[preset as keyof typeof PRESETS];
    const isBaseline = config === PRESETS.baseline;
    const said = OPTION_LIST
      .filter(({ name }) => isBaseline ? appliesTo(name, config) : name in differences)
      .filter(({ name }) => config[name] !== null);
    const [flags, others] = [said.filter((it) => !it.inWords), said.filter((it) => it.inWords)]
      .map((options) => options.map(({ name }) => typed(name, config[name])));
    const words = [...isBaseline ? [] : ["as baseline, but"], ...flags];
    for (const other of others) words.push(`${words.pop()},`, other);
    return `  ${preset}:\n${filled(words, width - 4).map((line) => `    ${line}\n`).join("")}`;
  });
  const overrides =
    "Options that are given win over the preset's; --no-flip and its like turn a flag off.";
  return `Presets:\n${sections.join("")}${filled(overrides.split(" "), width).join("\n")}\n`;
}

/** Lines of so many columns; a line ends between two of `words` only, or inside one that no line holds. */
function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words.flatMap((word) => word.length > width ? word.split(" ") : [word])) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
