/**
 * What `runs/NAME/inspection.json` holds: one JSON object, an `Inspection`. It shows what a network gets wrong and what it
 * has learnt to look for. A picture is `height * width` bytes in base64, from top to bottom and from left to right.
 */

/** The version of this format. */
export const INSPECTION_SCHEMA = 1;

/** How many pictures of each kind a file holds at most. */
export const MAX_MISTAKES = 36;
export const MAX_UNITS = 100;

export interface Inspection {
  readonly type: "inspection";
  readonly schema: number;
  /** Pixels of every picture. */
  readonly height: number;
  readonly width: number;
  /** One name a class. */
  readonly classNames: readonly string[];
  /** Rows of the test set that were classified wrongly, the most confident first; empty without a test set. */
  readonly mistakes: readonly Mistake[];
  /** How many rows were classified wrongly in all. */
  readonly mistakeCount: number;
  /** What the first units of the first layer look for. */
  readonly units: readonly UnitWeights[];
  /** Units of that layer in all. */
  readonly unitCount: number;
}

/** A row of the test set for which another class was the most probable. */
export interface Mistake {
  /** Counted from 0. */
  readonly row: number;
  readonly trueClass: number;
  readonly predictedClass: number;
  /** Of the predicted class, from 0 to 1. */
  readonly probability: number;
  /** The picture: 0 to 255. */
  readonly pixels: string;
}

/** The weights from every pixel to one unit. */
export interface UnitWeights {
  /** max |w|. */
  readonly scale: number;
  /** The picture: 128 is a weight of 0, 1 is -scale, 255 is +scale. */
  readonly weights: string;
}
