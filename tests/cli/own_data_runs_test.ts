/** Runs on arrays, images and windows: they continue, are searched and cross-validated, and keep their bits and their parts apart. */

import assert from "node:assert/strict";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { npy } from "../support/numpy_files.ts";
import { embeddings, sensor, writeColorFolder } from "../support/own_data.ts";

const log = async (workplace: Workplace, run: string) =>
  parseRunLog(await Deno.readFile(workplace.path(`runs/${run}/log.jsonl`)));

const bytes = (workplace: Workplace, run: string) =>
  Deno.readFile(workplace.path(`runs/${run}/model.safetensors`));

Deno.test("color images: the same bits for any number of threads, and from the cache", async () => {
  await using workplace = await Workplace.create();
  await writeColorFolder(workplace.path("pics"));
  const train = (run: string, ...args: string[]) =>
    workplace.weft("train", "pics", "--epochs", "3", "--simd", "strict", "--run", run, ...args);
  for (const threads of ["1", "2", "3"]) {
    requireSuccess(await train(`t${threads}`, "--threads", threads));
  }
  const [one, two, three] = await Promise.all(
    ["t1", "t2", "t3"].map((run) => bytes(workplace, run)),
  );
  assert.deepEqual(two, one);
  assert.deepEqual(three, one);
  // Flips and shifts are by pixel, never by channel.
  for (const threads of ["1", "2"]) {
    const flips = ["--flip", "--shift", "1", "--threads", threads];
    requireSuccess(await train(`f${threads}`, ...flips));
  }
  assert.deepEqual(await bytes(workplace, "f2"), await bytes(workplace, "f1"));
});

Deno.test("runs say in their logs what their data was, and continue from there", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("emb.npz"), embeddings());
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(900));
  await writeColorFolder(workplace.path("pics"), 6, 8);
  const arrays = ["emb.npz", "--inputs", "x_train", "--target", "y_train"];
  const tested = ["--test-inputs", "x_test", "--test-target", "y_test"];
  const windows = ["s.csv", "--target", "activity", "--ignore", "session", "--window", "10"];
  const cases: [run: string, args: string[]][] = [
    ["emb", [...arrays, ...tested]],
    ["pics", ["pics", "--size", "9x9", "--channels", "1", "--skip-broken"]],
    ["s", [...windows, "--stride", "5", "--gap", "2", "--split-last", "0.3"]],
  ];
  for (const [run, args] of cases) {
    requireSuccess(await workplace.weft("train", ...args, "--epochs", "4", "--run", run));
    // As a kill between two epochs leaves it.
    const path = workplace.path(`runs/${run}/log.jsonl`);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    const { config } = JSON.parse(lines[0]);
    assert.equal(config.data, workplace.path(args[0]));
    await Deno.writeTextFile(path, `${lines.slice(0, -1).join("\n")}\n`);
    const { stderr } = requireSuccess(await workplace.weft("train", "--resume", run));
    assert.doesNotMatch(stderr, /error/);
    assert.equal((await log(workplace, run)).end!.status, "completed");
  }
  const { config } = (await log(workplace, "s")).run!;
  assert.deepEqual(
    [config.window, config.stride, config.gap, config.splitLast],
    [10, 5, 2, 0.3],
  );
});

Deno.test("groups and windows apart are cross-validated, and images too", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(1200));
  await writeColorFolder(workplace.path("pics"), 6, 8);
  const windows = ["s.csv", "--target", "activity", "--window", "10"];
  for (
    const [name, args] of [
      ["grouped", [...windows, "--stride", "5", "--split-by", "session"]],
      ["apart", [...windows, "--ignore", "session"]],
      ["images", ["pics"]],
    ] as const
  ) {
    const { stdout } = requireSuccess(
      await workplace.weft("train", ...args, "--folds", "2", "--epochs", "1", "--run", name),
    );
    assert.match(stdout, /fold-1: validation .*\n(.*\n)*.*fold-2: validation/);
  }
});

Deno.test("a search is on arrays, images or windows as on anything", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("emb.npz"), embeddings());
  const pixels = Uint8Array.from(
    { length: 40 * 64 },
    (_, i) => Math.floor(i / 64) % 2 * 200 + i % 7,
  );
  await Deno.writeFile(workplace.path("X.npy"), npy([40, 8, 8], pixels));
  await Deno.writeFile(
    workplace.path("y.npy"),
    npy([40], Int32Array.from(pixels, (_, i) => i % 2).slice(0, 40)),
  );
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(600));
  await Deno.writeTextFile(
    workplace.path("space.json"),
    '{"learning-rate": {"log-uniform": [0.001, 0.01]}, "epochs": 2}',
  );
  const windows = ["s.csv", "--target", "activity", "--ignore", "session", "--window", "10"];
  const cases: [args: string[], preset: string][] = [
    [["emb.npz", "--inputs", "x_train", "--target", "y_train"], "tabular"],
    [["X.npy", "--target", "y.npy"], "images"],
    [windows, "tabular"],
  ];
  for (const [i, [args, preset]] of cases.entries()) {
    const { stdout } = requireSuccess(
      await workplace.weft(
        ...["search", ...args, "--space", "space.json", "--trials", "2", "--strategy", "random"],
        ...["--name", `search${i}`, "--workers", "2", "--json"],
      ),
    );
    const search = JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
    assert.equal(search.status, "completed");
    assert.equal(search.data[0], workplace.path(args[0]));
    const { config } = (await log(workplace, search.trials[0].run ?? search.trials[0].name)).run!;
    assert.equal(config.preset, preset);
  }
});
