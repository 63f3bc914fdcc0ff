/** From bodies to answers: `{"predicted": name, "probabilities": {name: probability, ...}}`, and where need be `"note"`. */

import { fitToNetwork, groundOf } from "../image/fit_to_network.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import { readJsonInputs } from "./json_inputs.ts";
import { type JsonPictures, readJsonPixels } from "./json_pixels.ts";
import type { Limits } from "./limits.ts";
import type { Predictor } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

/** What is said of a row; what is in it depends on the task. */
export interface Answer {
  /** Of classification the name of the most probable class, the first of equals; of binary tasks that of yes or no. */
  readonly predicted?: string;
  /** Of binary tasks: of yes, and from which on that is the answer. */
  readonly probability?: number;
  readonly threshold?: number;
  /** Of multi-label tasks: names of what the row has. */
  readonly labels?: readonly string[];
  /** By name: of classes, of labels. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Of regression: targets by name, in their own unit. */
  readonly predictions?: Readonly<Record<string, number>>;
  /** What may be wrong with the picture; absent where nothing is noticed. */
  readonly note?: string;
}

/** What a task says of a row of its outputs. */
export function answerOf(
  { classNames, answers }: Pick<Predictor, "classNames" | "answers">,
  own: Float32Array,
): Answer {
  const { task, threshold, targets } = answers;
  const named = (names: readonly string[], valueOf: (j: number) => number) =>
    Object.fromEntries(names.map((name, j) => [name, valueOf(j)]));
  switch (task) {
    case "classification":
      return {
        predicted: classNames[indexOfLargest(own)],
        probabilities: named(classNames, (j) => own[j]),
      };
    case "binary":
      return { predicted: classNames[+(own[0] >= threshold)], probability: own[0], threshold };
    case "multi-label":
      return {
        labels: classNames.filter((_, j) => own[j] >= threshold),
        probabilities: named(classNames, (j) => own[j]),
      };
    case "regression":
      return {
        predictions: named(targets!.names, (j) => own[j] * targets!.std[j] + targets!.mean[j]),
      };
  }
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

/** The first of equals. */
function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
