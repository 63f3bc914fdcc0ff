/** Checks of preprocessing that anybody may have written: what is in model files. */
import type {
  CategoryInput,
  InputColumn,
  NumberInput,
  Preprocessing,
  TargetColumns,
  VectorInput,
} from "./preprocessing.ts";
import { inputCount, type RowWindow } from "./preprocessing.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Preprocessing, with nothing besides.
 *
 * @param value as JSON has it
 * @param features that a row must have
 * @returns a reason, such as "column 2 has no name", if it is none
 */
export function checkedPreprocessing(value: unknown, features: number): Preprocessing | string {
  if (!isObject(value)) return "it is no object";
  const { columns, ignored, target, window } = value;
  if (!Array.isArray(columns) || columns.length === 0) return "it has no columns";
  if (!areTexts(ignored)) return '"ignored" is no list of texts';
  const checkedTarget = targetOf(target);
  if (!checkedTarget) return '"target" has no names';
  const checked: InputColumn[] = [];
  for (const [i, column] of columns.entries()) {
    const own = isObject(column) ? columnOf(column) : null;
    if (!own) return `column ${i} is neither number, category nor vector`;
    checked.push(own);
  }
  const names = [...checked.map(({ name }) => name), ...ignored, ...checkedTarget.names];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) return `two columns are called ${JSON.stringify(twice.slice(0, 60))}`;
  const checkedWindow = window === undefined ? undefined : windowOf(window);
  if (checkedWindow === null) return '"window" has no length and stride';
  const preprocessing = {
    columns: checked,
    ignored,
    target: checkedTarget,
    ...checkedWindow ? { window: checkedWindow } : {},
  };
  const count = inputCount(preprocessing);
  if (count !== features) {
    return `its columns are ${count} features, and the network takes ${features}`;
  }
  return preprocessing;
}

function targetOf(target: unknown): TargetColumns | null {
  if (!isObject(target)) return null;
  const { names, separator } = target;
  if (!areTexts(names) || names.length === 0) return null;
  if (separator === undefined) return { names };
  const isOne = typeof separator === "string" && separator !== "" && names.length === 1;
  return isOne ? { names, separator } : null;
}

function windowOf(window: unknown): RowWindow | null {
  if (!isObject(window)) return null;
  const { length, stride, groups } = window;
  const isOne = isCount(length) && isCount(stride) &&
    (groups === undefined || typeof groups === "string");
  return isOne ? { length, stride, ...groups === undefined ? {} : { groups } } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 1;
}

function columnOf(column: Fields): InputColumn | null {
  const { kind, name } = column;
  if (typeof name !== "string") return null;
  switch (kind) {
    case "number":
      return numberOf(name, column);
    case "category":
      return categoryOf(name, column);
    case "vector":
      return vectorOf(name, column);
    default:
      return null;
  }
}

function numberOf(name: string, column: Fields): NumberInput | null {
  const { impute, indicator, mean, std } = column;
  const isOne = isFinite(impute) && isFinite(mean) && isDeviation(std) &&
    typeof indicator === "boolean";
  return isOne ? { kind: "number", name, impute, indicator, mean, std } : null;
}

function categoryOf(name: string, { values, hole }: Fields): CategoryInput | null {
  const isOne = areTexts(values) && new Set(values).size === values.length &&
    typeof hole === "boolean";
  return isOne ? { kind: "category", name, values, hole } : null;
}

function vectorOf(name: string, { size, mean, std }: Fields): VectorInput | null {
  if (!Number.isSafeInteger(size) || (size as number) < 1) return null;
  const own = { kind: "vector", name, size: size as number } as const;
  if (mean === null && std === null) return { ...own, mean, std };
  const isList = (list: unknown, isItem: (item: unknown) => item is number): list is number[] =>
    Array.isArray(list) && list.length === size && list.every(isItem);
  return isList(mean, isFinite) && isList(std, isDeviation) ? { ...own, mean, std } : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areTexts(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function isDeviation(value: unknown): value is number {
  return Number.isFinite(value) && value as number > 0;
}
