/** From bodies to answers: `{"predicted": name, "probabilities": {name: probability, ...}}`, and where need be `"note"`. */

import { fitToNetwork, groundOf } from "../image/fit_to_network.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import { readJsonInputs } from "./json_inputs.ts";
import { type JsonPictures, readJsonPixels } from "./json_pixels.ts";
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
  const { input } = predictor;
  const { values, isBatch } = input.element
    ? readJsonInputs(body, input.inputs, limits)
    : asRows(readJsonPixels(body, input, limits));
  const answers = answersTo(predictor, values);
  return isBatch ? { predictions: answers } : answers[0];
}

function asRows({ pixels, isBatch }: JsonPictures) {
  return { values: pixels, isBatch };
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
  if (predictor.input.element) {
    throw new Refusal(
      415,
      'Cannot predict from a picture: the model takes float32 features; send {"inputs": [[...]]} as application/json',
    );
  }
  // In the same bundle, but made ready for the first picture: its tables take 5 ms, a fifth of a cold start.
  const { decodeBoundedPng } = await import("../image/png_bounded.ts");
  const { height, width } = predictor.input;
  const input = { height, width, invert };
  const options = { background: groundOf(input), maxSide: pngSide };
  const picture = decodeBoundedPng(body, "the body", options);
  return answersTo(predictor, fitToNetwork(picture, input))[0];
}

function answersTo(predictor: Predictor, values: Uint8Array | Float32Array): Answer[] {
  const { classNames, input, input: { inputs } } = predictor;
  const probabilities = predictor.predict(values);
  const wrong = probabilities.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new Refusal(
      500,
      `Cannot answer: the model's probabilities of ${input.element ? "row" : "picture"} ${
        Math.floor(wrong / classNames.length)
      } are not finite, because sums in the network are beyond float32; export another model`,
    );
  }
  return Array.from({ length: values.length / inputs }, (_, i) => {
    const own = probabilities.subarray(i * classNames.length, (i + 1) * classNames.length);
    const note = values instanceof Uint8Array
      ? noteOnPixels(values.subarray(i * inputs, (i + 1) * inputs), "the picture")
      : null;
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
