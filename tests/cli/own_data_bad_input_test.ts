/** Arrays, images and series that cannot be used: each has its line, which names what is wrong. */

import assert from "node:assert/strict";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { npy, npz } from "../support/numpy_files.ts";
import { colorImage, COLORS, embeddings, sensor, writeColorFolder } from "../support/own_data.ts";

type Case = readonly [args: string, code: number, said: RegExp];

async function refuseAll(workplace: Workplace, cases: readonly Case[]): Promise<void> {
  await forEachCase(cases, async ([line, code, said]) => {
    assert.match(refusalOf(await workplace.weft(...line.split(" ")), code), said, line);
  });
}

Deno.test("arrays that do not go together are refused, by name", async () => {
  await using workplace = await Workplace.create();
  const write = (name: string, bytes: Uint8Array) => Deno.writeFile(workplace.path(name), bytes);
  const rows = (count: number) => Float32Array.from({ length: count }, (_, i) => i % 7);
  await write("emb.npz", embeddings());
  await write("x.npy", npy([6, 2], rows(12)));
  await write("y.npy", npy([6], Int32Array.of(0, 1, 0, 1, 0, 1)));
  await write("short.npy", npy([5], Int32Array.of(0, 1, 0, 1, 0)));
  await write("wide.npy", npy([6, 3], rows(18)));
  await write("deep.npy", npy([1, 1, 1, 1, 6], rows(6)));
  await write("first.npy", npy([6, 3, 8, 8], Uint8Array.from(rows(6 * 192))));
  await write("nan.npy", npy([6, 2], Float32Array.from(rows(12)).fill(NaN, 5, 6)));
  await write("objects.npy", npy([6], Uint8Array.from({ length: 48 }), "|O"));
  await write("cut.npy", npy([6, 2], rows(12)).subarray(0, 100));
  await write("cut.npz", embeddings().subarray(0, 3000));
  await write("none.npz", npz({}));
  const named = "--inputs x_train --target y_train";
  await refuseAll(workplace, [
    [
      "train emb.npz",
      2,
      /emb\.npz without a target: name one of x_train, y_train, x_test, y_test, .* y_train$/,
    ],
    [
      "train emb.npz --target y_train",
      2,
      /without --inputs: it has the arrays x_train, .* x_train$/,
    ],
    ["train emb.npz --inputs x_trian --target y_train", 2, /did you mean "x_train"\?/],
    ["train emb.npz --inputs x_train --target y_test", 2, /target has 80 .*240|240 .*80/],
    [`train emb.npz ${named} --test-inputs x_test`, 2, /--test-inputs alone: give --test-target/],
    [`train emb.npz ${named} --test 0.2 --test-inputs x_test --test-target y_test`, 2, /at once/],
    [`train emb.npz ${named} --window 3`, 2, /--window with arrays \(emb\.npz\): leave it out$/],
    [`train emb.npz ${named} --size 8x8`, 2, /--size with arrays/],
    ["train x.npy", 2, /without a target: name a file of as many rows, such as --target y\.npy/],
    ["train x.npy --target short.npy", 2, /5|6/],
    ["train x.npy --target y.npy --inputs x", 2, /--inputs x with x\.npy: it is one array/],
    ["train x.npy --target missing.npy", 1, /the arrays missing\.npy: there is no such file/],
    ["train deep.npy --target y.npy", 2, /1 x 1 x 1 x 1 x 6/],
    ["train first.npy --target y.npy", 2, /channels before the height; give channels last/],
    ["train nan.npy --target y.npy", 1, /NaN in row 2, number 1/],
    ["train x.npy --target objects.npy", 1, /objects/],
    ["train cut.npy --target y.npy", 1, /cut\.npy/],
    [`train cut.npz ${named}`, 1, /cut\.npz/],
    ["train none.npz --target y", 1, /holds no array/],
    ["train x.npy --target y.npy --test-inputs wide.npy --test-target y.npy", 1, /\S/],
  ]);
  assert.deepEqual(workplace.contents().filter((name) => name === "runs"), []);
});

