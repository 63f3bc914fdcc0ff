/** Arguments that cannot be used: each has its line and exit code 2, and leaves nothing behind. */

import assert from "node:assert/strict";
import { forEachCase, refusalOf, Workplace } from "../support/cli.ts";

type BadArguments = readonly [args: string, expected: RegExp];

/** Runs each line of arguments (`''` is an empty one); each must be refused as expected. */
async function refuseAll(cases: readonly BadArguments[]): Promise<void> {
  await using workplace = await Workplace.create();
  await forEachCase(cases, async ([line, expected]) => {
    const args = line.split(" ").map((arg) => arg === "''" ? "" : arg);
    assert.match(refusalOf(await workplace.weft(...args), 2), expected, line);
  });
  assert.deepEqual(workplace.contents(), []);
}

Deno.test("commands and options that do not exist are refused, with what was probably meant", () =>
  refuseAll([
    ["trian", /^unknown command 'trian' \(Did you mean train\?\); commands are train, evaluate, /],
    ["help", /^unknown command 'help'; commands are train, .*, export, .*, data$/],
    ["train --epoch 3", /^unknown option '--epoch' \(Did you mean --epochs\?\); see "deno task tr/],
    ["train --learningrate 1", /\(Did you mean --learning-rate\?\)/],
    ["train -x", /^unknown option '-x'; see "deno task train --help"$/],
    ["export a b", /^too many arguments for 'export'.*: a, b; see "deno task export --help"$/],
    ["export extra", /^Cannot use extra without --quantize: data is what .*; leave it out$/],
    ["train a.csv b.csv", /^too many arguments for 'train'.* got 2: a\.csv, b\.csv; see /],
    ["evaluate --modle x", /^unknown option '--modle' .*--model\?\); see "deno task evaluate --/],
    [
      "predict shoe.png --index 0",
      /^Cannot predict from shoe\.png with --index: give one of them$/,
    ],
    ["data --epochs 3", /^unknown option '--epochs'; see "deno task data --help"$/],
    ["export --format onnx --modle x", /^unknown option '--modle' .*--model\?\); see /],
    ["train --epochs", /^option '--epochs <n>' argument missing; see /],
  ]));

Deno.test("values that are no numbers are refused", () =>
  refuseAll([
    [
      "train --epochs abc",
      /^Cannot read --epochs "abc": it must be a number, such as --epochs 40$/,
    ],
    ["train --epochs ''", /^Cannot read --epochs "": it must be a number/],
    ["train --epochs 0x10", /^Cannot read --epochs "0x10"/],
    ["train --batch-size 1_000", /^Cannot read --batch-size "1_000"/],
    [
      "train --learning-rate NaN",
      /^Cannot read --learning-rate "NaN".*such as --learning-rate 0\.1$/,
    ],
    ["train --learning-rate Infinity", /^Cannot read --learning-rate "Infinity"/],
    ["train --learning-rate 1e400", /^Cannot read --learning-rate "1e400"/],
    ["train --learning-rate 0,1", /^Cannot read --learning-rate "0,1"/],
    ["train --l2 ten", /^Cannot read --l2 "ten"/],
    ["train --hidden ,", /^Cannot read --hidden ",": .*such as --hidden 256,128, or none$/],
    ["train --hidden 64,", /^Cannot read --hidden "64,"/],
    ["train --hidden ''", /^Cannot read --hidden ""/],
  ]));

Deno.test("numbers out of their range are refused", () =>
  refuseAll([
    ["train --epochs 0", /epochs of 0: it must be a whole number/],
    ["train --epochs -3", /epochs of -3/],
    ["train --epochs 1.5", /epochs of 1\.5: it must be a whole number/],
    ["train --batch-size 0", /batch size of 0/],
    ["train --batch-size 2.5", /batch size of 2\.5: it must be a whole number/],
    ["train --learning-rate 0", /learning rate of 0: it must be/],
    ["train --learning-rate=-0.1", /learning rate of -0\.1/],
    ["train --l1 -1", /L1 penalty of -1/],
    ["train --l2 -1", /L2 penalty of -1/],
    ["train --hidden 0", /hidden layer size of 0/],
    ["train --hidden 8,-8", /hidden layer size of -8/],
    ["train --hidden 1e9", /hidden layer size of 1000000000: .* at most 65536/],
    ["train --hidden 1.5", /hidden layer size of 1\.5/],
    ["train --seed -1", /seed of -1: .* at least 0/],
    ["train --seed 4294967296", /seed of 4294967296: .* at most 4294967295/],
    ["train --seed 0.5", /seed of 0\.5/],
    ["train --optimizer momentum --momentum 1", /momentum of 1: .* at least 0 and below 1$/],
    ["train --clip-norm=-1", /clipping norm of -1/],
    ["train --schedule step --schedule-step 0", /schedule step of 0/],
    ["train --split-seed 1e10", /split seed of 10000000000/],
  ]));

Deno.test("what stands around the layers is refused where it cannot be", () =>
  refuseAll([
    ["train --dropout 1", /dropout rate of 1: it must be a number of at least 0 and below 1$/],
    ["train --dropout -0.1", /dropout rate of -0\.1/],
    ["train --label-smoothing 1.5", /label smoothing of 1\.5: .* at least 0 and at most 1$/],
    ["train --batch-norm --batch-size 1", /^Cannot normalize batches of one row: it has no vari/],
    ["train --class-weights heavy", /--class-weights "heavy": it must be none, balanced, or a nu/],
    ["train --class-weights 1,0", /^Cannot train with a class weight of 0: /],
  ]));

