/** `export --format module`: one file with a model and its kernels, and its types; what it answers is what the library does. */

import assert from "node:assert/strict";
import { typesPath } from "../../lib/cli/export/formats.ts";
import { predictorModule } from "../../lib/edge/export/module.ts";
import { packLayers } from "../../lib/edge/export/predictor_files.ts";
import { encodeModel } from "../../lib/model/model_file.ts";
import type { Model } from "../../lib/model/model.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import { refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { noisyModel, noisyPixels } from "./models.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const image = noisyModel(7, 5, [9], 3);
const floats: Model = {
  ...noisyModel(1, 4, [5], 2),
  input: { element: "float32", shape: [4] },
  inputScale: 1,
  task: "regression",
  classNames: [],
  targets: { names: ["price", "age"], mean: [10, 20], std: [2, 4], huber: 0 },
};

// deno-lint-ignore no-explicit-any -- whatever a module exports
async function load(model: Model): Promise<{ module: any; types: string }> {
  const { code, types } = await predictorModule(model, packLayers(model, "float32"), "the model");
  await using folder = await temporaryFolder();
  await Deno.writeFile(`${folder.path}/a.mjs`, code);
  const module = await import(`file://${folder.path}/a.mjs`);
  return { module, types: new TextDecoder().decode(types) };
}

Deno.test("a module has the bits of the library, in one array or in lists of rows", async () => {
  const pixels = noisyPixels(4, 35);
  const { module, types } = await load(image);
  using backend = await createBackend({ simd: "relaxed", threads: 1 });
  const expected = await predictProbabilities(image, pixels, { backend });
  assert.deepEqual(await module.outputs(pixels), expected);
  const rows = [0, 1, 2, 3].map((i) => [...pixels.subarray(i * 35, (i + 1) * 35)]);
  assert.deepEqual(await module.outputs(rows), expected);
  const answers = await module.predict(rows);
  answers.forEach(
    (answer: { predicted: string; probabilities: Record<string, number> }, i: number) => {
      const best = expected[i].indexOf(Math.max(...expected[i]));
      assert.equal(answer.predicted, `class ${best}`);
      assert.equal(answer.probabilities[answer.predicted], expected[i][best]);
    },
  );
  assert.match(types, /export type Name = "class 0" \| "class 1" \| "class 2";/);
  assert.match(types, /\/\*\* 7 x 5 bytes/);
});

Deno.test("a module of float32 features answers in the targets' unit", async () => {
  const { module, types } = await load(floats);
  const rows = [[0.5, -1, 2, 0], [1, 1, 1, 1]];
  const outputs = await module.outputs(rows);
  const answers = await module.predict(Float32Array.from(rows.flat()));
  assert.deepEqual(answers.map(({ predictions }: { predictions: unknown }) => predictions), [
    { price: outputs[0][0] * 2 + 10, age: outputs[0][1] * 4 + 20 },
    { price: outputs[1][0] * 2 + 10, age: outputs[1][1] * 4 + 20 },
  ]);
  assert.match(types, /export type Name = "price" \| "age";/);
  assert.match(types, /Rows = Float32Array \|/);
});

Deno.test("a module of a model that was trained on a table takes the table's rows", async () => {
  const table: Model = {
    ...noisyModel(1, 4, [5], 1, "relu"),
    task: "binary",
    classNames: ["no", "yes"],
    inputScale: 1,
    input: { element: "float32", shape: [4] },
    preprocessing: {
      columns: [
        { kind: "number", name: "age", impute: 30, indicator: false, mean: 31.5, std: 12.25 },
        { kind: "category", name: "sex", values: ["female", "male"], hole: false },
      ],
      ignored: [],
      target: { names: ["survived"] },
    },
  };
  const rows = [{ age: 31, sex: "female" }, { age: null, sex: "male" }, { sex: "unheard of" }];
  const { module, types } = await load(table);
  using backend = await createBackend({ simd: "relaxed", threads: 1 });
  const expected = await predictProbabilities(table, rows, { backend });
  const answers = await module.predict(rows);
  assert.deepEqual(
    answers.map(({ probability }: { probability: number }) => probability),
    expected.map(([, yes]) => yes),
  );
  assert.match(types, /readonly "age"\?: number \| null;/);
  assert.match(types, /readonly "sex"\?: "female" \| "male" \| \(string & \{\}\)/);
  assert.match(types, /Rows = readonly Row\[\] \| Float32Array/);
});

