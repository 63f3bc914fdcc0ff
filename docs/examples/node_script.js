/**
 * Trains on data in memory, saves the model and uses it: `npm install @weft/weft`, then `node node_script.js`. Runs in Bun and
 * Deno, too.
 */
import { readFile, writeFile } from "node:fs/promises";
import { decodeModel, encodeModel, encodeOnnx, evaluate, train } from "@weft/weft";
import { createPredictor } from "@weft/weft/predict";

// Two classes of 2 x 2 images: bright above, bright below.
const rows = 40;
const labels = Uint8Array.from({ length: rows }, (_, i) => i % 2);
const pixels = Uint8Array.from(
  { length: rows * 4 },
  (_, i) => labels[i >> 2] === (i >> 1) % 2 ? 200 : 20,
);
const images = { rows, height: 2, width: 2, pixels, labels };

const config = { hidden: [8], activation: "tanh", batchSize: 8, epochs: 30 };
for await (const event of train({ train: images, classNames: ["above", "below"], config })) {
  if (event.type === "epoch" && event.epoch % 10 === 0) {
    console.log(`epoch ${event.epoch}: validation loss ${event.validationLoss.toFixed(4)}`);
  }
  if (event.type === "end") {
    await writeFile("model.safetensors", encodeModel(event.model));
    await writeFile("model.onnx", encodeOnnx(event.model));
  }
}

const bytes = await readFile("model.safetensors");
const { accuracy } = await evaluate(decodeModel(bytes, "model.safetensors"), images);
const predictor = await createPredictor(bytes);
const [{ predicted, probabilities }] = predictor.predict(Uint8Array.of(255, 255, 0, 0));
console.log(
  `accuracy ${accuracy}; ${predicted} with probability ${probabilities[predicted].toFixed(3)}`,
);
