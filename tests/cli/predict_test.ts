/** `predict`: images and rows that are good or bad. */

import assert from "node:assert/strict";
import { encode } from "fast-png";
import { FASHION_MNIST_CLASS_NAMES } from "../../lib/dataset/class_names.ts";
import { encodeModel } from "../../lib/model/model_file.ts";
import { displayWidth } from "../../lib/report/display_width.ts";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { encodeIdxImages, encodeIdxLabels, writeFiles } from "../support/idx_files.ts";
import {
  HEIGHT,
  stripedIdxFiles,
  stripedImage,
  stripedModel,
  WIDTH,
} from "../support/striped_images.ts";

/** A workplace with a model file, `m.safetensors`. */
async function workplaceWith(model = stripedModel()): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("m.safetensors"), encodeModel(model));
  return workplace;
}

/** A gray PNG of a class's image, every pixel drawn as `scale` x `scale`. */
function png(label: number, scale: number, gray = (value: number) => value): Uint8Array {
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
  const image = stripedImage(label);
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)].map((pixel) => Math.floor(pixel / scale));
    return gray(image[y * WIDTH + x]);
  });
  return encode({ width, height, data, channels: 1 });
}

Deno.test("images of the model's size, larger ones and inverted ones are recognized", async () => {
  await using workplace = await workplaceWith();
  const dark = (value: number) => 255 - value;
  await forEachCase<[file: string, label: number, bytes: Uint8Array, ...flags: string[]]>([
    ["same.png", 0, png(0, 1)],
    ["large.png", 1, png(1, 12)],
    ["dark-on-light.png", 2, png(2, 4, dark), "--invert"],
  ], async ([file, label, bytes, ...flags]) => {
    await Deno.writeFile(workplace.path(file), bytes);
    const args = ["predict", "--model", "m.safetensors", "--image", file, ...flags];
    const [json, text] = await Promise.all([
      workplace.weft(...args, "--json"),
      workplace.weft(...args),
    ]);
    const result = JSON.parse(requireSuccess(json).stdout);
    assert.deepEqual([result.source, result.predicted, result.label], [file, String(label), null]);
    const probabilities = Object.values<number>(result.probabilities);
    assert(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-6);
    assert.equal(Math.max(...probabilities), result.probabilities[label]);
    assert.match(
      requireSuccess(text).stdout,
      new RegExp(`^${file}\n {2}${label} +\\d+\\.\\d\\d %\n( {2}\\d +\\d+\\.\\d\\d %\n){2}$`),
    );
  });
});

Deno.test("an image of one pixel and one that is far from the model's shape are classified too", async () => {
  await using workplace = await workplaceWith();
  await forEachCase([[1, 1], [300, 2], [2, 300]], async ([width, height]) => {
    const file = `${width}x${height}.png`;
    const data = new Uint8Array(width * height).fill(200);
    await Deno.writeFile(workplace.path(file), encode({ width, height, data, channels: 1 }));
    const { stdout } = requireSuccess(
      await workplace.weft("predict", "--model", "m.safetensors", "--image", file, "--json"),
    );
    for (const value of Object.values<number>(JSON.parse(stdout).probabilities)) {
      assert(value >= 0 && value <= 1);
    }
  });
});

Deno.test("what is no image is refused, and why is said", async () => {
  await using workplace = await workplaceWith();
  await Deno.writeTextFile(workplace.path("text.png"), "no image");
  await Deno.writeFile(workplace.path("empty.png"), new Uint8Array(0));
  await Deno.writeFile(workplace.path("cut.png"), png(0, 20).subarray(0, -20));
  await forEachCase<[file: string, expected: RegExp]>([
    [
      "missing.png",
      /^Cannot read the image missing\.png: there is no such file; name a PNG, JPEG or WebP file$/,
    ],
    ["data", /^Cannot read the image data: it is a folder; name a PNG, JPEG or WebP file$/],
    ["text.png/inside.png", /^Cannot read the image .*: a part of the path is a file; name /],
    ["", /^Cannot read the image "": /],
    ["text.png", /^Cannot read text\.png as a PNG image: /],
    ["empty.png", /^Cannot read empty\.png as a PNG image: /],
    ["cut.png", /^Cannot read cut\.png as a PNG image: /],
    ["m.safetensors", /^Cannot read m\.safetensors as a PNG image: /],
  ], async ([file, expected]) => {
    const outcome = await workplace.weft("predict", "--model", "m.safetensors", "--image", file);
    assert.match(refusalOf(outcome, 1), expected);
  });
});

