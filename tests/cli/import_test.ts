/** `import`: a run of a network from elsewhere, which the other commands use like their own. */

import assert from "node:assert/strict";
import { decodeModel } from "../../lib/model/model_file.ts";
import { encodeSafetensors } from "../../lib/model/safetensors.ts";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { HEIGHT, stripedModel, WIDTH } from "../support/striped_images.ts";

const INPUTS = HEIGHT * WIDTH;
const CLASSES = 3;
const SIZE = ["--height", String(HEIGHT), "--width", String(WIDTH)];

/** The striped model as PyTorch would save it, with a hidden layer that changes nothing. */
function theirs(): Uint8Array {
  const [{ weights }] = stripedModel().parameters;
  const weight = Float32Array.from(
    { length: weights.length },
    (_, k) => weights[k % INPUTS * CLASSES + Math.floor(k / INPUTS)],
  );
  const identity = Float32Array.from({ length: CLASSES ** 2 }, (_, k) => +(k % 4 === 0));
  return encodeSafetensors([
    { name: "fc1.bias", shape: [CLASSES], data: new Float32Array(CLASSES) },
    { name: "fc1.weight", shape: [CLASSES, INPUTS], data: weight },
    { name: "fc2.weight", shape: [CLASSES, CLASSES], data: identity },
  ], { format: "pt" });
}

async function workplaceWithFile(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("theirs.safetensors"), theirs());
  return workplace;
}

const IMPORT = ["import", "--file", "theirs.safetensors", "--activation", "relu", ...SIZE];

Deno.test("an imported network is evaluated and exported like one of Weft's own", async () => {
  await using workplace = await workplaceWithFile();
  const { stdout } = requireSuccess(await workplace.weft(...IMPORT, "--run", "theirs"));
  assert.equal(
    stdout,
    "runs/theirs/model.safetensors: 35-3-3 relu, from the layers fc1, fc2 of theirs.safetensors\n",
  );
  const evaluate = ["evaluate", "--model", "theirs", "--data-dir", "data", "--json"];
  const outcome = requireSuccess(await workplace.weft(...evaluate));
  assert.equal(JSON.parse(outcome.stdout).accuracy, 1);
  requireSuccess(await workplace.weft("export", "--format", "onnx"));
  assert.deepEqual(workplace.contents(), ["dist", "runs", "theirs.safetensors"]);
});

Deno.test("all that the file does not say can be said, and comes back as JSON", async () => {
  await using workplace = await workplaceWithFile();
  const said = ["--class-names", "a, b,c", "--input-scale", "1", "--std", "255", "--mean=-0.5"];
  const outcome = requireSuccess(await workplace.weft(...IMPORT, ...said, "--json"));
  const { model: path, ...rest } = JSON.parse(outcome.stdout);
  assert.match(path, /^runs\/\d{4}-\d\d-\d\d_\d{6}_imported\/model\.safetensors$/);
  assert.deepEqual(rest, {
    file: "theirs.safetensors",
    layers: ["fc1", "fc2"],
    inputs: 35,
    hidden: [3],
    outputs: 3,
    activation: "relu",
    height: 7,
    width: 5,
    inputScale: 1,
    classNames: ["a", "b", "c"],
  });
  const model = decodeModel(Deno.readFileSync(workplace.path(path)), path);
  assert.deepEqual(model.classNames, ["a", "b", "c"]);
  assert.equal(model.parameters[0].weights[0], Math.fround(1 / 255));
  assert.equal(model.parameters[0].bias[0], Math.fround(0.5 * 10 / 255));
});

Deno.test("what cannot be imported is refused in one line, and leaves nothing behind", async () => {
  await using workplace = await workplaceWithFile();
  await Deno.writeTextFile(workplace.path("text.safetensors"), "this is no network at all");
  const convolution = encodeSafetensors([
    { name: "conv1.weight", shape: [1, 1, 1, 1], data: new Float32Array(1) },
  ]);
  await Deno.writeFile(workplace.path("conv.safetensors"), convolution);
  await forEachCase<[args: string[], exitCode: number, expected: RegExp]>([
    [["--file", "no.safetensors"], 1, /^Cannot read the network no\.safetensors: there is no such/],
    [["--file", "text.safetensors"], 1, /^Cannot read text\.safetensors as safetensors: /],
    [["--file", "conv.safetensors"], 1, /^Cannot import conv\.safetensors: tensor "conv1\.weight"/],
    [["--file", "theirs.safetensors", ...SIZE], 2, /without --activation: .*--activation relu$/],
    [IMPORT.slice(1, 5), 2, /^Cannot import a network of 35 inputs without --height and --width/],
    [[...IMPORT.slice(1), "--std", "0"], 2, /^Cannot import with --std 0: /],
    [[...IMPORT.slice(1), "--class-names", "a,b"], 2, /of 3 classes with 2 class names: /],
    [
      [...IMPORT.slice(1), "--class-names", "a,,b"],
      2,
      /^Cannot read --class-names "a,,b": it must/,
    ],
    [
      [...IMPORT.slice(1), "--layers", "fc2,fc1"],
      1,
      /layer "fc1" takes 35 inputs, but "fc2" before/,
    ],
    [[...IMPORT.slice(1), "--run", "a/b"], 2, /^Cannot name a run "a\/b"/],
    [[], 2, /^required option '--file <file>' not specified; see "deno task import --help"$/],
    [[...IMPORT.slice(1), "--actuvation", "relu"], 2, /\(Did you mean --activation\?\)/],
  ], async ([args, exitCode, expected]) => {
    assert.match(refusalOf(await workplace.weft("import", ...args), exitCode), expected);
  });
  const files = ["conv.safetensors", "text.safetensors", "theirs.safetensors"];
  assert.deepEqual(workplace.contents(), files);
});

