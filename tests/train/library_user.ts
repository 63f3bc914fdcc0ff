/**
 * A program that uses Weft as a library and asks for no permission: it trains on data in memory,
 * evaluates, predicts, and prints what it got. no_permission_test.ts runs it.
 */
import { createBackend, evaluate, predict, train } from "../../lib/mod.ts";
import { toyImages } from "../support/toy_images.ts";

const images = toyImages(60, 3);
const test = toyImages(30, 3, 2);

using backend = await createBackend({ backend: "wasm" });
for await (
  const event of train({
    train: images,
    backend,
    config: { hidden: [8], activation: "tanh", batchSize: 8, epochs: 30 },
  })
) {
  if (event.type !== "end" || !event.model) continue;
  const { accuracy } = await evaluate(event.model, test, { backend });
  const classes = await predict(event.model, test.pixels.subarray(0, 3 * 6), { backend });
  console.log(JSON.stringify({ status: event.status, accuracy, classes }));
}
