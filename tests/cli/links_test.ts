/** Symbolic links below `runs/` and `dist/`: no command follows one, to read or to write. */

import assert from "node:assert/strict";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";

const TRAIN = ["train", "--data-dir", "data", "--hidden", "8"];

/** A workplace with the folder of an interrupted run, and everything in it, outside of `runs/`. */
async function place(): Promise<Workplace> {
  const workplace = await Workplace.create();
  requireSuccess(await workplace.weft(...TRAIN, "--epochs", "2", "--run", "own"));
  await Deno.rename(workplace.path("runs/own"), workplace.path("outside"));
  // Without its end it is a run that was killed.
  const log = await Deno.readTextFile(workplace.path("outside/log.jsonl"));
  const lines = log.split("\n").filter((line) => !line.includes('"type":"end"'));
  await Deno.writeTextFile(workplace.path("outside/log.jsonl"), lines.join("\n"));
  return workplace;
}

/** Every file below a folder, with what it holds. */
async function contentsOf(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (isDirectory) {
      for (const [below, text] of Object.entries(await contentsOf(`${path}/${name}`))) {
        found[`${name}/${below}`] = text;
      }
    } else found[name] = (await Deno.readFile(`${path}/${name}`)).toHex();
  }
  return found;
}

testUnless(
  NO_UNIX,
  "a run's folder that is a link is not read, and nothing is written behind it",
  async () => {
    await using workplace = await place();
    await Deno.writeTextFile(workplace.path("outside/search.json"), "{}");
    const before = await contentsOf(workplace.path("outside"));
    await Deno.symlink("../outside", workplace.path("runs/own"));
    const cases: [number, RegExp, string[]][] = [
      [2, /^Cannot resume own: in runs\/own, own is a symbolic link/, ["train", "--resume", "own"]],
      [2, /^Cannot start a run named "own": runs\/own exists/, [...TRAIN, "--run", "own"]],
      [2, /^Cannot resume the search own: .* is a symbolic link/, [
        "search",
        "--resume",
        "own",
      ]],
      [2, /^Cannot start a run named "own"/, [
        "compare",
        "--quick",
        "--data-dir",
        "data",
        "--out",
        "own",
      ]],
      ...[["evaluate", "--data-dir", "data"], ["predict", "--data-dir", "data", "--index", "0"], [
        "export",
      ]]
        .flatMap((
          command,
        ) =>
          ["own", "runs/own", "./runs/own/model.safetensors"].map((
            model,
          ): [number, RegExp, string[]] => [
            1,
            /^Cannot read the model \S*runs\/own\/model\.safetensors: own is a symbolic link, which is not/,
            [...command, "--model", model],
          ])
        ),
      [1, /^Cannot choose a model: no run below runs\/ has one/, [
        "evaluate",
        "--data-dir",
        "data",
      ]],
      [
        1,
        /^Cannot read the network runs\/own\/model\.safetensors: own is a symbolic link/,
        ["import", "--file", "runs/own/model.safetensors"],
      ],
    ];
    for (const [code, expected, args] of cases) {
      assert.match(refusalOf(await workplace.weft(...args), code), expected);
    }
    assert.deepEqual(await contentsOf(workplace.path("outside")), before);
    assert.deepEqual(workplace.contents("runs"), ["own"]);
  },
);

testUnless(NO_UNIX, "a link in a run's folder is neither followed nor replaced", async () => {
  await using workplace = await place();
  const before = await contentsOf(workplace.path("outside"));
  const runs: [string, string[], number, RegExp][] = [
    ["log.jsonl", ["train", "--resume", "own"], 2, /: in runs\/own, log\.jsonl is a symbolic link/],
    [
      "checkpoints",
      ["train", "--resume", "own"],
      1,
      /runs\/own\/checkpoints: it is a link; put a fol/,
    ],
    [
      "model.safetensors",
      ["train", "--resume", "own"],
      1,
      /^Cannot write runs\/own\/model\.safetensors: it is a symbolic link, which is not followed; /,
    ],
    [
      "model.safetensors",
      ["evaluate", "--data-dir", "data", "--model", "own"],
      1,
      /: model\.safetensors is a symbolic link, which is not followed; /,
    ],
  ];
  for (const [name, args, code, expected] of runs) {
    const own = workplace.path("runs/own");
    requireSuccess(await workplace.shell("cp -R outside runs/own"));
    await Deno.remove(`${own}/${name}`, { recursive: true });
    await Deno.symlink(`../../outside/${name}`, `${own}/${name}`);
    assert.match(refusalOf(await workplace.weft(...args), code), expected);
    assert((await Deno.lstat(`${own}/${name}`)).isSymlink, `${name} is still there`);
    assert.deepEqual(await contentsOf(workplace.path("outside")), before, name);
    await Deno.remove(own, { recursive: true });
  }
});

