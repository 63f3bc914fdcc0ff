/** `import`: a run of a network that was trained elsewhere, which other commands then use. */
import { importMlp, type ImportSettings } from "../interchange/import_mlp.ts";
import { encodeModel } from "../model/model_file.ts";
import type { Architecture } from "../nn/architecture.ts";
import { printable } from "../report/display_width.ts";
import { FolderClaim, removeAllAbandoned } from "../run_log/shared/folder_claim.ts";
import { HeldFolder } from "../run_log/shared/held_folder.ts";
import { MODEL_FILE } from "../run_log/shared/file_names.ts";
import { requireFreeRunName } from "../run_log/run/run_folder.ts";
import { print, printErrorLine, printJson } from "./output.ts";
import { readNamedFile } from "./read_file.ts";
import { runsFolder } from "./places.ts";
import { makeRunFolder, requireLeaveForRuns } from "./task_line.ts";

/** Columns with long lists take some. */
const MOST_PREPROCESSING_BYTES = 2 ** 26;

export interface ImportCommandOptions extends ImportSettings {
  readonly file: string;
  readonly preprocessing?: string;
  readonly run?: string;
  readonly json?: boolean;
}

export async function importCommand(options: ImportCommandOptions): Promise<number> {
  const { file, run, json } = options;
  requireLeaveForRuns();
  const startedAt = new Date();
  removeAllAbandoned(runsFolder());
  if (run !== undefined) requireFreeRunName(runsFolder(), run);
  const bytes = await readNamedFile(file, "the network", "name a safetensors file");
  const rawRows = options.preprocessing === undefined
    ? undefined
    : await readPreprocessing(options.preprocessing);
  const { model, layers, notes } = importMlp(bytes, file, { ...options, rawRows });
  const folder = makeRunFolder(run ?? { preset: model.preset, startedAt });
  const path = `${folder.path}/${MODEL_FILE}`;
  const held = HeldFolder.at(folder.path);
  const claim = FolderClaim.ofNew(held);
  try {
    await held.write(MODEL_FILE, encodeModel(model));
  } finally {
    claim.end();
  }
  for (const note of notes) printErrorLine(`note: ${note}`);
  const { architecture } = model;
  if (json) {
    const { height, width, inputScale, classNames } = model;
    const { layers: network, ...others } = { layers: undefined, ...architecture };
    printJson({
      model: path,
      file,
      layers,
      ...others,
      ...(network ? { network } : {}),
      height,
      width,
      inputScale,
      classNames,
    });
    return 0;
  }
  // A lone layer may have no name.
  const origin = layers[0] === "" ? file : `the layers ${layers.join(", ")} of ${file}`;
  print(printable(`${path}: ${describe(architecture)}, from ${origin}`));
  return 0;
}

function describe(architecture: Architecture): string {
  if ("layers" in architecture) {
    const { shape, layers, outputs } = architecture;
    return `${shape.join(" x ")}, ${[...layers, `dense ${outputs}`].join(", ")}`;
  }
  const { inputs, hidden, outputs, activation } = architecture;
  const sizes = [inputs, ...hidden, outputs].join("-");
  return hidden.length === 0 ? sizes : `${sizes} ${activation}`;
}

async function readPreprocessing(path: string) {
  const remedy = "name a JSON file";
  const bytes = await readNamedFile(path, "the preprocessing", remedy, MOST_PREPROCESSING_BYTES);
  return { text: new TextDecoder().decode(bytes), source: path };
}