Deno.test("words that are none of those to choose from are refused", () =>
  refuseAll([
    [
      "train --preset big",
      /^Cannot read --preset "big": it must be one of baseline, small, accurate, conv, conv-accurate, images, tabular$/,
    ],
    ["train --preset toString", /^Cannot read --preset "toString"/],
    [
      "train --activation sigmoyd",
      /"sigmoyd": it must be one of sigmoid, relu, tanh, leaky-relu, gelu$/,
    ],
    ["train --optimizer lion", /"lion": it must be one of sgd, momentum, adam, adamw, rmsprop$/],
    ["train --schedule linear", /"linear": it must be one of constant, step, cosine, one-cycle$/],
    ["train --initializer zero", /^Cannot read --initializer "zero": it must be one of normal, gl/],
    ["train --backend cuda", /^Cannot read --backend "cuda": it must be one of wasm, webgpu, /],
    [
      "evaluate --simd fast",
      /^Cannot read --simd "fast": it must be one of auto, relaxed, strict$/,
    ],
    [
      "export --format tflite",
      /^Cannot read --format "tflite": it must be one of edge, module, onnx, safetensors$/,
    ],
    ["data --language jp", /^Cannot read --language "jp": it must be one of en, ko$/],
  ]));

Deno.test("what has no effect beside the other options is refused", () =>
  refuseAll([
    [
      "train --beta1 0.8",
      /^Cannot use --beta1 0\.8 with --optimizer sgd: it has no effect there; leave it out, or use --optimizer adam or adamw$/,
    ],
    ["train --optimizer rmsprop --nesterov", /^Cannot use --nesterov with --optimizer rmsprop/],
    [
      "train --schedule-step 3",
      /^Cannot use --schedule-step 3 with --schedule constant: .* --schedule step$/,
    ],
    ["compare --weight-decay 0.1", /^Cannot use --weight-decay 0\.1 with --optimizer sgd/],
    [
      "train --layers relu --hidden 5",
      /^Cannot use --hidden 5 with --layers "relu": it has no effect there; leave it out, or leave out --layers "relu"$/,
    ],
    ["train --activation relu --layers relu", /^Cannot use --activation relu with --layers "relu"/],
    ["train --layers relu --dropout 0.1", /^Cannot use --dropout 0\.1 with --layers "relu"/],
    ["train --batch-norm --layers relu", /^Cannot use --batch-norm with --layers "relu"/],
  ]));

Deno.test("layers that cannot be are refused", () =>
  refuseAll([
    [
      "train --layers relu",
      /^Cannot train with "relu" for the first layer: .*; begin with dense N or, for images, conv N KxK$/,
    ],
    ["train --layers ''", /^Cannot train with the layer "": layers are dense N, conv N KxK /],
    ["train --layers conv", /^Cannot train with the layer "conv": write conv N KxK /],
    ["train --layers attention", /^Cannot train with the layer "attention": layers are dense N, /],
    [
      "train --layers dense8,dropout2",
      /^Cannot train with the layer "dropout2": write dropout F, /,
    ],
    ["train --layers dense8,relu,batch-norm", /^Cannot train with "batch-norm" after "relu": it /],
    ["train --layers dense8,batch-norm --batch-size 1", /^Cannot normalize batches of one row: /],
    ["compare --layers relu", /^Cannot train with "relu" for the first layer: /],
  ]));

Deno.test("names that no run can have are refused", () =>
  refuseAll([
    ["train --run ''", /^Cannot name a run "": a name cannot be empty/],
    ["train --run a/b", /^Cannot name a run "a\/b": a name is not a path/],
    ["train --run ../escaped", /a name is not a path/],
    ["train --run ..", /a name cannot contain "\.\."/],
    ["train --run a..b", /a name cannot contain "\.\."/],
    ["train --run .hidden", /a name cannot start with "\."/],
    ["train --run --json", /a name cannot start with "-"/],
    [`train --run ${"x".repeat(101)}`, /at most 100 characters, and this one has 101/],
  ]));

Deno.test("what cannot be compared is refused", () =>
  refuseAll([
    [
      "compare --backends cuda",
      /^Cannot read --backends "cuda": it must be some of reference,wasm,/,
    ],
    ["compare --backends wasm,", /^Cannot read --backends "wasm,"/],
    ["compare --epochs 0", /epochs of 0: it must be a whole number/],
    [
      "compare --backends reference,wasm --adapter 0",
      /^Cannot compare on the adapter "0" with --backends reference,wasm: only webgpu has adapters; /,
    ],
    ["compare --out a/b", /^Cannot name a run "a\/b": a name is not a path/],
    ["compare --backend wasm", /^unknown option '--backend' \(Did you mean --backends\?\); see /],
    ["compare --language ko", /^unknown option '--language'; see /],
  ]));

Deno.test("what there is to predict from must be said once, and be rows or an image", () =>
  refuseAll([
    [
      "predict",
      /^Cannot predict without an image or a table: .* --index 0,1,2, .* --image .* rows\.csv$/,
    ],
    [
      "predict --index 0 --image a.png",
      /^Cannot predict from --index and --image at once: give one/,
    ],
    ["predict --index 0 --invert", /^Cannot use --invert with --index/],
    ["predict --index -1", /^Cannot read --index "-1": it must be rows of the test set, counted /],
    ["predict --index 1.5", /^Cannot read --index "1\.5"/],
    ["predict --index 0,,1", /^Cannot read --index "0,,1"/],
    ["predict --index all", /^Cannot read --index "all"/],
  ]));
