/** Makes a module of a model: one file with weights and kernels for Node 20 and newer, Bun, Deno and bundlers, and its types. */

import { encodeBase64 } from "../../bytes/base64.ts";
import type { Model } from "../../model/model.ts";
import { encodePackedModel, type PackedHeader, type PackedLayer } from "../packed_model.ts";
import { packModel } from "./pack_model.ts";
import { filled } from "./gaps.ts";
import { kernelText } from "./kernel_text.ts";
import { moduleTemplate } from "./templates.ts";

const FIRST_LINE = "// A predictor, made by Weft: import { predict } from it.\n";

export interface PredictorModule {
  /** The module, `NAME.mjs`. */
  readonly code: Uint8Array;
  /** Its types, `NAME.d.mts`. */
  readonly types: Uint8Array;
}

/**
 * @param layers what `packLayers` made of the model
 * @param source what to call the model in errors, such as its path
 * @throws {WeftError} where it has a layer that the predictor does not compute
 */
export async function predictorModule(
  model: Model,
  layers: readonly PackedLayer[],
  source: string,
): Promise<PredictorModule> {
  const packed = packModel(model, layers, source);
  const code = filled(await moduleTemplate(), {
    relaxed: await kernelText("relaxed"),
    strict: await kernelText("strict"),
    model: encodeBase64(encodePackedModel(packed)),
  });
  const encoder = new TextEncoder();
  return {
    code: encoder.encode(FIRST_LINE + code),
    types: encoder.encode(typesOf(packed.header)),
  };
}

/** Names as a union, which is `string` where there are none or too many to read. */
function union(names: readonly string[]): string {
  const MOST = 1000;
  if (names.length === 0 || names.length > MOST) return "string";
  return names.map((name) => JSON.stringify(name)).join(" | ");
}

/** By the task: what an answer has. */
const ANSWERS: Readonly<Record<NonNullable<PackedHeader["task"]>, string>> = {
  classification: `  /** The most probable class. */
  readonly predicted: Name;
  readonly probabilities: Readonly<Record<Name, number>>;`,
  binary: `  readonly predicted: Name;
  /** Of the second name. */
  readonly probability: number;
  /** From which probability on the second name is predicted. */
  readonly threshold: number;`,
  "multi-label": `  /** Those that the row has. */
  readonly labels: Name[];
  readonly probabilities: Readonly<Record<Name, number>>;`,
  regression: `  /** In the targets' own unit. */
  readonly predictions: Readonly<Record<Name, number>>;`,
};

/** A row of the table that the model was trained on. */
function rowTypes({ columns }: NonNullable<PackedHeader["preprocessing"]>): string {
  const fields = columns.map((column) => {
    const { name, kind } = column;
    const type = kind === "number"
      ? "number"
      : kind === "vector"
      ? "readonly number[]"
      : `${union(column.values)} | (string & {}) | number | boolean`;
    return `  readonly ${JSON.stringify(name)}?: ${type} | null;`;
  });
  return `/** A row of the table; a column that is missing, or null, is a hole. */
export interface Row {
${fields.join("\n")}
}

`;
}

function typesOf(header: PackedHeader): string {
  const { task = "classification", classNames, targets, element, height, width, shapes } = header;
  const [{ inputs }] = shapes;
  const size = element === "float32" ? `${inputs}` : `${height} x ${width}`;
  const rows = header.preprocessing && rowTypes(header.preprocessing);
  const [array, numbers] = element === "float32"
    ? ["Float32Array", "features, as the model was trained on"]
    : ["Uint8Array", "bytes from 0 to 255"];
  return `${FIRST_LINE}
/** ${task === "regression" ? "What is predicted." : "What the model tells apart."} */
export type Name = ${union(targets?.names ?? classNames)};

/** What is said of a row. */
export interface Answer {
${ANSWERS[task]}
}

${rows ?? ""}/** ${
    rows ? "Rows of the table; or " : ""
  }${size} ${numbers} a row: all rows in one array, or a list of rows. */
export type Rows = ${rows ? "readonly Row[] | " : ""}${array} | readonly ArrayLike<number>[];

/** What the model says of each row. Rejects with one line where they are not such rows. */
export function predict(rows: Rows): Promise<Answer[]>;

/** What the network gives for each row: probabilities, or standardized targets. */
export function outputs(rows: Rows): Promise<Float32Array[]>;
`;
}
