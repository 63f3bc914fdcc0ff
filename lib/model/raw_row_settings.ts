/** What a file of weights does not say of a network that takes rows of a table: a JSON that people write. */
import { checkedPreprocessing } from "../dataset/preprocessing/check_preprocessing.ts";
import { UsageError } from "../errors.ts";
import type { Model } from "./model.ts";

/** Of a model, what rows go through and what its outputs are. */
export interface RawRowSettings
  extends Pick<Model, "preprocessing" | "targets" | "threshold" | "task"> {
  /** Of classes, or labels; none of regression. */
  readonly classNames?: readonly string[];
}

const TASKS = ["classification", "binary", "multi-label", "regression"] as const;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((it) => typeof it === "string");
const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(Number.isFinite);

/**
 * Reads `{"preprocessing": {...}, "task", "classNames", "threshold", "targets": {"names", "mean", "std"}}`, or the
 * preprocessing alone, as model files have both.
 *
 * @param inputs that the network takes
 * @param source what to call the file
 * @throws {UsageError} one line, if something is not as it must be
 */
export function readRawRowSettings(text: string, inputs: number, source: string): RawRowSettings {
  const refuse = (reason: string): never => {
    throw new UsageError(`Cannot use the preprocessing ${source}: ${reason}`);
  };
  const value = parsed(text);
  if (!isObject(value)) return refuse('it is no JSON object; give {"columns": [...], ...}');
  const fields: Fields = "columns" in value ? { preprocessing: value } : value;
  const { task = "classification", classNames, threshold, targets } = fields;
  const preprocessing = checkedPreprocessing(fields.preprocessing, inputs);
  if (typeof preprocessing === "string") return refuse(preprocessing);
  if (!TASKS.some((known) => known === task)) {
    return refuse(`its "task" is none of ${TASKS.join(", ")}`);
  }
  if (classNames !== undefined && !isTexts(classNames)) refuse('"classNames" is no list of texts');
  const isThreshold = threshold === undefined ||
    (typeof threshold === "number" && threshold > 0 && threshold < 1);
  if (!isThreshold) refuse('"threshold" is no number between 0 and 1');
  const own = {
    preprocessing,
    ...task === "classification" ? {} : { task: task as Model["task"] },
    ...classNames === undefined ? {} : { classNames: classNames as string[] },
    ...threshold === undefined ? {} : { threshold: threshold as number },
  };
  if (task !== "regression") return own;
  const { names, mean, std } = isObject(targets) ? targets : {};
  const isWhole = isTexts(names) && areNumbers(mean) && areNumbers(std) &&
    mean.length === names.length && std.length === names.length && std.every((it) => it > 0);
  if (!isWhole) {
    return refuse(
      '"targets" must have "names", "mean" and "std" of each target: an output times std plus mean is a target',
    );
  }
  return { ...own, targets: { names, mean, std, huber: 0 } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
