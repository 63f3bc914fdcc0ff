/** ONNX files: onnxruntime opens them, and computes with them what Weft does. */

import assert from "node:assert/strict";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import type { Model } from "../../lib/model/model.ts";
import { ACTIVATIONS } from "../../lib/nn/activations.ts";
import { layerShapes } from "../support/networks.ts";
import type { Perceptron } from "../../lib/nn/architecture.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";
import { train } from "../../lib/train/trainer.ts";
import { testUnless } from "../support/cli.ts";
import { localFashionMnist, NO_FASHION_MNIST } from "../data/local_fashion_mnist.ts";
import { type OnnxCase, runOnnx } from "../onnxruntime/mod.ts";

/** What the specification asks for, of probabilities. */
const TOLERANCE = 1e-5;

/** A network of 5 x 7 pixels whose parameters are drawn, and large enough to saturate. */
function drawnModel(hidden: readonly number[], activation: typeof ACTIVATIONS[number]): Model {
  const random = new NumpyRandomState(hidden.length);
  const draw = (length: number, scale: number) =>
    Float32Array.from({ length }, () => scale * random.normal());
  const architecture = { inputs: 35, hidden, outputs: 4, activation };
  return {
    architecture,
    parameters: layerShapes(architecture).map(([inputs, outputs]) => ({
      weights: draw(inputs * outputs, 2 / Math.sqrt(inputs)),
      bias: draw(outputs, 1),
    })),
    height: 7,
    width: 5,
    inputScale: 1 / 255,
    classNames: ["티셔츠/윗도리", "b", "c", 'd "quoted"'],
    preset: "drawn",
  };
}

/** Bytes of `rows` images; the first is black, the second white. */
function drawnPixels(rows: number, inputs: number): Uint8Array {
  const random = new NumpyRandomState(rows);
  const pixels = Uint8Array.from({ length: rows * inputs }, () => 256 * random.randomSample());
  return pixels.fill(0, 0, inputs).fill(255, inputs, Math.min(rows, 2) * inputs);
}

/** A model, and images on which onnxruntime and Weft are to agree. */
interface Case {
  readonly model: Model;
  readonly pixels: Uint8Array;
}

function caseOf({ model, pixels }: Case): OnnxCase {
  return { file: encodeOnnx(model), pixels, inputs: model.architecture.inputs };
}

/** Asserts that onnxruntime's probabilities are Weft's. */
async function requireAgreement({ model, pixels }: Case, actual: Float32Array): Promise<void> {
  const expected = (await predictProbabilities(model, pixels)).flatMap((row) => [...row]);
  assert.equal(actual.length, expected.length);
  const differences = expected.map((probability, i) => Math.abs(probability - actual[i]));
  const largest = differences.reduce((a, b) => Math.max(a, b));
  assert(largest <= TOLERANCE, `probabilities differ by ${largest}`);
}

Deno.test("onnxruntime agrees with Weft, however deep a network is, with every activation", async (t) => {
  const models = ACTIVATIONS.flatMap((activation) =>
    [[], [16], [24, 9, 16]].map((hidden) => drawnModel(hidden, activation))
  );
  const cases = models.flatMap((model) =>
    [1, 33].map((rows) => ({ model, pixels: drawnPixels(rows, 35) }))
  );
  const results = await runOnnx(cases.map(caseOf));
  for (const [i, { probabilities, signature }] of results.entries()) {
    const { hidden, activation } = cases[i].model.architecture as Perceptron;
    const rows = probabilities.length / 4;
    const network = `${["35", ...hidden, "4"].join("-")} ${activation}`;
    await t.step(`${network}, ${rows} rows`, async () => {
      assert.deepEqual(signature, ["pixels uint8 [N, 35]", "probabilities float32 [N, 4]"]);
      await requireAgreement(cases[i], probabilities);
    });
  }
});

const fashionMnist = await localFashionMnist();

testUnless(
  fashionMnist?.test ? null : NO_FASHION_MNIST,
  "onnxruntime agrees with Weft on the test set of Fashion-MNIST",
  async () => {
    const { train: images, test, classNames } = fashionMnist!;
    let model: Model | null = null;
    // One epoch of the exercise: enough for probabilities of all sizes.
    for await (const event of train({ train: images, classNames, config: { epochs: 1 } })) {
      if (event.type === "end") model = event.model;
    }
    assert(model);
    const asked = { model, pixels: test!.pixels };
    const [{ probabilities }] = await runOnnx([caseOf(asked)]);
    await requireAgreement(asked, probabilities);
  },
);
