/** `export`: a model in a form that others use. */
import { UsageError, WeftError } from "../../errors.ts";
import { predictorModule } from "../../edge/export/module.ts";
import { packLayers, predictorFiles } from "../../edge/export/predictor_files.ts";
import { withPackedWeights } from "../../edge/export/quantize.ts";
import { requireFiniteOutputs } from "../../model/finite.ts";
import type { Model } from "../../model/model.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount, formatLoss, formatPercent } from "../../report/format.ts";
import type { PackedLayer } from "../../edge/packed_model.ts";
import { formatMetric } from "../../report/metrics_text.ts";
import { TASKS } from "../../task/mod.ts";
import type { Metric, Metrics } from "../../task/task.ts";
import { evaluate, type Evaluation } from "../../train/inference.ts";
import { requireOwnFolder, writeFolder } from "./folder.ts";
import {
  exportOnnx,
  exportPath,
  exportSafetensors,
  MODULE_EXTENSION,
  typesPath,
  writeNewFiles,
} from "./formats.ts";
import { loadTestSet } from "../load_data.ts";
import { loadModel } from "../load_model.ts";
import { EXPORT_DIR } from "../../run_log/shared/file_names.ts";
import { quoted } from "../../run_log/search/trial_command.ts";
import type { CommonOptions } from "../options/common.ts";
import { homePath } from "../places.ts";
import type { ExportFormat } from "../options/model.ts";
import { print, printJson } from "../output.ts";
import { type EvaluatedRows, rowsToEvaluate } from "../tables/rows_to_evaluate.ts";

export interface ExportCommandOptions
  extends Pick<CommonOptions, "dataDir" | "json">, EvaluatedRows {
  /** What to measure the cost of 8 bits on: "-", or a path that can be read. */
  readonly data?: string;
  readonly format: ExportFormat;
  readonly model?: string;
  readonly out: string;
  readonly quantize?: boolean;
  readonly allowOrigin?: readonly string[];
}

export async function exportCommand(options: ExportCommandOptions): Promise<number> {
  const { format, quantize, allowOrigin } = options;
  if (options.data !== undefined && !quantize) {
    throw new UsageError(
      `Cannot use ${options.data} without --quantize: data is what the cost of 8 bits is measured on; leave it out`,
    );
  }
  if (format === "edge") return await exportEdge(options);
  if (quantize && format !== "module") {
    throw new UsageError(
      `Cannot export with --quantize as ${format}: only the predictor (edge, module) has weights of 8 bits; leave it out`,
    );
  }
  if (allowOrigin) {
    throw new UsageError(
      `Cannot export with --allow-origin as ${format}: only the predictor for the edge is asked by pages; leave it out`,
    );
  }
  if (format === "module") return await exportModule(options);
  return await exportFile(options, format);
}

/** As a module with the kernels inside, and its types beside it. */
async function exportModule(
  { model: named, out: wanted, quantize, json, ...others }: ExportCommandOptions,
): Promise<number> {
  const { model, path } = await loadModel(named);
  requireFiniteOutputs(model, `Cannot export ${path}`);
  const out = exportPath(wanted, path, MODULE_EXTENSION);
  const layers = packLayers(model, quantize ? "int8" : "float32");
  const cost = quantize ? await costOf(model, path, layers, others) : null;
  const { code, types } = await predictorModule(model, layers, path);
  const written = [[out, code], [typesPath(out), types]] as const;
  await writeNewFiles(written);
  const files = Object.fromEntries(written.map(([file, bytes]) => [file, bytes.length]));
  if (json) {
    printJson({ model: path, format: "module", files, quantization: cost });
    return 0;
  }
  for (const [file, bytes] of Object.entries(files)) {
    print(printable(`${file}: ${path} as module, ${formatCount(bytes)} bytes`));
  }
  if (cost) printCost(cost);
  return 0;
}

/** As one file that other tools read. */
async function exportFile(
  { model: named, out: wanted, json }: ExportCommandOptions,
  format: Exclude<ExportFormat, "edge" | "module">,
): Promise<number> {
  const { model, path } = await loadModel(named);
  requireFiniteOutputs(model, `Cannot export ${path}`);
  const out = exportPath(wanted, path, format);
  const write = { onnx: exportOnnx, safetensors: exportSafetensors }[format];
  const bytes = await write(model, out);
  if (json) printJson({ model: path, format, out, bytes });
  else print(printable(`${out}: ${path} as ${format}, ${formatCount(bytes)} bytes`));
  return 0;
}