Deno.test("folders whose images do not go together, or cannot be read, are refused and named", async () => {
  await using workplace = await Workplace.create();
  const random = new NumpyRandomState(1);
  const put = async (path: string, bytes: Uint8Array) => {
    await Deno.mkdir(workplace.path(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
    await Deno.writeFile(workplace.path(path), bytes);
  };
  for (const name of ["red", "blue"]) {
    for (let i = 0; i < 6; i++) {
      await put(`mixed/${name}/${i}.png`, colorImage(COLORS[name], i < 5 ? 8 : 9, random));
      await put(`broken/${name}/${i}.png`, colorImage(COLORS[name], 8, random));
    }
  }
  const whole = colorImage(COLORS.red, 8, random);
  await put("broken/red/6.png", whole.subarray(0, whole.length / 2));
  await put("broken/red/7.jpg", new TextEncoder().encode("<!doctype html><html>"));
  await put("broken/blue/8.png", new Uint8Array());
  await put("broken/blue/notes.txt", new TextEncoder().encode("mine"));
  await put("one/red/1.png", whole);
  await put("loose/1.png", whole);
  await Deno.mkdir(workplace.path("bare/sub"), { recursive: true });
  // Without a folder of runs here, the checkout's would be looked into.
  await Deno.mkdir(workplace.path("runs"));
  await refuseAll(workplace, [
    ["train mixed", 1, /2 sizes, height x width: 8 x 8 \(10\), 9 x 9 \(2\); .* --size 8x8/],
    [
      "train broken",
      1,
      /Cannot read 3 of 15 images: blue\/8\.png \(.*\), red\/6\.png \(.*--skip-broken/,
    ],
    ["data broken", 1, /Cannot read 3 of 15 images/],
    ["train one", 1, /all images are of one class, "red"; give at least two/],
    ["train loose", 1, /1\.png stands in no folder of a class/],
    ["train bare", 1, /bare: it holds no images/],
    ["train loose/1.png", 2, /it is one image; name a folder/],
    ["train broken --target y", 2, /--target with a folder of images/],
    ["train broken --test other", 2, /of a folder of images, give a part such as 0\.2/],
    ["train broken --size 8", 2, /--size "8": it must be height x width in pixels/],
    ["train broken --size 0x8", 2, /0 x 8 pixels: sides are whole numbers/],
    ["train broken --channels 2", 2, /--channels "2": it must be one of 1, 3/],
    ["predict broken", 1, /no run|model/],
  ]);
  const trained = requireSuccess(
    await workplace.weft("train", "broken", "--skip-broken", "--epochs", "1", "--run", "b"),
  );
  assert.match(trained.stdout, /^broken: 12 rows of 8 x 8 x 3 bytes to learn from; preset images/);
  assert.match(
    trained.stderr,
    /note: 3 of 15 images cannot be read, and are left out: blue\/8\.png/,
  );
  await refuseAll(workplace, [
    ["predict broken --model b", 1, /broken|blue\/8\.png/],
    ["predict broken --model b --keep", 2, /Cannot keep the columns of broken/],
  ]);
  const predicted = requireSuccess(
    await workplace.weft("predict", "broken", "--model", "b", "--skip-broken"),
  );
  assert.equal(predicted.stdout.trimEnd().split("\n").length, 13);
  assert.equal(predicted.stderr.match(/^note: left out: /gm)?.length, 3);
});

Deno.test("windows that cannot be cut, or would leak, are refused", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(600));
  const learn = "train s.csv --target activity --ignore session";
  await refuseAll(workplace, [
    [`${learn} --window 601`, 1, /windows of 601 rows: the longest series has 600/],
    [`${learn} --window 0`, 2, /length of 0/],
    [`${learn} --window 2.5`, 2, /length of 2\.5/],
    [`${learn} --window 20 --stride 0`, 2, /stride of 0/],
    [`${learn} --window 20 --gap -1`, 2, /gap of -1/],
    [`${learn} --stride 5`, 2, /--stride without --window/],
    [`${learn} --window 20 --stride 5 --folds 3`, 2, /folds would share rows; give --split-by/],
    [`${learn} --window 20 --gap 600 --split-last 0.2`, 1, /none would be left to train on/],
    [`${learn} --window 20 --weights x`, 2, /--weights with --window/],
  ]);
  requireSuccess(await workplace.weft(...`${learn} --window 20 --epochs 1 --run s`.split(" ")));
  await Deno.writeTextFile(workplace.path("few.csv"), sensor(19));
  await refuseAll(workplace, [
    ["predict few.csv --model s", 1, /from 19 rows: the model takes windows of 20 rows/],
    ["evaluate few.csv --model s", 1, /windows of 20 rows: the longest series has 19/],
    [`${learn} --window 10 --from s`, 2, /it takes windows of 20; give the same --window/],
  ]);
});

Deno.test("a model is not used on data of another kind", async () => {
  await using workplace = await Workplace.create();
  await writeColorFolder(workplace.path("pics"), 4, 8);
  await Deno.writeFile(workplace.path("emb.npz"), embeddings());
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(300));
  requireSuccess(await workplace.weft("train", "pics", "--epochs", "1", "--run", "pics"));
  const arrays = ["--inputs", "x_train", "--target", "y_train"];
  requireSuccess(
    await workplace.weft("train", "emb.npz", ...arrays, "--epochs", "1", "--run", "emb"),
  );
  await refuseAll(workplace, [
    [
      "predict emb.npz --inputs x_test --model pics",
      2,
      /rows are 16 float32 features, and the model/,
    ],
    [
      "evaluate s.csv --target activity --model pics",
      2,
      /not trained on a table, and takes 8 x 8 x 3/,
    ],
    ["predict pics --model emb", 2, /pics/],
    ["evaluate pics --model emb", 2, /pics/],
    ["train pics --from emb", 2, /pics/],
  ]);
});
