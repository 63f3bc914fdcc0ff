/** The table of a training run's options (lib/config/options.ts) as options of commands. */
import { Option } from "commander";
import { OPTION_LIST } from "../../config/options.ts";
import { PRESETS } from "../../config/presets.ts";
import { choiceOption, valueOption } from "./values.ts";

/**
 * All of them, and the preset that they start from. What the user leaves out is undefined: it is the preset's.
 *
 * @param notes what a command adds to an option's help
 */
export function trainingOptions(notes: Readonly<Record<string, string>> = {}): Option[] {
  // Without a default of its own: a run that is resumed has its own preset.
  const preset = choiceOption(
    "--preset <name>",
    "configuration to start from (default: baseline, of a table tabular)",
    Object.keys(PRESETS),
  );
  return [preset.helpGroup("Training:"), ...OPTION_LIST.flatMap((row) => optionsOf(row, notes))];
}

function optionsOf(row: typeof OPTION_LIST[number], notes: Readonly<Record<string, string>>) {
  const { name, flag, placeholder, group, help, inWords } = row;
  if (inWords) return [];
  const description = help + (notes[name] ?? "");
  const options = placeholder === ""
    ? [new Option(flag, description), new Option(flag.replace("--", "--no-")).hideHelp()]
    : [
      valueOption(
        `${flag} ${placeholder}`,
        description,
        row,
        row.example ?? row.write(row.default),
      ),
    ];
  return options.map((option) => option.helpGroup(`${group}:`));
}