testUnless(NO_UNIX, "a search's own files are no links", async () => {
  await using workplace = await Workplace.create();
  const space = { "learning-rate": [0.1, 0.2], epochs: 1 };
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
  const args = ["search", "--space", "space.json", "--data-dir", "data", "--trials", "1"];
  requireSuccess(await workplace.weft(...args, "--name", "s"));
  const path = workplace.path("runs/s");
  const search = await Deno.readTextFile(`${path}/search.json`);
  await Deno.writeTextFile(`${path}/search.json`, search.replace('"completed"', '"interrupted"'));
  for (const [name, code] of [["lock", 1], ["search.json", 2]] as const) {
    const outside = workplace.path("outside");
    await Deno.rename(`${path}/${name}`, outside);
    await Deno.symlink("../../outside", `${path}/${name}`);
    const before = await Deno.readTextFile(outside);
    const line = refusalOf(await workplace.weft("search", "--resume", "s"), code);
    assert.match(line, new RegExp(`${name} is a symbolic link, which is not followed`));
    assert.equal(await Deno.readTextFile(outside), before);
    await Deno.rename(outside, `${path}/${name}`);
  }
  requireSuccess(await workplace.weft("search", "--resume", "s"));
});

testUnless(NO_UNIX, "an export writes behind no link below dist/", async () => {
  await using workplace = await place();
  await Deno.rename(workplace.path("outside"), workplace.path("runs/own"));
  for (const path of ["outside", "dist", "dist/real"]) await Deno.mkdir(workplace.path(path));
  await Deno.symlink("../outside", workplace.path("dist/link"));
  const model = ["export", "--model", "own", "--out"];
  const cases: [RegExp, string[]][] = [
    [/^Cannot export to dist\/link: link is a symbolic link, which is not/, [
      ...model,
      "dist/link",
    ]],
    [/^Cannot export to dist\/link\/deep: link is a symbolic link/, [...model, "dist/link/deep"]],
    [/link is a symbolic link/, [...model, "dist/link/own.onnx", "--format", "onnx"]],
    [/link is a symbolic link/, [...model, "dist/link/a/b.onnx", "--format", "onnx"]],
    [/link is a symbolic link/, [...model, "dist/link/", "--format", "safetensors"]],
  ];
  for (const [expected, args] of cases) {
    assert.match(refusalOf(await workplace.weft(...args), 1), expected);
  }
  assert.deepEqual(workplace.contents("outside"), []);
  await Deno.symlink("../../outside/kernels.wasm", workplace.path("dist/real/kernels.wasm"));
  const line = refusalOf(await workplace.weft(...model, "dist/real"), 1);
  assert.match(line, /kernels\.wasm/);
  assert.deepEqual(workplace.contents("outside"), []);
});

testUnless(
  NO_UNIX,
  "runs/ and dist/ as wholes may lie behind links that the user made",
  async () => {
    await using workplace = await Workplace.create();
    for (const name of ["runs", "dist"]) {
      await Deno.mkdir(workplace.path(`big/${name}`), { recursive: true });
      await Deno.symlink(`big/${name}`, workplace.path(name));
    }
    requireSuccess(await workplace.weft(...TRAIN, "--epochs", "1", "--run", "own"));
    requireSuccess(await workplace.weft("evaluate", "--data-dir", "data", "--model", "own"));
    requireSuccess(await workplace.weft("export", "--model", "own"));
    requireSuccess(
      await workplace.weft("export", "--format", "onnx", "--model", "own", "--out", "dist/"),
    );
    assert(workplace.contents("big/runs/own").includes("model.safetensors"));
    assert(workplace.contents("big/dist").includes("own.onnx"));
  },
);
