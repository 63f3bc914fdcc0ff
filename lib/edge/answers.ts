/** From bodies to answers: `{"predicted": name, "probabilities": {name: probability, ...}}`, and where need be `"note"`. */

import { fitToNetwork, groundOf } from "../image/fit_to_network.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import { readJsonPixels } from "./json_pixels.ts";
import type { Limits } from "./limits.ts";
import type { Predictor } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

/** What `predict --json` says of a picture. */
export interface Answer {
  /** The name of the most probable class, the first of equals. */
  readonly predicted: string;
  readonly probabilities: Readonly<Record<string, number>>;
  /** What may be wrong with the picture; absent where nothing is noticed. */
  readonly note?: string;
}

/**
 * @returns an answer; where an array of pictures was sent, as many
 * @throws {Refusal} as `readJsonPixels`; 500 where a probability is not finite
 */
export function predictFromJson(
  predictor: Predictor,
  body: Uint8Array,
  limits: Limits,
): Answer | { readonly predictions: readonly Answer[] } {
  const { pixels, isBatch } = readJsonPixels(body, predictor.input, limits);
  const answers = answersTo(predictor, pixels);
  return isBatch ? { predictions: answers } : answers[0];
}

/**
 * @param invert whether the picture is dark on light
 * @throws {WeftError} where it is no PNG that can be read
 * @throws {Refusal} 500 where a probability is not finite
 */
export async function predictFromPng(
  predictor: Predictor,
  body: Uint8Array,
  invert: boolean,
  { pngSide }: Limits,
): Promise<Answer> {
  // In the same bundle, but made ready for the first picture: its tables take 5 ms, a fifth of a cold start.
  const { decodeBoundedPng } = await import("../image/png_bounded.ts");
  const { height, width } = predictor.input;
  const input = { height, width, invert };
  const options = { background: groundOf(input), maxSide: pngSide };
  const picture = decodeBoundedPng(body, "the body", options);
  return answersTo(predictor, fitToNetwork(picture, input))[0];
}

function answersTo(predictor: Predictor, pixels: Uint8Array): Answer[] {
  const { classNames, input: { inputs } } = predictor;
  const probabilities = predictor.predict(pixels);
  const wrong = probabilities.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new Refusal(
      500,
      `Cannot answer: the model's probabilities of picture ${
        Math.floor(wrong / classNames.length)
      } are not finite, because sums in the network are beyond float32; export another model`,
    );
  }
  return Array.from({ length: pixels.length / inputs }, (_, i) => {
    const own = probabilities.subarray(i * classNames.length, (i + 1) * classNames.length);
    const note = noteOnPixels(pixels.subarray(i * inputs, (i + 1) * inputs), "the picture");
    return {
      predicted: classNames[indexOfLargest(own)],
      probabilities: Object.fromEntries(classNames.map((name, j) => [name, own[j]])),
      ...(note === null ? {} : { note }),
    };
  });
}

/** The first of equals. */
function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
