/** Using a network: evaluation, classes, probabilities. */
import assert from "node:assert/strict";
import { evaluate, type Model, predict, predictProbabilities, WeftError } from "../../lib/mod.ts";

/** No hidden layer, no bias: the logits of an image of 2 pixels are the bytes themselves. */
const MODEL: Model = {
  architecture: { inputs: 2, hidden: [], outputs: 3, activation: "sigmoid" },
  parameters: [{
    weights: new Float32Array([1, 0, 0, 0, 1, 0]),
    bias: new Float32Array([0, 0, -1]),
  }],
  height: 1,
  width: 2,
  inputScale: 1,
  classNames: ["left", "right", "neither"],
  preset: "baseline",
};

const imagesOf = (rows: readonly (readonly [left: number, right: number, label: number])[]) => ({
  rows: rows.length,
  height: 1,
  width: 2,
  pixels: Uint8Array.from(rows.flatMap(([left, right]) => [left, right])),
  labels: Uint8Array.from(rows, ([, , label]) => label),
});

Deno.test("probabilities are softmax of the logits, row by row", async () => {
  const pixels = new Uint8Array([0, 0, 200, 1, 3, 3]);
  const [dark, bright, tied] = await predictProbabilities(MODEL, pixels);
  const e = Math.exp;
  const close = (actual: Float32Array, expected: number[]) =>
    expected.forEach((p, j) => assert(Math.abs(actual[j] - p) < 1e-6, `${actual} for ${expected}`));
  close(dark, [1 / (2 + e(-1)), 1 / (2 + e(-1)), e(-1) / (2 + e(-1))]);
  close(bright, [1, 0, 0]);
  close(tied, [1 / (2 + e(-4)), 1 / (2 + e(-4)), e(-4) / (2 + e(-4))]);
});

Deno.test("the predicted class is the most probable, of equals the first", async () => {
  assert.deepEqual(await predict(MODEL, new Uint8Array([0, 0, 9, 1, 1, 9, 5, 5])), [0, 0, 1, 0]);
});

Deno.test("evaluation gives the mean loss, the accuracy and the confusion matrix", async () => {
  const images = imagesOf([[200, 0, 0], [0, 200, 1], [200, 0, 1], [0, 0, 2]]);
  const { loss, accuracy, confusionMatrix } = await evaluate(MODEL, images);
  assert.equal(accuracy, 0.5);
  assert.deepEqual(confusionMatrix, [[1, 0, 0], [1, 1, 0], [1, 0, 0]]);
  // Two are sure, one is as wrong as the loss goes, one is not sure.
  const expected = (0 + 0 - Math.log(1e-10) + 1 + Math.log(2 + Math.exp(-1))) / 4;
  assert(Math.abs(loss - expected) < 1e-6, `${loss} for ${expected}`);
});

Deno.test("more rows than a batch are answered in their order", async () => {
  const rows = 1000;
  const pixels = Uint8Array.from({ length: 2 * rows }, (_, i) => (i * 37) % 251);
  const expected = Array.from(
    { length: rows },
    (_, i) => pixels[2 * i] >= pixels[2 * i + 1] ? 0 : 1,
  );
  assert.deepEqual(await predict(MODEL, pixels), expected);
  const labels = Uint8Array.from(expected);
  const { accuracy } = await evaluate(MODEL, { rows, height: 1, width: 2, pixels, labels });
  assert.equal(accuracy, 1);
});

Deno.test("what does not fit the model is refused in one line", async () => {
  const refusals: readonly [() => Promise<unknown>, string][] = [
    [
      () => predict(MODEL, new Uint8Array(3)),
      "Cannot predict from 3 bytes: the model takes 1 x 2 = 2 bytes a sample, and one sample at least",
    ],
    [
      () => predictProbabilities(MODEL, new Uint8Array(0)),
      "Cannot predict from 0 bytes: the model takes 1 x 2 = 2 bytes a sample, and one sample at least",
    ],
    [
      () => evaluate(MODEL, { ...imagesOf([[1, 2, 0]]), rows: 2 }),
      "Cannot evaluate the model on these images: 2 rows of 1 x 2 pixels are 4 bytes, but there are 2; give a byte a pixel",
    ],
    [
      () => evaluate(MODEL, imagesOf([])),
      "Cannot evaluate the model on these images: rows is 0; give a whole number of at least 1",
    ],
    [
      () => evaluate(MODEL, { ...imagesOf([[1, 2, 0]]), height: 2, width: 1 }),
      "Cannot evaluate the model on these images: they are 2 x 1 pixels, but the model takes 1 x 2",
    ],
    [
      () => evaluate(MODEL, imagesOf([[1, 2, 3]])),
      "Cannot evaluate the model on these images: a label is 3, but the model knows the classes 0 to 2",
    ],
  ];
  for (const [call, message] of refusals) {
    await assert.rejects(call, (error) => {
      assert(error instanceof WeftError, `${error}`);
      assert.equal(error.message, message);
      return true;
    });
  }
});

Deno.test("probabilities that are not finite are no answer: the row is named", async () => {
  const weights = new Float32Array([3e38, 0, 0, 3e38, 0, 0]);
  const huge = { ...MODEL, parameters: [{ weights, bias: new Float32Array(3) }] };
  const images = imagesOf([[0, 0, 0], [9, 9, 0]]);
  const refused = (error: unknown) =>
    error instanceof WeftError &&
    /^Cannot use the model on row 1: its probabilities are not finite[^\n]*$/.test(error.message);
  await assert.rejects(predict(huge, images.pixels), refused);
  await assert.rejects(evaluate(huge, images), refused);
});
