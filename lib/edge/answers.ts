/** From bodies to answers: `{"predicted": name, "probabilities": {name: probability, ...}}`, and where need be `"note"`. */

import { noteOnPixels } from "../image/pixel_range.ts";
import { type Answer, answerOf } from "./answer.ts";
import { readJsonInputs } from "./json_inputs.ts";
import { type JsonImages, readJsonPixels } from "./json_pixels.ts";
import type { Limits } from "./limits.ts";
import { rowOfPng } from "./png_row.ts";
import type { Predictor } from "./predictor.ts";
import type { RowReader } from "./raw_rows.ts";
import { Refusal } from "./refusal.ts";

/**
 * @returns an answer; where an array of images was sent, as many
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

/** Answers, and what is odd about the rows that were sent. */
export type RowAnswers = (Answer | { readonly predictions: readonly Answer[] }) & {
  readonly notes?: readonly string[];
};

/**
 * @param type application/json or text/csv
 * @throws as `readRawRows`; {Refusal} 500 where a number is not finite
 */
export async function predictFromRows(
  predictor: Predictor,
  body: Uint8Array,
  type: string,
  readRows: RowReader,
  limits: Limits,
): Promise<RowAnswers> {
  const { values, isBatch, notes } = await readRows(body, type, predictor.preprocessing!, limits);
  const answers = answersTo(predictor, values);
  const answer = isBatch ? { predictions: answers } : answers[0];
  return notes.length === 0 ? answer : { ...answer, notes };
}

function asRows({ pixels, isBatch }: JsonImages) {
  return { values: pixels, isBatch };
}

/**
 * @param invert whether the image is dark on light
 * @throws {WeftError} where it is no PNG that can be read
 * @throws {Refusal} 500 where a probability is not finite
 */
export async function predictFromPng(
  predictor: Predictor,
  body: Uint8Array,
  invert: boolean,
  limits: Limits,
): Promise<Answer> {
  if (predictor.input.element) {
    throw new Refusal(
      415,
      'Cannot predict from an image: the model takes float32 features; send {"inputs": [[...]]} as application/json',
    );
  }
  return answersTo(predictor, await rowOfPng(predictor.input, body, invert, limits))[0];
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
      `Cannot answer: the model's ${what} of ${input.element ? "row" : "image"} ${
        Math.floor(wrong / outputs)
      } are not finite, because sums in the network are beyond float32; export another model`,
    );
  }
  return Array.from({ length: rows }, (_, i) => {
    const answer = answerOf(predictor, given.subarray(i * outputs, (i + 1) * outputs));
    const note = values instanceof Uint8Array
      ? noteOnPixels(values.subarray(i * inputs, (i + 1) * inputs), "the image")
      : null;
    return { ...answer, ...(note === null ? {} : { note }) };
  });
}
