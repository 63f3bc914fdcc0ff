/** Arrays as data sets, by the rules that tables have: which task it is, and in which order classes stand. */
import { requireObject } from "../checks.ts";
import { UsageError, WeftError } from "../errors.ts";
import { type ArrayFeatures, arrayFeatures } from "./array_features.ts";
import { type ArrayTarget, targetColumn } from "./array_target.ts";
import type { NdArray } from "./formats/element_types.ts";
import type { TargetedFeatures, Targets, TaskName } from "./samples.ts";
import type { Column, Table } from "./table.ts";
import { distinctValues } from "./targets/distinct_values.ts";
import { inferTask, MOST_CLASSES } from "./targets/infer_task.ts";
import { learnedFrom } from "./targets/learned_targets.ts";
import { classLabels, labelBits, targetNumbers } from "./targets/read_targets.ts";

/** What `arrayDataset` takes. */
export interface ArrayOptions {
  /** [N, features], [N, height, width] or [N, height, width, channels]; see `arrayFeatures`. */
  readonly inputs: NdArray;
  /** [N] or [N, 1]: classes or numbers. [N, T]: several numbers, or labels of 0 and 1. */
  readonly target: ArrayTarget;
  /** Inferred by default, as by "auto": whole numbers without gaps from 0 on are classes, too. */
  readonly task?: TaskName | "auto";
  /** Of binary tasks: the value that counts as a yes. */
  readonly positive?: string;
  /** How messages call the arrays; "inputs" and "target" by default. */
  readonly names?: { readonly inputs?: string; readonly target?: string };
  /** The training set of what is a test set: its task, classes and shape count. */
  readonly like?: ArrayDataset;
}

/** Rows with what is to be learned of them: what `train` takes, with its `classNames`. */
export interface ArrayDataset extends TargetedFeatures {
  /** N x I, row-major: bytes where they are images. */
  readonly features: Float32Array | Uint8Array;
  /** Names of classes (binary: of no, then of yes); none of regression, and of labels their numbers. */
  readonly classNames?: readonly string[];
  /** Rows of each class or label; of regression none. */
  readonly classCounts: readonly number[];
  /** How the task was found. */
  readonly why: string;
  /** What was decided on its own, a line each. */
  readonly notes: readonly string[];
}

/**
 * Makes a data set of arrays.
 *
 * @throws {UsageError} if an array is missing, or shapes do not go together
 * @throws {WeftError} if a number is none, or the target always the same
 */
export function arrayDataset(options: ArrayOptions): ArrayDataset {
  requireObject("Cannot use these arrays", "options", options, "{ inputs, target }");
  const { inputs, target, names = {}, like } = options;
  const name = names.target ?? "target";
  const cannot = "Cannot use these arrays";
  const features = arrayFeatures(inputs, names.inputs, cannot);
  const column = targetColumn(target, features.rows, name, cannot);
  if (like) return alike(like, features, column, cannot);
  const { task, why } = taskOf(column, features, target, options);
  const learned = learnedFrom([column], features.rows, task, options);
  return {
    ...features,
    targets: learned.targets,
    ...task === "regression" ? {} : { classNames: learned.classNames },
    classCounts: learned.classCounts,
    why,
    notes: learned.notes,
  };
}

/**
 * Arrays as a table with a column of vectors and one to predict, for `datasetOf`: it standardizes features, and its models take
 * rows by name.
 *
 * @param options of which `inputs` is [N] or [N, features]
 * @throws as `arrayDataset`
 */
export function arrayTable(
  { inputs, target, names = {} }: Pick<ArrayOptions, "inputs" | "names"> & {
    readonly target?: ArrayTarget;
  },
): Table {
  const cannot = "Cannot make a table of these arrays";
  const { rows, features, shape } = arrayFeatures(inputs, names.inputs, cannot);
  if (shape.length > 1) {
    throw new UsageError(
      `${cannot}: ${names.inputs ?? "inputs"} has the shape ${
        inputs.shape.join(" x ")
      }; give rows x features`,
    );
  }
  const values = features instanceof Float32Array ? features : Float32Array.from(features);
  const vector: Column = { kind: "vector", name: names.inputs ?? "inputs", size: shape[0], values };
  const name = names.target ?? "target";
  const columns = target === undefined
    ? [vector]
    : [vector, targetColumn(target, rows, name, cannot)];
  return { rows, columns, notes: [] };
}

function taskOf(
  column: Column,
  { rows, features, shape }: ArrayFeatures,
  target: ArrayTarget,
  options: ArrayOptions,
): { readonly task: TaskName; readonly why: string } {
  const inferred = inferTask([column], rows, options);
  if ((options.task ?? "auto") !== "auto") return inferred;
  const areImages = features instanceof Uint8Array && shape.length > 1;
  if (inferred.task === "binary" && areImages && options.positive === undefined) {
    return { task: "classification", why: `images, ${inferred.why}` };
  }
  if (inferred.task !== "regression" || column.kind !== "number") return inferred;
  // Numbers of classes, as most arrays have them.
  const dtype = "dtype" in target ? target.dtype : undefined;
  if (dtype === undefined || dtype.startsWith("float")) return inferred;
  const { values } = distinctValues(column, rows);
  const isDense = values[0] === "0" && values.at(-1) === String(values.length - 1);
  if (!isDense || values.length > MOST_CLASSES) return inferred;
  const why = `the whole numbers 0 to ${values.length - 1} in ${JSON.stringify(column.name)}`;
  return { task: "classification", why };
}

/** A test set: its rows as those of the training set. */
function alike(
  like: ArrayDataset,
  features: ArrayFeatures,
  column: Column,
  cannot: string,
): ArrayDataset {
  const text = ({ features, shape }: ArrayFeatures) =>
    `${shape.join(" x ")} ${features instanceof Uint8Array ? "bytes" : "float32 features"}`;
  if (text(features) !== text(like)) {
    throw new UsageError(
      `${cannot}: rows to test with are ${text(features)}, and rows to train on ${
        text(like)
      }; give alike ones`,
    );
  }
  const { rows } = features;
  const { classNames, why, targets: { task } } = like;
  const base = { ...features, classNames, why };
  if (task === "classification" || task === "binary") {
    const known = classNames!.length;
    const { labels, others } = classLabels(column, rows, classNames!);
    const counts = new Array<number>(known + others.length).fill(0);
    for (const label of labels) counts[label]++;
    if (counts.slice(0, known).every((count) => count === 0)) {
      throw new WeftError(
        `${cannot}: no row to test with has a class that is trained on (${
          classNames!.slice(0, 5).join(", ")
        }); give rows of the same classes`,
      );
    }
    const notes = others.map((name, i) => {
      const count = counts[known + i];
      const rest = count === 1 ? "row counts as an error" : "rows count as errors";
      return `the class ${JSON.stringify(name)} is not trained on: its ${count} ${rest}`;
    });
    const targets: Targets = { task, labels, ...others.length > 0 ? { known } : {} };
    return { ...base, targets, classCounts: counts.slice(0, known), notes };
  }
  const width = column.kind === "vector" ? column.size : 1;
  const wanted = task === "multi-label"
    ? classNames!.length
    : like.targets.task === "regression"
    ? like.targets.values.length / like.rows
    : 1;
  if (width !== wanted) {
    throw new UsageError(
      `${cannot}: rows to test with have ${width} targets each, and rows to train on ${wanted}; give as many`,
    );
  }
  const targets: Targets = task === "regression"
    ? targetNumbers([column], rows)
    : { task, labels: labelBits([column], rows, { names: [] }, classNames!).labels };
  return { ...base, targets, classCounts: [], notes: [] };
}
