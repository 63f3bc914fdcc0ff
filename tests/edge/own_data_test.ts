/** The predictor for models of color images and of windows of a series. */

import assert from "node:assert/strict";
import { encode as encodePng } from "fast-png";
import { encode } from "../../lib/dataset/preprocessing/encode.ts";
import type { Preprocessing } from "../../lib/dataset/preprocessing/preprocessing.ts";
import { makeHandler } from "../../lib/edge/handler.ts";
import { readRawRows } from "../../lib/edge/raw_rows.ts";
import { networkInputOfPng } from "../../lib/image/network_input.ts";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import type { Model } from "../../lib/model/model.ts";
import { predict, predictProbabilities } from "../../lib/train/inference.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { noisyModel, noisyPixels, PAGE, predictorOf } from "./models.ts";

type Handler = ReturnType<typeof makeHandler>;

async function post(handler: Handler, body: BodyInit, type: string) {
  const headers = { "content-type": type };
  const request = new Request("http://edge/predict", { method: "POST", headers, body });
  const response = await handler(request);
  return { status: response.status, answer: await response.json() };
}

const numbersOf = (byName: Record<string, number>) => Object.values(byName).map(Math.fround);

/** Images of 6 x 4 pixels and three channels. */
const COLOR: Model = {
  ...noisyModel(6, 12, [7], 3, "relu"),
  input: { element: "uint8", shape: [6, 4, 3] },
};

Deno.test("a PNG is seen in colors by a model of colors, as `predict --image` sees it", async () => {
  const handler = makeHandler(await predictorOf(COLOR), PAGE);
  const answers = new Set<string>();
  for (const [height, width, channels] of [[6, 4, 3], [31, 17, 3], [9, 20, 4], [8, 8, 1]]) {
    const data = noisyPixels(height * width, channels);
    const png = Uint8Array.from(
      encodePng({ width, height, data, channels: channels as 1 | 3 | 4 }),
    );
    const { status, answer } = await post(handler, png, "image/png");
    assert.equal(status, 200);
    const pixels = networkInputOfPng(png, "it", { height: 6, width: 4, invert: false }, 3);
    const [expected] = await predictProbabilities(COLOR, pixels);
    assert.deepEqual(numbersOf(answer.probabilities), [...expected]);
    answers.add(String(expected));
  }
  assert.equal(answers.size, 4);
  const schema = await (await handler(new Request("http://edge/schema"))).json();
  assert.match(JSON.stringify(schema), /4 x 6 pixels, row by row, red, green and blue of each/);
});

const WINDOWED: Preprocessing = {
  columns: [
    { kind: "number", name: "x", impute: 1, indicator: false, mean: 1, std: 2 },
    { kind: "number", name: "y", impute: 0, indicator: false, mean: -3, std: 4 },
  ],
  ignored: ["session"],
  target: { names: ["activity"] },
  window: { length: 3, stride: 1, groups: "session" },
};

const SERIES: Model = {
  ...noisyModel(3, 2, [5], 3, "tanh"),
  inputScale: 1,
  input: { element: "float32", shape: [3, 2, 1] },
  preprocessing: WINDOWED,
};

const ROWS = Array.from({ length: 5 }, (_, i) => ({ x: i * i - 3, y: Math.sin(i) }));

/** The windows that end in rows 2, 3 and 4. */
function windowsByHand(): Float32Array {
  const row = ({ x, y }: { x: number; y: number }) => [(x - 1) / 2, (y + 3) / 4];
  return Float32Array.from([2, 3, 4].flatMap((end) => ROWS.slice(end - 2, end + 1).flatMap(row)));
}

Deno.test("rows in order of time are answered for from the first whole window on", async () => {
  const predictor = await predictorOf(SERIES);
  const handler = makeHandler(predictor, PAGE, undefined, [], readRawRows);
  const { values, ends } = encode(WINDOWED, ROWS);
  assert.deepEqual([...values], [...windowsByHand()]);
  assert.deepEqual([...ends!], [2, 3, 4]);
  const { status, answer } = await post(
    handler,
    JSON.stringify({ rows: ROWS }),
    "application/json",
  );
  assert.equal(status, 200);
  const expected = await predictProbabilities(SERIES, ROWS);
  assert.deepEqual(
    answer.predictions.map(({ probabilities }: { probabilities: Record<string, number> }) =>
      numbersOf(probabilities)
    ),
    expected.map((row) => [...row]),
  );
  assert.equal((await predict(SERIES, ROWS)).length, 3);
  // Rows of two sessions are in no window together.
  const sessions = ROWS.map((row, i) => ({ ...row, session: i < 3 ? "a" : "b" }));
  assert.deepEqual([...encode(WINDOWED, sessions).ends!], [2]);

  const few = await post(handler, JSON.stringify({ rows: ROWS.slice(0, 2) }), "application/json");
  assert.equal(few.status, 400);
  assert.match(few.answer.error, /from 2 rows: the model takes windows of 3 rows/);
  const { properties: { rows } } = await (await handler(new Request("http://edge/schema"))).json();
  assert.deepEqual([rows.minItems, Object.keys(rows.items.properties)], [3, ["x", "y"]]);
  const page = await (await handler(new Request("http://edge/"))).text();
  assert.match(page, /\{"rows": \[\{\.\.\.\}, \.\.\.\]\}, 3 rows or more/);
});

Deno.test("onnxruntime takes the rows of windows one after the other", async () => {
  const column = (name: "x" | "y") => ({ size: 1, values: ROWS.slice(0, 3).map((it) => it[name]) });
  const columns = { x: column("x"), y: column("y") };
  const [{ probabilities, signature }] = await runOnnx([
    { file: encodeOnnx(SERIES), columns, inputs: 0 },
  ]);
  const [expected] = await predictProbabilities(SERIES, ROWS.slice(0, 3));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - probabilities[i])));
  assert(probabilities.length === 3 && worst <= 1e-5, String(worst));
  assert.equal(signature[0], "x float32 [rows, 1]");
});
