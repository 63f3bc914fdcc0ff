/** From bodies to answers: `{"predicted": name, "probabilities": {name: probability, ...}}`, and where need be `"note"`. */

import { fitToNetwork, groundOf } from "../image/fit_to_network.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import { type Answer, answerOf } from "./answer.ts";
import { readJsonInputs } from "./json_inputs.ts";
import { type JsonPictures, readJsonPixels } from "./json_pixels.ts";
import type { Limits } from "./limits.ts";
import type { Predictor } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

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
  const { input, input: { inputs } } = predictor;
  const given = predictor.predict(values);
  const rows = values.length / inputs;
  const outputs = given.length / rows;
  const wrong = given.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const what = predictor.answers.task === "regression" ? "predictions" : "probabilities";
    throw new Refusal(
      500,
      `Cannot answer: the model's ${what} of ${input.element ? "row" : "picture"} ${
        Math.floor(wrong / outputs)
      } are not finite, because sums in the network are beyond float32; export another model`,
    );
  }
  return Array.from({ length: rows }, (_, i) => {
    const answer = answerOf(predictor, given.subarray(i * outputs, (i + 1) * outputs));
    const note = values instanceof Uint8Array
      ? noteOnPixels(values.subarray(i * inputs, (i + 1) * inputs), "the picture")
      : null;
    return { ...answer, ...(note === null ? {} : { note }) };
  });
}
