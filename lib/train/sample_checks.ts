/** Checks that rows are whole and go with a model, in the words of whoever hands them over. */
import { isArrayOf, refuse, requireObject } from "../checks.ts";
import {
  formatText,
  type InputFormat,
  type SampleData,
  samplesOf,
  targetsOf,
  TASK_NAMES,
} from "../dataset/samples.ts";
import { UsageError, WeftError } from "../errors.ts";
import { inputOf, type Model } from "../model/model.ts";
import { sizeOf } from "../nn/layer.ts";
import { TASKS } from "../task/mod.ts";

const ROWS =
  "{ rows, height, width, pixels, labels } or { rows, features, shape, labels }, or targets in place of labels";

/**
 * Checks that everything has the type that it must have, and that there are as many features and labels as the sizes say.
 *
 * @param cannot what cannot be done otherwise, such as "Cannot train on these images"
 * @param name   of the argument, such as "train"
 * @throws {UsageError} where something is of another type
 * @throws {WeftError} where there are not as many, or a size is no whole number of at least 1, or a feature is not finite
 */
export function requireWhole(data: SampleData, cannot: string, name: string): void {
  requireObject(cannot, name, data, ROWS);
  if ("features" in data) requireFeatures(data, cannot, name);
  else requireImages(data, cannot, name);
  const { rows } = data;
  if ("targets" in data) requireTargets(data, cannot, name);
  const targets = targetsOf(data);
  const place = "targets" in data ? `${name}.targets` : name;
  TASKS[targets.task].check(targets, rows, cannot, place);
}

function requireTargets(
  { rows, targets, weights }: Extract<SampleData, { readonly targets: unknown }>,
  cannot: string,
  name: string,
): void {
  const tasks = TASK_NAMES.join(", ");
  requireObject(cannot, `${name}.targets`, targets, `{ task, labels } or { task, values }`);
  if (!TASK_NAMES.includes(targets.task)) {
    refuse(cannot, `${name}.targets.task`, targets.task, `one of ${tasks}`);
  }
  const values = targets.task === "regression" ? targets.values : targets.labels;
  const field = targets.task === "regression" ? "values" : "labels";
  if (!ArrayBuffer.isView(values)) {
    const kind = field === "values" ? "a Float32Array" : "a Uint8Array";
    refuse(cannot, `${name}.targets.${field}`, values, kind);
  }
  if (weights === undefined || weights === null) return;
  if (!isArrayOf("Float32Array", weights)) {
    refuse(cannot, `${name}.weights`, weights, "a Float32Array with a number a row");
  }
  const wrong = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (weights.length === rows && wrong === undefined && weights.some((weight) => weight > 0)) {
    return;
  }
  throw new WeftError(
    `${cannot}: ${name}.weights are ${weights.length} numbers for ${rows} rows${
      wrong === undefined ? "" : `, one of them ${wrong}`
    }; give each row one of at least 0, and some above`,
  );
}

function requireImages(
  { rows, height, width, pixels }: Exclude<SampleData, { readonly features: unknown }>,
  cannot: string,
  name: string,
): void {
  if (typeof pixels !== "function" && !isArrayOf("Uint8Array", pixels)) {
    const give = `a Uint8Array of bytes from 0 to 255; other numbers go into ${name}.features, ` +
      `a Float32Array, with ${name}.shape`;
    refuse(cannot, `${name}.pixels`, pixels, give);
  }
  requireSizes(cannot, { rows, height, width });
  const bytes = rows * height * width;
  // A reader's are counted when they come.
  if (typeof pixels !== "function" && pixels.length !== bytes) {
    throw new WeftError(
      `${cannot}: ${rows} rows of ${height} x ${width} pixels are ${bytes} bytes, ` +
        `but there are ${pixels.length}; give a byte a pixel`,
    );
  }
}

