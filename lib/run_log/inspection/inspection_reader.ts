/**
 * Reads `inspection.json`, which may come from a stranger. Whatever it holds, reading it does not throw: every field is
 * checked, lists are no longer than honest ones, unknown fields are left behind, and a file that cannot be used is refused
 * with the reason.
 */

import {
  count,
  FieldError,
  items,
  kind,
  measured,
  object,
  parseJson,
  text,
} from "../shared/fields.ts";
import {
  type Inspection,
  INSPECTION_SCHEMA,
  MAX_MISTAKES,
  MAX_UNITS,
  type Mistake,
  type UnitWeights,
} from "./inspection.ts";

/** The largest file that is read, in bytes; an honest one of 28 x 28 pixels has 0.2 MB. */
export const MAX_INSPECTION_BYTES = 4 * 1024 * 1024;

/** The longest class name that is read. */
const MAX_NAME_LENGTH = 200;
const MAX_CLASSES = 256;

/** An inspection, or in a sentence without a full stop why there is none. */
export type InspectionFile =
  | { readonly inspection: Inspection; readonly problem: null }
  | { readonly inspection: null; readonly problem: string };

/** @param file its bytes or its text */
export function readInspection(file: string | Uint8Array): InspectionFile {
  try {
    return { inspection: toInspection(parse(file)), problem: null };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { inspection: null, problem: error.message };
  }
}

function parse(file: string | Uint8Array): unknown {
  if (file.length > MAX_INSPECTION_BYTES) {
    throw new FieldError(
      `it has ${file.length} bytes; the most that is read is ${MAX_INSPECTION_BYTES}`,
    );
  }
  return parseJson(file);
}

function toInspection(value: unknown): Inspection {
  const record = object(value, "the inspection");
  if (record.type !== "inspection") {
    throw new FieldError(`type must be "inspection", and is ${kind(record.type)}`);
  }
  const schema = count(record.schema, "schema");
  if (schema > INSPECTION_SCHEMA) {
    throw new FieldError(`its schema is ${schema}, newer than ${INSPECTION_SCHEMA}`);
  }
  const height = count(record.height, "height");
  const width = count(record.width, "width");
  const classNames = items(record.classNames, "classNames", toClassName, MAX_CLASSES);
  const pixels = height * width;
  return {
    type: "inspection",
    schema,
    height,
    width,
    classNames,
    mistakes: items(
      record.mistakes,
      "mistakes",
      (value, path) => toMistake(value, path, pixels, classNames.length),
      MAX_MISTAKES,
    ),
    mistakeCount: count(record.mistakeCount, "mistakeCount"),
    units: items(record.units, "units", (value, path) => toUnit(value, path, pixels), MAX_UNITS),
    unitCount: count(record.unitCount, "unitCount"),
  };
}

function toMistake(value: unknown, path: string, pixels: number, classes: number): Mistake {
  const fields = object(value, path);
  return {
    row: count(fields.row, `${path}.row`),
    trueClass: toClass(fields.trueClass, `${path}.trueClass`, classes),
    predictedClass: toClass(fields.predictedClass, `${path}.predictedClass`, classes),
    probability: finite(fields.probability, `${path}.probability`),
    pixels: toPicture(fields.pixels, `${path}.pixels`, pixels),
  };
}

function toUnit(value: unknown, path: string, pixels: number): UnitWeights {
  const fields = object(value, path);
  return {
    scale: finite(fields.scale, `${path}.scale`),
    weights: toPicture(fields.weights, `${path}.weights`, pixels),
  };
}

function toClassName(value: unknown, path: string): string {
  return text(value, path).slice(0, MAX_NAME_LENGTH);
}

function toClass(value: unknown, path: string, classes: number): number {
  const index = count(value, path);
  if (index < classes) return index;
  throw new FieldError(`${path} is ${index}, and there are ${classes} classes`);
}

function finite(value: unknown, path: string): number {
  const number = measured(value, path);
  if (number !== null) return number;
  throw new FieldError(`${path} must be a finite number`);
}

/** @param pixels bytes that the picture must have */
function toPicture(value: unknown, path: string, pixels: number): string {
  const base64 = text(value, path);
  if (base64.length !== 4 * Math.ceil(pixels / 3) || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new FieldError(`${path} must be ${pixels} bytes in base64`);
  }
  return base64;
}
