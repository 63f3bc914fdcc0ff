/** Reads images from JSON: `{"pixels": [0, 255, ...]}`, or an array of such arrays. */

import { described, parseJson, unusable } from "./json_body.ts";
import type { Limits } from "./limits.ts";
import type { PredictorInput } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

export interface JsonImages {
  /** N x I bytes, row-major. */
  readonly pixels: Uint8Array;
  /** Whether an array of images was sent, so that an array of answers is expected. */
  readonly isBatch: boolean;
}

/**
 * @param body a whole body
 * @param input what the model takes
 * @throws {Refusal} 400 where it is not such images, 413 where there are too many
 */
export function readJsonPixels(
  body: Uint8Array,
  input: PredictorInput,
  { images: most }: Pick<Limits, "images">,
): JsonImages {
  const sent = parseJson(body, `{"pixels": [...]}`)?.pixels;
  if (!Array.isArray(sent)) {
    throw unusable(`it has no array "pixels"`, `{"pixels": [...]}`);
  }
  const isBatch = Array.isArray(sent[0]);
  const images: readonly unknown[] = isBatch ? sent : [sent];
  if (images.length > most) {
    throw new Refusal(
      413,
      `Cannot predict from ${images.length} images at once: at most ${most} are read; send fewer`,
    );
  }
  const { inputs } = input;
  const pixels = new Uint8Array(images.length * inputs);
  images.forEach((image, i) => copyPixels(pixels, i * inputs, image, i, input));
  return { pixels, isBatch };
}

function copyPixels(
  to: Uint8Array,
  offset: number,
  image: unknown,
  index: number,
  { inputs, width, height }: PredictorInput,
): void {
  const right = `${height} x ${width} = ${inputs} pixels, row by row`;
  if (!Array.isArray(image)) {
    throw unusable(`image ${index} is ${described(image)}, not an array`, right);
  }
  if (image.length !== inputs) {
    throw unusable(`image ${index} has ${image.length} pixels`, right);
  }
  for (let i = 0; i < inputs; i++) {
    const value = image[i];
    // True of whole numbers from 0 to 255, and of nothing else.
    if ((value & 255) !== value) {
      throw unusable(
        `pixel ${i} of image ${index} is ${described(value)}`,
        "whole numbers from 0 to 255",
      );
    }
    to[offset + i] = value;
  }
}
