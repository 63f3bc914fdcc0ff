/** Finds out what a trained network gets wrong and what it looks for, as images: for `runs/NAME/inspection.json`. */
import type { LabeledImages } from "../../dataset/dataset.ts";
import type { Model } from "../../model/model.ts";
import { Network } from "../../nn/network.ts";
import {
  type Inspection,
  INSPECTION_SCHEMA,
  MAX_MISTAKES,
  MAX_UNITS,
  type Mistake,
  type UnitWeights,
} from "../../run_log/inspection/inspection.ts";
import { type InferenceOptions, predictProbabilities } from "../../train/inference.ts";

/**
 * Pixels of an image at most: 64 x 64. Larger ones would make a file that takes longer to show than training did.
 */
const MAX_PIXELS = 4096;

/**
 * @param test null where there is no test set; then there are no mistakes
 * @param options where to compute
 * @returns null where images are too large to be shown
 */
export async function inspect(
  model: Model,
  test: LabeledImages | null,
  options: InferenceOptions = {},
): Promise<Inspection | null> {
  const { architecture: { inputs }, height, width, classNames } = model;
  if (inputs > MAX_PIXELS || model.input || model.task) return null;
  const mistakes = test ? await findMistakes(model, test, options) : [];
  const { units, ...window } = firstLayer(model);
  return {
    type: "inspection",
    schema: INSPECTION_SCHEMA,
    height,
    width,
    classNames,
    mistakes: mistakes.slice(0, MAX_MISTAKES).map(({ row, probability, ...classes }) => {
      const pixels = test!.pixels.subarray(row * inputs, (row + 1) * inputs);
      return { row, ...classes, probability, pixels: pixels.toBase64() };
    }),
    mistakeCount: mistakes.length,
    units: units.slice(0, MAX_UNITS).map(toImage),
    unitCount: units.length,
    ...window,
  };
}

/** Every row that is classified wrongly, the most confident first; of equals, the earlier row. */
async function findMistakes(
  model: Model,
  test: LabeledImages,
  options: InferenceOptions,
): Promise<Omit<Mistake, "pixels">[]> {
  const rows = await predictProbabilities(model, test.pixels, options);
  const predictions = rows.map((probabilities, row) => {
    const probability = probabilities.reduce((a, b) => Math.max(a, b));
    const predictedClass = probabilities.indexOf(probability);
    return { row, trueClass: test.labels[row], predictedClass, probability };
  });
  return predictions.filter(({ trueClass, predictedClass }) => trueClass !== predictedClass)
    .sort((a, b) => b.probability - a.probability || a.row - b.row);
}

/**
 * The weights from every pixel to each unit of the first layer, or of a window to each output of a convolution; they stand in
 * columns.
 */
function firstLayer({ architecture, parameters }: Model) {
  const { weights, bias } = parameters[0];
  const [units, rows] = [bias.length, weights.length / bias.length];
  const images = Array.from(
    { length: units },
    (_, unit) => Float32Array.from({ length: rows }, (_, row) => weights[row * units + unit]),
  );
  const first = Network.of(architecture).layers.find(({ name }) => name !== "");
  const shape = first?.layer.convolution;
  if (shape) {
    return { units: images, unitHeight: shape.kernelHeight, unitWidth: shape.kernelWidth };
  }
  return { units: images };
}

/** Weights as bytes around 128, the largest as far from it as a byte goes. */
function toImage(weights: Float32Array): UnitWeights {
  const scale = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const bytes = Uint8Array.from(
    weights,
    (weight) => scale === 0 ? 128 : 128 + Math.round(weight / scale * 127),
  );
  return { scale, weights: bytes.toBase64() };
}
