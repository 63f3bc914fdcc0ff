/** `import`: a run of a network that was trained elsewhere, which other commands then use. */
import { importMlp, type ImportSettings } from "../interchange/import_mlp.ts";
import { encodeModel } from "../model/model_file.ts";
import { printable } from "../report/display_width.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import { MODEL_FILE, RUNS_DIR } from "../run_log/file_names.ts";
import { createRunFolder, requireFreeRunName } from "../run_log/run_folder.ts";
import { print, printError } from "./output.ts";
import { readNamedFile } from "./read_file.ts";

export interface ImportCommandOptions extends ImportSettings {
  readonly file: string;
  readonly run?: string;
  readonly json?: boolean;
}

export async function importCommand(options: ImportCommandOptions): Promise<number> {
  const { file, run, json } = options;
  const startedAt = new Date();
  if (run !== undefined) requireFreeRunName(RUNS_DIR, run);
  const bytes = await readNamedFile(file, "the network", "name a safetensors file");
  const { model, layers, notes } = importMlp(bytes, file, options);
  const folder = createRunFolder(RUNS_DIR, run ?? { preset: model.preset, startedAt });
  const path = `${folder.path}/${MODEL_FILE}`;
  try {
    await writeFileAtomically(path, encodeModel(model));
  } catch (error) {
    await Deno.remove(folder.path).catch(() => {}); // The error that led here says more.
    throw error;
  }
  for (const note of notes) printError(printable(`note: ${note}`));
  const { inputs, hidden, outputs, activation } = model.architecture;
  if (json) {
    const { height, width, inputScale, classNames } = model;
    const architecture = { inputs, hidden, outputs, activation };
    print(JSON.stringify({
      model: path,
      file,
      layers,
      ...architecture,
      height,
      width,
      inputScale,
      classNames,
    }));
    return 0;
  }
  const sizes = [inputs, ...hidden, outputs].join("-");
  const units = hidden.length === 0 ? sizes : `${sizes} ${activation}`;
  // A lone layer may have no name.
  const origin = layers[0] === "" ? file : `the layers ${layers.join(", ")} of ${file}`;
  print(printable(`${path}: ${units}, from ${origin}`));
  return 0;
}
