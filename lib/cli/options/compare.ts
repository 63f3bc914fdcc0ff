/** Options of `compare`. */
import { Option } from "commander";
import { BACKENDS } from "../../measure/backend_names.ts";
import { QUICK, THOROUGH } from "../../measure/budget.ts";
import { adapterOption, dataDirOption } from "./common.ts";
import { trainingOptions } from "./training.ts";
import { backendNames, valueOption } from "./values.ts";

export const compareOptions = [
  valueOption(
    "--backends <names>",
    "what to compare: some of " + BACKENDS.join(","),
    backendNames,
  ).default(BACKENDS, "all"),
  adapterOption,
  new Option("--quick", "half a minute's work: fewer rows, epochs, threads and sizes, more noise"),
  new Option(
    "--out <name>",
    "name of the folder below runs/ (default: compare- and the time)",
  ),
  ...trainingOptions({
    epochs: ` (default: ${THOROUGH.epochs}, or ${QUICK.epochs} with --quick)`,
  }),
  dataDirOption,
];
