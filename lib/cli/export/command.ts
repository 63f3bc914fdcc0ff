/** `export`: a model in a form that others use. */
import { join } from "node:path";
import { installation } from "../../host/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { predictorModule } from "../../edge/export/module.ts";
import { packLayers, predictorFiles } from "../../edge/export/predictor_files.ts";
import { withPackedWeights } from "../../edge/export/quantize.ts";
import { requireFiniteOutputs } from "../../model/finite.ts";
import type { Model } from "../../model/model.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount, formatPercent } from "../../report/format.ts";
import { evaluate } from "../../train/inference.ts";
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

export interface ExportCommandOptions extends Pick<CommonOptions, "dataDir" | "json"> {
  readonly format: ExportFormat;
  readonly model?: string;
  readonly out: string;
  readonly quantize?: boolean;
  readonly allowOrigin?: readonly string[];
}

export async function exportCommand(options: ExportCommandOptions): Promise<number> {
  const { format, quantize, allowOrigin } = options;
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
  { model: named, out: wanted, quantize, dataDir, json }: ExportCommandOptions,
): Promise<number> {
  const { model, path } = await loadModel(named);
  requireFiniteOutputs(model, `Cannot export ${path}`);
  const out = exportPath(wanted, path, MODULE_EXTENSION);
  const layers = packLayers(model, quantize ? "int8" : "float32");
  const cost = quantize ? await costOf(model, withPackedWeights(model, layers), dataDir) : null;
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
  const { out, quantize = false, allowOrigin, dataDir, json } = options;
  await requireOwnFolder(out);
  const { model, path } = await loadModel(options.model);
  requireFiniteOutputs(model, `Cannot export ${path}`);
  const layers = packLayers(model, quantize ? "int8" : "float32");
  const files = await predictorFiles(model, layers, path, allowOrigin);
  const cost = quantize ? await costOf(model, withPackedWeights(model, layers), dataDir) : null;
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
  const serve = installation.main === null
    ? `deno task serve${folder}${origins}`
    : `npx workerd serve ${quoted(join(out, "workerd.capnp"))}`;
  print(`"${serve}" runs it here.`);
  return 0;
}

/** What weights of 8 bits cost, on the test set; or why that is not known. */
type QuantizationCost = {
  readonly dataset: string;
  readonly rows: number;
  readonly float32: { readonly accuracy: number; readonly loss: number };
  readonly int8: { readonly accuracy: number; readonly loss: number };
} | { readonly reason: string };

async function costOf(
  model: Model,
  quantized: Model,
  dataDir: string | undefined,
): Promise<QuantizationCost> {
  try {
    const { name, test } = await loadTestSet(dataDir, model);
    const [float32, int8] = [await evaluate(model, test), await evaluate(quantized, test)]
      .map(({ accuracy, loss }) => ({ accuracy, loss }));
    return { dataset: name, rows: test.rows, float32, int8 };
  } catch (error) {
    // The export needs no data, and does not fetch any: its task may not use the network.
    if (!(error instanceof WeftError)) throw error;
    return { reason: error.message };
  }
}

function printCost(cost: QuantizationCost): void {
  if ("reason" in cost) {
    print(`What 8 bits cost was not measured: ${printable(cost.reason)}`);
    return;
  }
  const { dataset, rows, float32, int8 } = cost;
  const right = (accuracy: number) => formatCount(Math.round(accuracy * rows));
  print(
    `test set of ${printable(dataset)}: accuracy ${formatPercent(int8.accuracy)} ` +
      `(${right(int8.accuracy)} of ${formatCount(rows)}), in float32 ` +
      `${formatPercent(float32.accuracy)} (${right(float32.accuracy)})`,
  );
}
