/** `predict --image` with a model of color images. */

import assert from "node:assert/strict";
import { encode } from "fast-png";
import { train } from "../../lib/mod.ts";
import { encodeModel } from "../../lib/model/model_file.ts";
import { refusalOf, requireSuccess, Workplace } from "../support/cli.ts";

const SIDE = 4;
const COLORS = [[220, 20, 10], [10, 200, 30], [20, 30, 230]] as const;
const NAMES = ["red", "green", "blue"];

/** Images of one color each, a little lighter from row to row. */
function colorImages(rows: number) {
  const features = Uint8Array.from(
    { length: rows * SIDE * SIDE * 3 },
    (_, i) => {
      const row = Math.floor(i / (SIDE * SIDE * 3));
      return COLORS[row % 3][i % 3] + row % 20;
    },
  );
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 3);
  return { rows, features, shape: [SIDE, SIDE, 3], labels };
}

async function colorModel() {
  const config = { hidden: [8], epochs: 30, learningRate: 0.5, batchSize: 10 };
  const options = { train: colorImages(60), classNames: NAMES, config };
  for await (const event of train(options)) {
    if (event.type === "end" && event.model) return event.model;
  }
  throw new Error("nothing was trained");
}

Deno.test("a model of colors answers by the colors of an image, whatever its size", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("m.safetensors"), encodeModel(await colorModel()));
  const predicted = async (...args: string[]) => {
    const command = ["predict", "--model", "m.safetensors", "--json", "--image", ...args];
    return JSON.parse(requireSuccess(await workplace.weft(...command)).stdout).predicted;
  };
  for (const [i, color] of COLORS.entries()) {
    const side = SIDE * (i + 1);
    const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => color[at % 3]);
    const file = `${NAMES[i]}.png`;
    await Deno.writeFile(
      workplace.path(file),
      encode({ width: side, height: side, data, channels: 3 }),
    );
    assert.equal(await predicted(file), NAMES[i]);
    // The negative of the negative.
    const negative = encode({
      width: side,
      height: side,
      data: data.map((value) => 255 - value),
      channels: 3,
    });
    await Deno.writeFile(workplace.path(`negative-${file}`), negative);
    assert.equal(await predicted(`negative-${file}`, "--invert"), NAMES[i]);
  }
  await Deno.writeTextFile(workplace.path("page.png"), "<!DOCTYPE html><html>");
  const page = ["predict", "--model", "m.safetensors", "--image", "page.png"];
  assert.match(refusalOf(await workplace.weft(...page), 1), /it is an HTML page/);
});

Deno.test("a model of float32 features does not take images", async () => {
  await using workplace = await Workplace.create();
  const { features, ...images } = colorImages(30);
  const options = {
    train: { ...images, features: Float32Array.from(features, (value) => value / 255) },
    classNames: NAMES,
    config: { hidden: [4], epochs: 1 },
  };
  for await (const event of train(options)) {
    if (event.type !== "end" || !event.model) continue;
    await Deno.writeFile(workplace.path("m.safetensors"), encodeModel(event.model));
  }
  const args = ["predict", "--model", "m.safetensors", "--image", "x.png"];
  assert.match(
    refusalOf(await workplace.weft(...args), 2),
    /the model takes 4 x 4 x 3 float32 features; name a model of images with --model$/,
  );
});
