/**
 * What `runs/NAME/inspection.json` holds: one JSON object, an `Inspection`. It shows what a network gets wrong and what it
 * has learned to look for. An image is `height * width` bytes in base64, from top to bottom and from left to right.
 */

import * as v from "valibot";
import {
  count,
  exactly,
  fields,
  items,
  mustBe,
  pathTo,
  type Read,
  text,
} from "../shared/fields.ts";
import { type FileOf, readFileOf, upToBytes, upToVersion } from "../shared/json_file.ts";

/** The version of this format. */
export const INSPECTION_SCHEMA = 1;

/** The largest file that is read, in bytes; an honest one of 28 x 28 pixels has 0.2 MB. */
export const MAX_INSPECTION_BYTES = 4 * 1024 * 1024;

/** How many images of each kind a file holds at most. */
export const MAX_MISTAKES = 36;
export const MAX_UNITS = 100;

/** The longest class name that is read. */
const MAX_NAME_LENGTH = 200;
const MAX_CLASSES = 256;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const finite = v.custom<number>(Number.isFinite, mustBe("a finite number"));

/** A row of the test set for which another class was the most probable. */
const mistake = fields({
  /** Counted from 0. */
  row: count,
  trueClass: count,
  predictedClass: count,
  /** Of the predicted class, from 0 to 1. */
  probability: finite,
  /** The image: 0 to 255. */
  pixels: text,
});
export type Mistake = Read<typeof mistake>;

/** The weights from every pixel to one unit. */
const unit = fields({
  /** max |w|. */
  scale: finite,
  /** The image: 128 is a weight of 0, 1 is -scale, 255 is +scale. */
  weights: text,
});
export type UnitWeights = Read<typeof unit>;

const inspectionFields = fields({
  type: exactly("inspection"),
  schema: count,
  /** Pixels of every image. */
  height: count,
  width: count,
  /** One name a class. */
  classNames: items(
    v.pipe(text, v.transform((name) => name.slice(0, MAX_NAME_LENGTH))),
    MAX_CLASSES,
  ),
  /** Rows of the test set that were classified wrongly, the most confident first; empty without a test set. */
  mistakes: items(mistake, MAX_MISTAKES),
  /** How many rows were classified wrongly in all. */
  mistakeCount: count,
  /** What the first units of the first layer look for. */
  units: items(unit, MAX_UNITS),
  /** Units of that layer in all. */
  unitCount: count,
  /** Pixels of a unit's image where the layer is a convolution: of its window. */
  unitHeight: v.optional(count),
  unitWidth: v.optional(count),
});

const inspection = v.pipe(
  inspectionFields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [message, ...path] of misfits(dataset.value)) {
      addIssue({ message, path: pathTo(...path) });
    }
  }),
);
export type Inspection = Read<typeof inspection>;

export type InspectionFile = FileOf<"inspection", Inspection>;

/** @param file its bytes or its text */
export function readInspection(file: string | Uint8Array): InspectionFile {
  return readFileOf(
    {
      type: "inspection",
      schema: inspection,
      checkVersion: upToVersion(INSPECTION_SCHEMA),
      checkLength: upToBytes(MAX_INSPECTION_BYTES),
    },
    file,
  );
}

/** What does not go with the sizes that the file itself says: a refusal and its path. */
function* misfits(
  file: v.InferOutput<typeof inspectionFields>,
): Generator<[message: string, list: string, index: number, field: string]> {
  const { height, width, classNames, mistakes, units, unitHeight, unitWidth } = file;
  const noImage = (base64: string, pixels: number) =>
    base64.length !== 4 * Math.ceil(pixels / 3) || !BASE64.test(base64);
  const pixels = height * width;
  const unitPixels = (unitHeight ?? height) * (unitWidth ?? width);
  const badImage = (pixels: number) => `must be ${pixels} bytes in base64`;
  for (const [i, mistake] of mistakes.entries()) {
    for (const field of ["trueClass", "predictedClass"] as const) {
      if (mistake[field] < classNames.length) continue;
      yield [
        `is ${mistake[field]}, and there are ${classNames.length} classes`,
        "mistakes",
        i,
        field,
      ];
    }
    if (noImage(mistake.pixels, pixels)) yield [badImage(pixels), "mistakes", i, "pixels"];
  }
  for (const [i, { weights }] of units.entries()) {
    if (noImage(weights, unitPixels)) yield [badImage(unitPixels), "units", i, "weights"];
  }
}
