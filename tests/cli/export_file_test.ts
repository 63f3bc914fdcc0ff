/** `export --format onnx` and `--format safetensors`: files that other tools read, and what is said where they cannot be written. */

import assert from "node:assert/strict";
import { exportPath } from "../../lib/cli/export/formats.ts";
import { encodeOnnx } from "../../lib/interchange/onnx.ts";
import { encodeModel } from "../../lib/model/model_file.ts";
import { formatCount } from "../../lib/report/format.ts";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { runOnnx } from "../onnxruntime/mod.ts";
import { stripedImage, stripedModel } from "../support/striped_images.ts";

/** A workplace with the striped model as the run `stripes`. */
async function workplaceWithModel(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.mkdir(workplace.path("runs/stripes"), { recursive: true });
  const file = workplace.path("runs/stripes/model.safetensors");
  await Deno.writeFile(file, encodeModel(stripedModel()));
  return workplace;
}

Deno.test("a model is exported under the name of its run, and onnxruntime knows its images", async () => {
  await using workplace = await workplaceWithModel();
  const { stdout } = requireSuccess(await workplace.weft("export", "--format", "onnx"));
  const file = Deno.readFileSync(workplace.path("dist/stripes.onnx"));
  assert.equal(
    stdout,
    `dist/stripes.onnx: runs/stripes/model.safetensors as onnx, ${
      formatCount(file.length)
    } bytes\n`,
  );
  assert.deepEqual(file, encodeOnnx(stripedModel()));
  const images = [0, 1, 2].map((label) => stripedImage(label));
  const inputs = images[0].length;
  const results = await runOnnx(images.map((pixels) => ({ file, pixels, inputs })));
  results.forEach(({ probabilities }, label) =>
    assert(probabilities[label] > 0.99, `${probabilities}`)
  );
  assert.deepEqual([...Deno.readDirSync(workplace.path("dist"))].map(({ name }) => name), [
    "stripes.onnx",
  ]);
});

Deno.test("a model is exported as safetensors to the file that is named, and said as JSON", async () => {
  await using workplace = await workplaceWithModel();
  const args = ["--format", "safetensors", "--model", "stripes", "--out", "dist/a/b.safetensors"];
  const outcome = requireSuccess(await workplace.weft("export", ...args, "--json"));
  const expected = encodeModel(stripedModel());
  assert.deepEqual(Deno.readFileSync(workplace.path("dist/a/b.safetensors")), expected);
  assert.deepEqual(JSON.parse(outcome.stdout), {
    model: "runs/stripes/model.safetensors",
    format: "safetensors",
    out: "dist/a/b.safetensors",
    bytes: expected.length,
  });
});

Deno.test("a file is named after the run, or after the model's file, in the folder that is named", () => {
  const cases = [
    ["dist/", "runs/wide/model.safetensors", "dist/wide.onnx"],
    ["dist/", "./model.safetensors", "dist/model.onnx"],
    ["dist/", "../model.safetensors", "dist/model.onnx"],
    ["a/b/", "mine.v2.bin", "a/b/mine.v2.onnx"],
    ["a/", "C:\\models\\.hidden", "a/.hidden.onnx"],
    ["a/b", "runs/wide/model.safetensors", "a/b"],
  ];
  for (const [out, model, expected] of cases) {
    assert.equal(exportPath(out, model, "onnx"), expected);
  }
});

Deno.test("what exists is not overwritten, whatever it is", async () => {
  await using workplace = await workplaceWithModel();
  await Deno.mkdir(workplace.path("dist/folder.onnx"), { recursive: true });
  await Deno.writeTextFile(workplace.path("dist/stripes.onnx"), "precious");
  const refused = async (...args: string[]) =>
    refusalOf(await workplace.weft("export", "--format", "onnx", ...args), 1);
  assert.equal(
    await refused(),
    "Cannot export to dist/stripes.onnx: it exists, and nothing is overwritten; " +
      "name another file with --out",
  );
  assert.equal(
    await refused("--out", "dist/folder.onnx"),
    "Cannot export to dist/folder.onnx: it is a folder; name a file in it, or put / at its end",
  );
  assert.equal(Deno.readTextFileSync(workplace.path("dist/stripes.onnx")), "precious");
});

Deno.test("places that cannot be written to are refused, and nothing is left there", async () => {
  await using workplace = await workplaceWithModel();
  await Deno.mkdir(workplace.path("dist"));
  await Deno.writeTextFile(workplace.path("dist/file"), "");
  await forEachCase<[out: string, expected: RegExp]>([
    ["elsewhere.onnx", /^Cannot export to elsewhere\.onnx: the task may write below dist\/ only; /],
    ["../a.onnx", /^Cannot export to \.\.\/a\.onnx: the task may write below dist\/ only; /],
    ["", /^Cannot export to "": /],
    ["dist/file/a.onnx", /^Cannot write dist\/file\/a\.onnx: a part of the path is a file/],
  ], async ([out, expected]) => {
    const line = refusalOf(await workplace.weft("export", "--format", "onnx", "--out", out), 1);
    assert.match(line, expected);
  });
  assert.deepEqual(workplace.contents(), ["dist", "runs"]);
  assert.deepEqual(Array.from(Deno.readDirSync(workplace.path("dist")), ({ name }) => name), [
    "file",
  ]);
});

Deno.test("weights of 8 bits are the predictor's alone, and a file beside it is nobody's business", async () => {
  await using workplace = await workplaceWithModel();
  const outcome = await workplace.weft("export", "--format", "onnx", "--quantize");
  assert.match(refusalOf(outcome, 2), /^Cannot export with --quantize as onnx: only the predictor/);
  requireSuccess(await workplace.weft("export", "--format", "onnx"));
  requireSuccess(await workplace.weft("export"));
  requireSuccess(await workplace.weft("export"));
  assert(Deno.statSync(workplace.path("dist/stripes.onnx")).isFile);
  assert(Deno.statSync(workplace.path("dist/predictor.js")).isFile);
});
