/** Reads pictures from JSON: `{"pixels": [0, 255, ...]}`, or an array of such arrays. */

import { described, parseJson, unusable } from "./json_body.ts";
import type { Limits } from "./limits.ts";
import type { PredictorInput } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

export interface JsonPictures {
  /** N x I bytes, row-major. */
  readonly pixels: Uint8Array;
  /** Whether an array of pictures was sent, so that an array of answers is expected. */
  readonly isBatch: boolean;
}

/**
 * @param body a whole body
 * @param input what the model takes
 * @throws {Refusal} 400 where it is not such pictures, 413 where there are too many
 */
export function readJsonPixels(
  body: Uint8Array,
  input: PredictorInput,
  { pictures: most }: Pick<Limits, "pictures">,
): JsonPictures {
  const sent = parseJson(body, `{"pixels": [...]}`)?.pixels;
  if (!Array.isArray(sent)) {
    throw unusable(`it has no array "pixels"`, `{"pixels": [...]}`);
  }
  const isBatch = Array.isArray(sent[0]);
  const pictures: readonly unknown[] = isBatch ? sent : [sent];
  if (pictures.length > most) {
    throw new Refusal(
      413,
      `Cannot predict from ${pictures.length} pictures at once: at most ${most} are read; send fewer`,
    );
  }
  const { inputs } = input;
  const pixels = new Uint8Array(pictures.length * inputs);
  pictures.forEach((picture, i) => copyPixels(pixels, i * inputs, picture, i, input));
  return { pixels, isBatch };
}

function copyPixels(
  to: Uint8Array,
  offset: number,
  picture: unknown,
  index: number,
  { inputs, width, height }: PredictorInput,
): void {
  const right = `${height} x ${width} = ${inputs} pixels, row by row`;
  if (!Array.isArray(picture)) {
    throw unusable(`picture ${index} is ${described(picture)}, not an array`, right);
  }
  if (picture.length !== inputs) {
    throw unusable(`picture ${index} has ${picture.length} pixels`, right);
  }
  for (let i = 0; i < inputs; i++) {
    const value = picture[i];
    // True of whole numbers from 0 to 255, and of nothing else.
    if ((value & 255) !== value) {
      throw unusable(
        `pixel ${i} of picture ${index} is ${described(value)}`,
        "whole numbers from 0 to 255",
      );
    }
    to[offset + i] = value;
  }
}