Deno.test("the name of a run is not used twice", async () => {
  await using workplace = await workplaceWithFile();
  requireSuccess(await workplace.weft(...IMPORT, "--run", "taken"));
  const line = refusalOf(await workplace.weft(...IMPORT, "--run", "taken"), 2);
  assert.match(line, /^Cannot start a run named "taken": runs\/taken exists, and a name is never/);
});

/** A network on rows: age and whether it is missing, and two features of a port. */
function ofRows(outputs: number): Uint8Array {
  const weight = Float32Array.from({ length: 4 * outputs }, (_, i) => (i % 5 - 2) / 3);
  return encodeSafetensors([
    { name: "0.weight", shape: [outputs, 4], data: weight },
    { name: "0.bias", shape: [outputs], data: new Float32Array(outputs).fill(0.25) },
  ], { format: "pt" });
}

const PREPROCESSING = {
  columns: [
    { kind: "number", name: "age", impute: 30, indicator: true, mean: 31.5, std: 12.5 },
    { kind: "category", name: "port", values: ["Cork"], hole: false },
  ],
  ignored: ["id"],
  target: { names: ["survived"] },
};

Deno.test("a network on rows of a table comes with a JSON of what these go through", async () => {
  await using workplace = await Workplace.create();
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(workplace.path(name), JSON.stringify(value));
  await Deno.writeFile(workplace.path("one.safetensors"), ofRows(1));
  await Deno.writeFile(workplace.path("two.safetensors"), ofRows(2));
  await Deno.writeTextFile(
    workplace.path("rows.csv"),
    "id,age,port,survived\n1,44,Cork,no\n2,,Rome,yes\n",
  );
  await write("plain.json", PREPROCESSING);
  await write("binary.json", { preprocessing: PREPROCESSING, task: "binary", threshold: 0.4 });
  const targets = { names: ["survived"], mean: [10], std: [2] };
  await write("regression.json", { preprocessing: PREPROCESSING, task: "regression", targets });
  const imported = (file: string, json: string, run: string, ...more: string[]) =>
    workplace.weft("import", "--file", file, "--preprocessing", json, "--run", run, ...more);
  const answers = async (run: string) =>
    requireSuccess(await workplace.weft("predict", "rows.csv", "--model", run)).stdout
      .trimEnd().split("\n").slice(1).map((line) => line.split(","));

  requireSuccess(await imported("one.safetensors", "binary.json", "b"));
  const features = [[1, 0, 1, 0], [(30 - 31.5) / 12.5, 1, 0, 1]];
  const weights = [-2 / 3, -1 / 3, 0, 1 / 3];
  const sums = features.map((row) => row.reduce((sum, value, i) => sum + value * weights[i], 0.25));
  for (const [i, [prediction, probability]] of (await answers("b")).entries()) {
    const expected = 1 / (1 + Math.exp(-sums[i]));
    assert(Math.abs(Number(probability) - expected) < 1e-6);
    assert.equal(prediction, expected >= 0.4 ? "yes" : "no");
  }
  requireSuccess(await imported("one.safetensors", "regression.json", "r"));
  for (const [i, [prediction]] of (await answers("r")).entries()) {
    assert(Math.abs(Number(prediction) - (2 * sums[i] + 10)) < 1e-5);
  }
  requireSuccess(
    await imported("two.safetensors", "plain.json", "c", "--class-names", "dead,alive"),
  );
  assert.match((await answers("c"))[0][0], /^(dead|alive)$/);

  await write("columns.json", { ...PREPROCESSING, columns: PREPROCESSING.columns.slice(1) });
  await write("task.json", { preprocessing: PREPROCESSING, task: "clustering" });
  await write("bare.json", { preprocessing: PREPROCESSING, task: "regression" });
  await Deno.writeTextFile(workplace.path("broken.json"), "{");
  const cases: [file: string, json: string, more: string[], code: number, said: RegExp][] = [
    ["one", "columns", [], 2, /columns\.json: its columns are 2 features, and the network takes 4/],
    ["one", "task", [], 2, /its "task" is none of classification, binary/],
    ["one", "bare", [], 2, /"targets" must have "names", "mean" and "std"/],
    ["one", "broken", [], 2, /it is no JSON object/],
    ["one", "missing", [], 1, /the preprocessing missing\.json: there is no such file/],
    ["two", "binary", [], 2, /has 2 outputs, and the preprocessing says binary with 1/],
    ["two", "plain", ["--mean", "1"], 2, /--preprocessing and --mean at once/],
    ["one", "plain", [], 1, /softmax needs 2 classes/],
  ];
  await forEachCase(cases, async ([file, json, more, code, said]) => {
    const outcome = await imported(`${file}.safetensors`, `${json}.json`, "x", ...more);
    assert.match(refusalOf(outcome, code), said);
  });
});
