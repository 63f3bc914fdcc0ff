/** What `deno task bench` is asked for. */
import { Command, InvalidArgumentError } from "commander";

export const SECTIONS = [
  "limit",
  "gemm",
  "kernels",
  "small",
  "convolution",
  "start",
  "epoch",
  "scaling",
  "encode",
  "edge",
  "peers",
  "dashboard",
  "tables",
] as const;
export type Section = typeof SECTIONS[number];

export interface BenchOptions {
  readonly sections: ReadonlySet<Section>;
  readonly quick: boolean;
}

function readSections(text: string): ReadonlySet<Section> {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !SECTIONS.includes(name as Section));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`"${unknown}" is none of ${SECTIONS.join(",")}`);
  }
  return new Set(names as Section[]);
}

/** @throws {CommanderError} where an option is unusable, which has been said in one line; or after --help */
export function readOptions(args: readonly string[]): BenchOptions {
  const command = new Command("deno task bench")
    .description(
      "Measures the kernels, an epoch and its peers, after checking their results.\n" +
        "gemm: matrix products and convolutions; kernels: all the others; small: steps of small networks;\n" +
        "convolution: steps of networks with convolutions, beside PyTorch; start: until the first step;\n" +
        "encode: what the processor does for a GPU's step;\n" +
        "dashboard: its server and its pages, beside their aims.\n" +
        "edge: the exported predictor in workerd, one core of it under load for a minute.\n" +
        "tables: the preset tabular beside scikit-learn, in quality and in time.\n" +
        "Tables go to the terminal, JSON and SVG plots to coverage/bench/.",
    )
    .option("--quick", "measure for a shorter time, with more noise", false)
    .option("--only <sections>", `some of ${SECTIONS.join(",")} (default: all)`, readSections)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, " ")}\n`),
    });
  const { quick, only } = command.parse(args, { from: "user" }).opts();
  return { quick, sections: only ?? new Set(SECTIONS) };
}