async function exportEdge(options: ExportCommandOptions): Promise<number> {
  const { out, quantize = false, allowOrigin, json } = options;
  await requireOwnFolder(out);
  const { model, path } = await loadModel(options.model);
  requireFiniteOutputs(model, `Cannot export ${path}`);
  const layers = packLayers(model, quantize ? "int8" : "float32");
  const files = await predictorFiles(model, layers, path, allowOrigin);
  const cost = quantize ? await costOf(model, path, layers, options) : null;
  await writeFolder(out, files);
  const sizes = Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.length]));
  if (json) {
    printJson({ model: path, out, files: sizes, quantization: cost });
    return 0;
  }
  print(`${printable(path)} as a predictor in ${printable(out)}`);
  for (const [name, bytes] of Object.entries(sizes)) {
    print(`  ${name.padEnd(14)} ${formatCount(bytes).padStart(10)} bytes`);
  }
  if (cost) printCost(cost);
  // The origins are in the predictor's own code; `serve` takes nothing but the model out of the folder.
  const origins = (allowOrigin ?? []).map((origin) => ` --allow-origin ${quoted(origin)}`).join("");
  const folder = out === homePath(EXPORT_DIR) ? "" : ` --dir ${quoted(out)}`;
  print(`"deno task serve${folder}${origins}" runs it here.`);
  return 0;
}

/** What weights of 8 bits cost, on rows with their targets; or why that is not known. */
type QuantizationCost = {
  readonly dataset: string;
  readonly rows: number;
  /** The task's first metric. */
  readonly metric: Metric;
  readonly float32: Measured;
  readonly int8: Measured;
} | { readonly reason: string };

type Measured = { readonly loss: number } & Metrics;

async function costOf(
  model: Model,
  path: string,
  layers: readonly PackedLayer[],
  options: Pick<ExportCommandOptions, "data" | "dataDir" | keyof EvaluatedRows>,
): Promise<QuantizationCost> {
  const { task = "classification" } = model;
  try {
    const { title, data } = await rowsOf(model, path, options);
    const [float32, int8] = await Promise.all(
      [model, withPackedWeights(model, layers)].map(async (model) => {
        const { loss, metrics } = await evaluate(model, data) as Evaluation;
        return { ...metrics, loss };
      }),
    );
    return { dataset: title, rows: data.rows, metric: TASKS[task].metrics[1], float32, int8 };
  } catch (error) {
    // The export needs no data, and does not fetch any: its task may not use the network.
    if (!(error instanceof WeftError) || options.data !== undefined) throw error;
    return { reason: error.message };
  }
}

/** The rows that are named, or the test set of a folder of IDX files. */
async function rowsOf(
  model: Model,
  path: string,
  { data, dataDir, ...options }: Parameters<typeof costOf>[3],
) {
  if (data !== undefined) return await rowsToEvaluate(data, { model, path }, options);
  if (dataDir === undefined && (model.task || model.input)) {
    throw new UsageError(
      "no rows with their targets were named; name some, such as deno task export rows.csv --quantize",
    );
  }
  const { name, test } = await loadTestSet(dataDir, model);
  return { title: name, data: test };
}

function printCost(cost: QuantizationCost): void {
  if ("reason" in cost) {
    print(`What 8 bits cost was not measured: ${printable(cost.reason)}`);
    return;
  }
  const { dataset, rows, metric, float32, int8 } = cost;
  if (metric.name !== "accuracy") {
    const text = (measured: Measured) =>
      `${metric.label} ${formatMetric(metric, measured[metric.name])}, loss ${
        formatLoss(measured.loss)
      }`;
    print(
      `${formatCount(rows)} rows of ${printable(dataset)}: ${text(int8)}; in float32 ${
        text(float32)
      }`,
    );
    return;
  }
  const right = ({ accuracy }: Measured) => formatCount(Math.round(accuracy! * rows));
  print(
    `test set of ${printable(dataset)}: accuracy ${formatPercent(int8.accuracy!)} ` +
      `(${right(int8)} of ${formatCount(rows)}), in float32 ` +
      `${formatPercent(float32.accuracy!)} (${right(float32)})`,
  );
}
