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
