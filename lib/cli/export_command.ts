/** `export`: a model as a file that other tools read. */
import type { Model } from "../model/model.ts";
import { printable } from "../report/display_width.ts";
import { formatCount } from "../report/format.ts";
import { exportOnnx, exportPath, exportSafetensors } from "./export_formats.ts";
import { loadModel } from "./load_model.ts";
import type { ExportFormat } from "./options.ts";
import { print } from "./output.ts";

export interface ExportCommandOptions {
  readonly model?: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly json?: boolean;
}

export async function exportCommand(options: ExportCommandOptions): Promise<number> {
  const { format, json } = options;
  const { model, path } = await loadModel(options.model);
  const out = exportPath(options.out, path, format);
  const bytes = await exportTo(out, model, format);
  if (json) print(JSON.stringify({ model: path, format, out, bytes }));
  else print(printable(`${out}: ${path} as ${format}, ${formatCount(bytes)} bytes`));
  return 0;
}

async function exportTo(out: string, model: Model, format: ExportFormat): Promise<number> {
  switch (format) {
    case "onnx":
      return await exportOnnx(model, out);
    case "safetensors":
      return await exportSafetensors(model, out);
  }
}
