/** The commands, their options and their help. */
import { Command, type Option } from "commander";
import {
  backendOptions,
  dataDirOption,
  imageOption,
  indexOption,
  invertOption,
  jsonOption,
  languageOption,
  modelOption,
  runOption,
  trainingOptions,
} from "./options.ts";
import { printError } from "./output.ts";

/** Runs a command; the exit code that it returns goes to `onExit`. Each is loaded only when it is asked for. */
export function makeProgram(onExit: (code: number) => void): Command {
  const program = new Command("deno task")
    .description("Weft trains multilayer perceptrons in Deno, with WebAssembly SIMD.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text) => printError(oneLine(text)) });

  const add = (
    name: string,
    description: string,
    options: Option[],
    examples: string[],
    // deno-lint-ignore no-explicit-any -- commander's options are untyped; each command names the shape it takes
    run: () => Promise<(options: any) => Promise<number>>,
  ) => {
    const command = program.command(name).description(description).allowExcessArguments(false);
    for (const option of options) command.addOption(option);
    command.addHelpText(
      "after",
      `\nExamples:\n${examples.map((e) => `  deno task ${e}\n`).join("")}`,
    );
    command.action(async () => onExit(await (await run())(command.opts())));
  };

  add(
    "train",
    "Train a network and leave its log, model and plot in runs/NAME/.",
    [...trainingOptions, ...backendOptions, dataDirOption, runOption, languageOption, jsonOption],
    ["train", "train --hidden 256,128 --epochs 10 --run wide"],
    async () => (await import("./train_command.ts")).trainCommand,
  );
  add(
    "evaluate",
    "Say how good a saved model is on the test set.",
    [modelOption, dataDirOption, ...backendOptions, languageOption, jsonOption],
    ["evaluate", "evaluate --model wide"],
    async () => (await import("./evaluate_command.ts")).evaluateCommand,
  );
  add(
    "predict",
    "Classify rows of the test set, or a picture.",
    [modelOption, indexOption, imageOption, invertOption, dataDirOption, ...backendOptions]
      .concat(languageOption, jsonOption),
    ["predict --index 0,1,2", "predict --image shoe.png --invert --model wide"],
    async () => (await import("./predict_command.ts")).predictCommand,
  );
  add(
    "data",
    "Find Fashion-MNIST, fetching it if need be, and say what was found.",
    [dataDirOption, languageOption, jsonOption],
    ["data", "data --data-dir my-pictures"],
    async () => (await import("./data_command.ts")).dataCommand,
  );
  return program;
}

/** Commander writes its hint ("Did you mean ...?") on a line of its own. */
function oneLine(text: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, " ")}; see "deno task train --help"`;
}