Deno.test("rows that a model cannot take are refused in one line", async () => {
  const [{ module: ofImages }, { module: ofFloats }] = [await load(image), await load(floats)];
  const row = Array(35).fill(0);
  const cases: readonly [unknown, unknown, RegExp][] = [
    [ofImages, [row, row.slice(1)], /row 1 has 34 numbers, and the model takes 35/],
    [
      ofImages,
      [row.with(3, 256)],
      /number 3 of row 0 is 256, and the model takes whole numbers from 0/,
    ],
    [ofImages, [row.with(3, 0.5)], /number 3 of row 0 is 0\.5/],
    [ofImages, [row.with(3, "9")], /number 3 of row 0 is 9/],
    [ofImages, [null], /row 0 has no numbers/],
    [ofImages, [], /from 0 values/],
    [ofImages, new Float32Array(35), /the rows are no Uint8Array/],
    [ofImages, "text", /the rows are no Uint8Array/],
    [ofImages, undefined, /the rows are no Uint8Array/],
    [ofImages, new Uint8Array(36), /from 36 values: a row has 35/],
    [ofFloats, [[1, 2, 3, NaN]], /number 3 of row 0 is NaN, and the model takes finite numbers/],
    [ofFloats, Float32Array.of(1, 2, 3, NaN), /row 0: its outputs are not finite/],
  ];
  for (const [module, rows, message] of cases) {
    const { predict } = module as { predict(rows: unknown): Promise<unknown> };
    await assert.rejects(predict(rows), ({ message: line }: Error) => {
      assert.match(line, message);
      assert.doesNotMatch(line, /\n/);
      return true;
    });
  }
});

Deno.test("a module's types lie where TypeScript looks for them", () => {
  const cases = [["a.mjs", "a.d.mts"], ["a.js", "a.d.ts"], ["a.js/b.cjs", "a.js/b.d.cts"]];
  for (const [module, types] of cases) assert.equal(typesPath(module), types);
});

Deno.test("export writes a module and its types, and overwrites neither", async () => {
  await using workplace = await Workplace.create();
  await Deno.mkdir(workplace.path("runs/a"), { recursive: true });
  await Deno.writeFile(workplace.path("runs/a/model.safetensors"), encodeModel(image));
  const command = ["export", "--format", "module", "--model", "a"];
  const { stdout } = requireSuccess(await workplace.weft(...command));
  assert.match(
    stdout,
    /^dist\/a\.mjs: runs\/a\/model\.safetensors as module, [\d,]+ bytes\ndist\/a\.d\.mts: .*\n$/,
  );
  const written = Deno.readFileSync(workplace.path("dist/a.mjs"));
  assert.deepEqual(written, (await predictorModule(image, packLayers(image, "float32"), "a")).code);
  assert.match(
    refusalOf(await workplace.weft(...command), 1),
    /^Cannot export to dist\/a\.mjs: it exists/,
  );
  await Deno.remove(workplace.path("dist/a.mjs"));
  assert.match(
    refusalOf(await workplace.weft(...command), 1),
    /^Cannot export to dist\/a\.d\.mts: it exists/,
  );
  const smaller = await workplace.weft(...command, "--quantize", "--out", "dist/b.mjs", "--json");
  const { files } = JSON.parse(requireSuccess(smaller).stdout);
  assert(files["dist/b.mjs"] < written.length);
  assert(files["dist/b.d.mts"] > 0);
});
