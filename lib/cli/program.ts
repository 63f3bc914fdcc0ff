/** The commands, their options and their help. */
import { Command, type Option } from "commander";
import { examples, helpLayout, presetsHelp } from "./help.ts";
import { debugOption, jsonOption, runsOption } from "./options/common.ts";
import { DATA_ARGUMENT, DATA_FILES } from "./options/tables.ts";
import { compareOptions } from "./options/compare.ts";
import {
  dataOptions,
  evaluateOptions,
  exportOptions,
  importOptions,
  predictOptions,
  serveOptions,
} from "./options/model.ts";
import { searchOptions } from "./options/search.ts";
import { searchWorkerOptions } from "./options/search_worker.ts";
import { trainOptions } from "./options/train.ts";
import { trainMpiHelp, trainMpiOptions } from "./options/train_mpi.ts";
import { VERSION } from "./arguments.ts";
import { withData } from "./data_argument.ts";
import { print, printError } from "./output.ts";
import { useRunsFolder } from "./places.ts";
import { withSuggestion } from "./suggestions.ts";

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
    .version(VERSION, "--version", "print Weft's version")
    .configureHelp(helpLayout)
    .configureOutput({
      // Help has no colors. Left to itself, commander asks the environment, which takes a permission to read.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      writeOut,
      outputError: (text) => printError(oneLine(text, "commands are " + names(program))),
    });

  const add = (
    name: string,
    description: string,
    options: readonly Option[],
    help: string | ((command: Command) => string),
    // deno-lint-ignore no-explicit-any -- commander's options are untyped; commands name their shape
    run: () => Promise<(options: any) => Promise<number>>,
    data?: string,
  ) => {
    const command = program.command(name).description(description).allowExcessArguments(false)
      .version(VERSION, "--version", "print Weft's version");
    for (const option of [...options, ...runsOptions(name), jsonOption, debugOption]) {
      command.addOption(option);
    }
    if (data !== undefined) command.argument(DATA_ARGUMENT, data);
    const hint = `see "deno task ${name} --help"`;
    const known = command.options.map(({ long }) => long ?? undefined);
    const outputError = (text: string) => printError(oneLine(withSuggestion(text, known), hint));
    command.configureOutput({ writeOut, outputError })
      .addHelpText("after", () => `\n${typeof help === "string" ? help : help(command)}`)
      .action(async () => {
        useRunsFolder(command.opts().runs);
        const options = data === undefined
          ? command.opts()
          : await withData({ ...command.opts(), data: command.args[0] });
        onExit(await (await run())(options));
      });
  };

  add(
    "train",
    "Train a network and leave its log, model and plot in runs/NAME/.",
    trainOptions,
    (command) =>
      presetsHelp(command) + "\n" +
      examples(
        "train",
        "train --hidden 256,128 --epochs 10 --run wide",
        "train --resume wide",
        "train passengers.csv --target survived --run passengers",
      ),
    async () => (await import("./train/command.ts")).trainCommand,
    `what to train on: ${DATA_FILES}, or a folder with IDX files (default: as --data-dir)`,
  );
  add(
    "evaluate",
    "Say how good a saved model is on the test set, or on a table.",
    evaluateOptions,
    examples("evaluate", "evaluate --model wide", "evaluate test.csv --model passengers"),
    async () => (await import("./evaluate_command.ts")).evaluateCommand,
    `rows with their targets: ${DATA_FILES}, or a folder with IDX files`,
  );
  add(
    "predict",
    "Predict from the rows of a table, rows of the test set, or an image.",
    predictOptions,
    examples(
      "predict rows.csv --model passengers > answers.csv",
      "predict --index 0,1,2",
      "predict --image shoe.png --invert --model wide",
    ),
    async () => (await import("./predict_command.ts")).predictCommand,
    `rows to predict from: ${DATA_FILES}, or with --index a folder with IDX files`,
  );
  add(
    "import",
    "Make a run of a network that was trained elsewhere.",
    importOptions,
    examples(
      "import --file mlp.safetensors --activation relu",
      "import --file a.safetensors --activation relu --mean 0.29 --std 0.35",
      'import --file a.safetensors --network "conv 8 3x3" --height 28',
    ),
    async () => (await import("./import_command.ts")).importCommand,
  );
  add(
    "compare",
    "Train the same network on each back end, and say which is faster where.",
    compareOptions,
    examples("compare --quick", "compare --hidden 4096,4096 --batch-size 4096 --out wide-gpu"),
    async () => (await import("./compare/command.ts")).compareCommand,
  );
  add(
    "export",
    "Write a model as a predictor that answers requests, or for other tools.",
    exportOptions,
    examples(
      "export --model wide --quantize",
      "export --format onnx",
      "export --format safetensors --model wide --out dist/my.safetensors",
    ),
    async () => (await import("./export/command.ts")).exportCommand,
    "with --quantize, rows with their targets to measure its cost on: as for evaluate",
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
    searchOptions,
    examples(
      "search --space space.json --trials 27 --time 10m",
      "search --resume search-2026-11-23_193107",
    ),
    async () => (await import("./search/command.ts")).searchCommand,
    `what to train on: ${DATA_FILES}, or a folder with IDX files (default: as --data-dir)`,
  );
  add(
    "search:worker",
    "Train trials of searches that other machines run, until it is interrupted.",
    searchWorkerOptions,
    examples(
      "search:worker --nats nats://broker:4222",
      "search:worker --nats nats://broker:4222 --workers 4 --data-dir images",
    ),
    async () => (await import("./search/worker_command.ts")).searchWorkerCommand,
    `what the search trains on, where this machine has it elsewhere: ${DATA_FILES}, or a folder`,
  );
  add(
    "train:mpi",
    "Train one network in several processes, which mpirun or srun starts.",
    trainMpiOptions,
    trainMpiHelp,
    async () => (await import("./train_mpi_command.ts")).trainMpiCommand,
    `what to train on: ${DATA_FILES}, or a folder with IDX files (default: as --data-dir)`,
  );
  add(
    "data",
    "Say what would be trained on: of a table, its columns and what to mind.",
    dataOptions,
    examples("data", "data --data-dir my-images", "data passengers.csv --target survived"),
    async () => (await import("./data_command.ts")).dataCommand,
    `${DATA_FILES}, or a folder with IDX files (default: as --data-dir)`,
  );
  return program;
}

function names(program: Command): string {
  return program.commands.map((command) => command.name()).join(", ");
}

/** The folder of runs is an option of all commands but those that have nothing to do with runs. */
function runsOptions(command: string): Option[] {
  return ["serve", "data"].includes(command) ? [] : [runsOption];
}

/** Commander's own text: help, the version. A reader that has gone away is no error. */
function writeOut(text: string): void {
  print(text.replace(/\n$/, ""));
}

/** Commander writes its hint ("Did you mean ...?") on a line of its own. */
function oneLine(text: string, hint: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, " ").replace(/\.$/, "")}; ${hint}`;
}
