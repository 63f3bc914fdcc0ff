/**
 * Model files that are damaged, lie or are missing: every command that needs one says what is
 * wrong.
 */

import assert from "node:assert/strict";
import { encodeModel } from "../../lib/model/model_file.ts";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { stripedModel } from "../support/striped_images.ts";

const good = encodeModel(stripedModel());

/** The model file with some of its text replaced by text of the same length. */
function withText(text: string, replacement: string): Uint8Array {
  assert.equal(text.length, replacement.length);
  // Latin-1 gives every byte one character, and so back.
  const latin1 = Array.from(good, (byte) => String.fromCharCode(byte)).join("");
  assert(latin1.includes(text));
  return Uint8Array.from(latin1.replace(text, replacement), (c) => c.charCodeAt(0));
}

/** The model file with the length of its header announced as `length`. */
function withHeaderLength(length: bigint): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

function withNaN(): Uint8Array {
  const model = stripedModel();
  model.parameters[0].weights[4] = NaN;
  return encodeModel(model);
}

const badFiles: readonly (readonly [name: string, bytes: Uint8Array, expected: RegExp])[] = [
  ["empty", new Uint8Array(0), /it is 0 bytes long, too short for a header; it is truncated or no/],
  [
    "truncated",
    good.subarray(0, -1),
    /is said to lie at bytes .* of the data, which are \d+ bytes/,
  ],
  ["cut-header", good.subarray(0, 100), /but only 92 follow; it is truncated or no model/],
  ["long-header", withHeaderLength(1n << 62n), /announce a header of 4611686018427387904 bytes/],
  ["short-header", withHeaderLength(64n), /its header is not JSON, so it is damaged or no model/],
  ["text", new TextEncoder().encode("this is no model file at all"), /it is damaged or no model/],
  ["page", new TextEncoder().encode("<!DOCTYPE html>"), /: it is an HTML page; download the file/],
  [
    "nan",
    withNaN(),
    /tensor "layers\.0\.weight" is NaN at .*weights must be finite; train the mod/,
  ],
  [
    "architecture",
    withText('"hidden":"[]"', '"hidden":"[4"'),
    /its "hidden" is "\[4", not an array/,
  ],
  ["inputs", withText('"inputs":"35"', '"inputs":"36"'), /7 x 5 pixels are not its 36 inputs/],
  [
    "shape",
    withText('"shape":[3,35]', '"shape":[35,3]'),
    /has the shape \[35, 3\], but .* \[3, 35\]/,
  ],
  ["format", withText("weft-mlp", "weft-cnn"), /it is not a model that Weft wrote/],
  [
    "version",
    withText('formatVersion":"1"', 'formatVersion":"2"'),
    /"formatVersion" is "2", not "1"/,
  ],
];

Deno.test("model files that are damaged or lie are refused by evaluate and by predict", async () => {
  await using workplace = await Workplace.create();
  const cases = badFiles.flatMap(([name, bytes, expected], i) => {
    Deno.writeFileSync(workplace.path(`${name}.safetensors`), bytes);
    const command = i % 2 === 0 ? ["evaluate"] : ["predict", "--index", "0"];
    return { args: [...command, "--model", `${name}.safetensors`], expected };
  });
  await forEachCase(cases, async ({ args, expected }) => {
    const line = refusalOf(await workplace.weft(...args, "--data-dir", "data"), 1);
    assert.match(line, /^Cannot (use|read) \S+\.safetensors/);
    assert.match(line, expected);
  });
});

Deno.test("a model whose answers are not finite answers nothing, and is not exported", async () => {
  await using workplace = await Workplace.create();
  const huge = stripedModel();
  huge.parameters[0].weights.fill(3e38);
  await Deno.writeFile(workplace.path("huge.safetensors"), encodeModel(huge));
  const scale = encodeModel({ ...stripedModel(), inputScale: 1e300 });
  await Deno.writeFile(workplace.path("scale.safetensors"), scale);
  const data = ["--data-dir", "data"];
  await forEachCase<[args: string[], expected: RegExp]>([
    [
      ["evaluate", "--model", "huge.safetensors", ...data],
      /^Cannot use the model on row 0: its pr/,
    ],
    [
      ["predict", "--model", "huge.safetensors", "--index", "0", "--json", ...data],
      /row 0: its pr/,
    ],
    [["export", "--model", "huge.safetensors"], /^Cannot export huge.*: its layer 0 has sums beyo/],
    [["export", "--model", "huge.safetensors", "--format", "onnx"], /^Cannot export huge/],
    [
      ["evaluate", "--model", "scale.safetensors", ...data],
      /"inputScale" is "1e\+300", not a numb/,
    ],
  ], async ([args, expected]) => {
    assert.match(refusalOf(await workplace.weft(...args), 1), expected);
  });
  assert.deepEqual(workplace.contents(), ["huge.safetensors", "scale.safetensors"]);
});

Deno.test("a model that is not there is refused, and what can be named is said", async () => {
  await using workplace = await Workplace.create();
  await Deno.mkdir(workplace.path("runs/unfinished"), { recursive: true });
  await forEachCase<[args: string[], expected: RegExp]>([
    [
      [],
      /^Cannot choose a model: no run below runs\/ has one; run "deno task train" first, or name/,
    ],
    [
      ["--model", "typo"],
      /^Cannot read the model typo: there is no such file; name a model file, or/,
    ],
    [
      ["--model", "no/such.safetensors"],
      /^Cannot read the model no\/such\.safetensors: there is no/,
    ],
    [
      ["--model", "unfinished"],
      /^Cannot read the model runs\/unfinished\/model\.safetensors: there/,
    ],
    [["--model", "data"], /^Cannot read the model data\/model\.safetensors: there is no such file/],
    [["--model", ""], /^Cannot read the model "": /],
    [["--model", "data/train-labels-idx1-ubyte/x"], /: a part of the path is a file; /],
  ], async ([args, expected]) => {
    assert.match(refusalOf(await workplace.weft("evaluate", ...args), 1), expected);
  });
});

Deno.test("a model is named by its run, its folder or its file; else it is the newest run's", async () => {
  await using workplace = await Workplace.create();
  // Named like folders of the workplace, because a run goes before them.
  for (const [name, secondsAgo] of [["older", 60], ["data", 0]] as const) {
    await Deno.mkdir(workplace.path(`runs/${name}`), { recursive: true });
    const path = workplace.path(`runs/${name}/model.safetensors`);
    await Deno.writeFile(path, good);
    const time = Date.now() / 1000 - secondsAgo;
    await Deno.utime(path, time, time);
  }
  await Deno.writeFile(workplace.path("mine.bin"), good);
  await forEachCase<[args: string[], expected: string]>([
    [[], "runs/data/model.safetensors"],
    [["--model", "data"], "runs/data/model.safetensors"],
    [["--model", "older"], "runs/older/model.safetensors"],
    [["--model", "runs/older"], "runs/older/model.safetensors"],
    [["--model", "runs/older/model.safetensors"], "runs/older/model.safetensors"],
    [["--model", "mine.bin"], "mine.bin"],
  ], async ([args, expected]) => {
    const outcome = await workplace.weft("evaluate", ...args, "--data-dir", "data", "--json");
    const { model, accuracy, rows } = JSON.parse(requireSuccess(outcome).stdout);
    assert.deepEqual({ model, accuracy, rows }, { model: expected, accuracy: 1, rows: 30 });
  });
});
