/** The commands, their options and their help. */
import { Command, type Option } from "commander";
import { PRESETS, type TrainConfig } from "../train/config.ts";
import {
  backendOptions,
  compareOptions,
  dataDirOption,
  debugOption,
  exportOptions,
  imageOption,
  importOptions,
  indexOption,
  invertOption,
  jsonOption,
  languageOption,
  modelOption,
  runOption,
  searchOptions,
  serveOptions,
  trainOptions,
} from "./options.ts";
import { printError } from "./output.ts";

/**
 * Runs a command; the exit code that it returns goes to `onExit`. Each is loaded only when it is
 * asked for.
 */
export function makeProgram(onExit: (code: number) => void): Command {
  const program = new Command("deno task")
    .description("Weft trains multilayer perceptrons in Deno, with WebAssembly SIMD.")
    .usage("<command> [options]")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text) => printError(oneLine(text, "commands are " + names(program))),
    });

  const add = (
    name: string,
    description: string,
    options: Option[],
    help: string,
    // deno-lint-ignore no-explicit-any -- commander's options are untyped; commands name their shape
    run: () => Promise<(options: any) => Promise<number>>,
  ) => {
    const command = program.command(name).description(description).allowExcessArguments(false);
    for (const option of [...options, jsonOption, debugOption]) {
      command.addOption(option);
    }
    const hint = `see "deno task ${name} --help"`;
    command.configureOutput({ outputError: (text) => printError(oneLine(text, hint)) })
      .addHelpText("after", `\n${help}`)
      .action(async () => onExit(await (await run())(command.opts())));
  };

  add(
    "train",
    "Train a network and leave its log, model and plot in runs/NAME/.",
    trainOptions,
    presets() + "\n" +
      examples("train", "train --hidden 256,128 --epochs 10 --run wide", "train --resume wide"),
    async () => (await import("./train_command.ts")).trainCommand,
  );
  add(
    "evaluate",
    "Say how good a saved model is on the test set.",
    [modelOption, dataDirOption, ...backendOptions, languageOption],
    examples("evaluate", "evaluate --model wide"),
    async () => (await import("./evaluate_command.ts")).evaluateCommand,
  );
  add(
    "predict",
    "Classify rows of the test set, or a picture.",
    [
      modelOption,
      indexOption,
      imageOption,
      invertOption,
      dataDirOption,
      ...backendOptions,
      languageOption,
    ],
    examples("predict --index 0,1,2", "predict --image shoe.png --invert --model wide"),
    async () => (await import("./predict_command.ts")).predictCommand,
  );
  add(
    "import",
    "Make a run of a network that was trained elsewhere.",
    [...importOptions, runOption],
    examples(
      "import --file mlp.safetensors --activation relu",
      "import --file a.safetensors --activation relu --mean 0.29 --std 0.35",
    ),
    async () => (await import("./import_command.ts")).importCommand,
  );
  add(
    "compare",
    "Train the same network on each back end, and say which is faster where.",
    [...compareOptions, dataDirOption],
    examples("compare --quick", "compare --hidden 4096,4096 --batch-size 4096 --out wide-gpu"),
    async () => (await import("./compare_command.ts")).compareCommand,
  );
  add(
    "export",
    "Write a model as a predictor that answers requests, or for other tools.",
    [modelOption, ...exportOptions, dataDirOption],
    examples(
      "export --model wide --quantize",
      "export --format onnx",
      "export --format safetensors --model wide --out dist/my.safetensors",
    ),
    async () => (await import("./export_command.ts")).exportCommand,
  );
  add(
    "serve",
    "Run an exported predictor on this machine.",
    serveOptions,
    examples("serve", "serve --dir dist/ --port 8080"),
    async () => (await import("./serve_command.ts")).serveCommand,
  );
  add(
    "search",
    "Train many configurations, and say which is best.",
    [...searchOptions, dataDirOption],
    examples(
      "search --space space.json --trials 27 --time 10m",
      "search --resume search-2026-11-23_193107",
    ),
    async () => (await import("./search_command.ts")).searchCommand,
  );
  add(
    "data",
    "Find Fashion-MNIST, fetching it if need be, and say what was found.",
    [dataDirOption, languageOption],
    examples("data", "data --data-dir my-pictures"),
    async () => (await import("./data_command.ts")).dataCommand,
  );
  return program;
}

function names(program: Command): string {
  return program.commands.map((command) => command.name()).join(", ");
}

function examples(...lines: string[]): string {
  return `Examples:\n${lines.map((line) => `  deno task ${line}\n`).join("")}`;
}

/** What each preset stands for, in the words of the options. */
function presets(): string {
  const lines = Object.entries(PRESETS).map(([name, preset]: [string, TrainConfig]) =>
    `  ${name}:\n` +
    `    --hidden ${preset.hidden.join() || "none"} --activation ${preset.activation}` +
    ` --learning-rate ${preset.learningRate} --batch-size ${preset.batchSize}\n` +
    `    --optimizer ${preset.optimizer} --schedule ${preset.schedule}` +
    ` --initializer ${preset.initializer}\n` +
    (preset.optimizer === "adamw" ? `    --weight-decay ${preset.weightDecay}\n` : "") +
    `    --epochs ${preset.epochs} --l1 ${preset.l1} --l2 ${preset.l2}` +
    ` --seed ${preset.seed} --split-seed ${preset.splitSeed}` +
    `\n    --dropout ${preset.dropout} ${preset.batchNorm ? "--batch-norm" : "--no-batch-norm"}` +
    ` --label-smoothing ${preset.labelSmoothing}\n    --class-weights ${preset.classWeights}` +
    (preset.freezeOutputBias ? ", output bias kept at 0\n" : "\n") +
    `    --validation ${preset.validation} --patience ${preset.patience}` +
    ` --shift ${preset.shift} --${preset.flip ? "" : "no-"}flip` +
    ` --${preset.standardize ? "" : "no-"}standardize\n`
  );
  return `Presets:\n${lines.join("")}`;
}

/** Commander writes its hint ("Did you mean ...?") on a line of its own. */
function oneLine(text: string, hint: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, " ").replace(/\.$/, "")}; ${hint}`;
}