function requireFeatures(
  { rows, features, shape }: Extract<SampleData, { readonly features: unknown }>,
  cannot: string,
  name: string,
): void {
  const isReader = typeof features === "function";
  if (!isReader && !isArrayOf("Float32Array", features) && !isArrayOf("Uint8Array", features)) {
    refuse(cannot, `${name}.features`, features, "a Float32Array, or a Uint8Array of bytes");
  }
  const shapes = "[features], [height, width] or [height, width, channels]";
  if (!Array.isArray(shape) || shape.length < 1 || shape.length > 3) {
    refuse(cannot, `${name}.shape`, shape, `${shapes}, in whole numbers`);
  }
  requireSizes(cannot, { rows, ...Object.fromEntries(shape.map((it, i) => [`shape[${i}]`, it])) });
  const size = sizeOf(shape);
  // A reader's are counted when they come.
  if (isReader) return;
  if (features.length !== rows * size) {
    throw new WeftError(
      `${cannot}: ${rows} rows of ${shape.join(" x ")} features are ${rows * size} numbers, ` +
        `but there are ${features.length}; give a number a feature`,
    );
  }
  requireFiniteRows(features, size, cannot, `${name}.features`);
}

/** @param size numbers of a row */
export function requireFiniteRows(
  values: Float32Array | Uint8Array,
  size: number,
  cannot: string,
  name: string,
): void {
  const at = values instanceof Uint8Array ? -1 : values.findIndex((it) => !Number.isFinite(it));
  if (at < 0) return;
  throw new WeftError(
    `${cannot}: ${name} has ${values[at]} in row ${Math.floor(at / size)}, column ${at % size}; ` +
      "give numbers, and fill what is missing",
  );
}

function requireSizes(cannot: string, sizes: Readonly<Record<string, unknown>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size as number >= 1) continue;
    throw new WeftError(`${cannot}: ${name} is ${size}; give a whole number of at least 1`);
  }
}

/**
 * Checks that a network can be evaluated on `data`.
 *
 * @param name of the argument, such as "test"
 * @throws {UsageError} where something is of another type
 * @throws {WeftError} where the rows are not whole, or they or the labels are not the model's
 */
export function requireFits(
  model: Pick<Model, "height" | "width" | "input" | "task"> & {
    readonly architecture: { readonly outputs: number };
  },
  data: SampleData,
  name = "data",
): void {
  const cannot = "Cannot evaluate the model on these " +
    (typeof data === "object" && data !== null && "features" in data ? "rows" : "images");
  requireWhole(data, cannot, name);
  const { targets, ...given } = samplesOf(data);
  const wanted = inputOf(model);
  if (!isSameFormat(given, wanted)) {
    throw new WeftError(
      `${cannot}: they are ${formatText(given)}, but the model takes ${formatText(wanted)}`
        .replace(/(they are [\d x]+ pixels, but the model takes [\d x]+) pixels$/, "$1"),
    );
  }
  const { outputs } = model.architecture;
  const { task = "classification" } = model;
  const { values, columns } = targets;
  if (targets.task !== task) {
    throw new WeftError(
      `${cannot}: they are for the task ${targets.task}, but the model is for ${task}`,
    );
  }
  if (task === "classification") {
    const largest = (values as Uint8Array).reduce((a, b) => Math.max(a, b), 0);
    if (largest < outputs || targets.known === outputs) return;
    throw new WeftError(
      `${cannot}: a label is ${largest}, but the model knows the classes 0 to ${outputs - 1}`,
    );
  }
  if (columns === outputs) return;
  throw new WeftError(
    `${cannot}: they have ${columns} targets a row, but the model has ${outputs}; give as many`,
  );
}

/** Whether a network takes the one as it takes the other. */
function isSameFormat(a: InputFormat, b: InputFormat): boolean {
  return a.element === b.element && String(a.shape) === String(b.shape);
}

/** @throws {UsageError} where it is no model */
export function requireModel(model: Model, cannot: string): void {
  requireObject(cannot, "model", model, "a model, as the end event of training has it");
  const { architecture, parameters } = model;
  if (Array.isArray(parameters) && typeof architecture === "object") return;
  throw new UsageError(
    `${cannot}: model has no architecture and parameters; give a model, as the end event of training has it`,
  );
}