Deno.test("rows that the test set does not have are refused, and so is data without one", async () => {
  await using workplace = await workplaceWith();
  const labels = [0, 1, 0, 1];
  await writeFiles(workplace.path("data/no-test"), {
    "train-images-idx3-ubyte": encodeIdxImages(4, HEIGHT, WIDTH),
    "train-labels-idx1-ubyte": encodeIdxLabels(labels),
  });
  await writeFiles(workplace.path("data/square"), {
    "train-images-idx3-ubyte": encodeIdxImages(4, 6, 6),
    "train-labels-idx1-ubyte": encodeIdxLabels(labels),
    "t10k-images-idx3-ubyte": encodeIdxImages(4, 6, 6),
    "t10k-labels-idx1-ubyte": encodeIdxLabels(labels),
  });
  await forEachCase<[args: string, exitCode: number, expected: RegExp]>([
    ["predict --index 30 --data-dir data", 2, /row 30 of the test set: its rows are 0 to 29$/],
    ["predict --index 0,99999999999 --data-dir data", 2, /row 99999999999 of the test set/],
    [
      "predict --index 0 --data-dir data/no-test",
      1,
      /^Cannot use the data in data\/no-test: it has/,
    ],
    ["evaluate --data-dir data/no-test", 1, /no test set; add t10k-images-idx3-ubyte and t10k-/],
    [
      "predict --index 0 --data-dir data/square",
      1,
      /6 pixels wide and 6 high, but the model takes 5/,
    ],
    [
      "evaluate --data-dir data/square",
      1,
      /^Cannot use the model on the data in data\/square: its/,
    ],
  ], async ([line, exitCode, expected]) => {
    const args = [...line.split(" "), "--model", "m.safetensors"];
    assert.match(refusalOf(await workplace.weft(...args), exitCode), expected);
  });
});

Deno.test("evaluate and predict need no files for training, and note pixels of 0 and 1", async () => {
  await using workplace = await workplaceWith();
  const { "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels } = stripedIdxFiles();
  const damaged = { "train-images-idx3-ubyte": new Uint8Array(3) };
  await writeFiles(workplace.path("data/test-only"), {
    ...damaged,
    "t10k-images-idx3-ubyte": images,
    "t10k-labels-idx1-ubyte": labels,
  });
  const scaled = images.map((byte, i) => i < 16 ? byte : byte > 127 ? 1 : 0);
  await writeFiles(workplace.path("data/scaled"), {
    "t10k-images-idx3-ubyte": scaled,
    "t10k-labels-idx1-ubyte": labels,
  });
  const png = { width: WIDTH, height: HEIGHT, data: stripedImage(1).map((byte) => byte >> 7) };
  await Deno.writeFile(workplace.path("scaled.png"), encode({ ...png, channels: 1 }));
  await forEachCase<[line: string, note: RegExp | null]>([
    ["evaluate --data-dir data/test-only", null],
    ["predict --index 0,29 --data-dir data/test-only", null],
    ["evaluate --data-dir data/scaled", /^note: all pixels of the test images are 0 or 1, .*255$/m],
    [
      "predict --index 3 --data-dir data/scaled",
      /^note: all pixels of the test images are 0 or 1/m,
    ],
    ["predict --image scaled.png", /^note: all pixels of scaled\.png are 0 or 1/m],
  ], async ([line, note]) => {
    const args = [...line.split(" "), "--model", "m.safetensors", "--json"];
    const { stdout, stderr } = requireSuccess(await workplace.weft(...args));
    assert(JSON.parse(stdout.split("\n")[0]).model !== undefined || stdout.includes("predicted"));
    if (note) assert.match(stderr, note);
    else assert.doesNotMatch(stderr, /0 or 1/);
  });
});

Deno.test("names in Korean stand in straight columns", async () => {
  await using workplace = await workplaceWith(stripedModel([...FASHION_MNIST_CLASS_NAMES.en]));
  const args = ["--model", "m.safetensors", "--data-dir", "data", "--language", "ko"];
  const [predicted, evaluated] = await Promise.all([
    workplace.weft("predict", "--index", "0,1", ...args),
    workplace.weft("evaluate", ...args),
  ]);
  const rows = requireSuccess(predicted).stdout.trimEnd().split("\n");
  assert.deepEqual([rows[0], rows[4]], ["row 0, which is 티셔츠/윗도리", "row 1, which is 바지"]);
  const widths = rows.filter((row) => row.startsWith("  ")).map(displayWidth);
  assert.equal(widths.length, 6);
  assert.equal(new Set(widths).size, 1, rows.join("\n"));

  const { stdout } = requireSuccess(evaluated);
  const [, table, matrix] = stdout.trimEnd().split("\n\n").map((part) => part.split("\n"));
  assert.equal(new Set(table.map(displayWidth)).size, 1, table.join("\n"));
  assert.equal(new Set(matrix.slice(1).map(displayWidth)).size, 1, matrix.join("\n"));
  assert(stdout.includes("앵클부츠"));
});
