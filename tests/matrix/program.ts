/** The program `weft` of the installed package, as people type it in a folder of their own. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryFolder } from "../support/temp_folder.ts";
import { type CommandOutcome, packageTest, project, run, succeed } from "./package.ts";
import { programOf, RUNTIMES } from "./runtime_programs.ts";

const ROOT = join(import.meta.dirname!, "..", "..");

/** Flowers of three kinds, by a generator of its own. */
function table(): string {
  let state = 7;
  const noise = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const rows = Array.from({ length: 120 }, (_, i) => {
    const kind = i % 3;
    const size = () => (kind + noise()).toFixed(2);
    return [size(), size(), size(), ["setosa", "versicolor", "virginica"][kind]].join();
  });
  return ["length,width,height,species", ...rows].join("\n") + "\n";
}

const TRAIN = ["train", "iris.csv", "--target", "species", "--epochs", "8", "--simd", "strict"];

interface Standing extends AsyncDisposable {
  /** A folder of somebody's own with the table. */
  readonly cwd: string;
  /** Another, in which the program is installed. */
  readonly installed: string;
}

async function standing(): Promise<Standing> {
  const installed = await project("runtimes", RUNTIMES);
  const folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "iris.csv"), table());
  return {
    cwd: folder.path,
    installed,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Runs `weft ARGS...` on a runtime. */
function weft(
  { cwd, installed }: Standing,
  runtime: string,
  ...args: string[]
): Promise<CommandOutcome> {
  const program = join(installed, "node_modules", ".bin", "weft");
  return run(programOf(installed, runtime), [program, ...args], { cwd });
}

/** Losses of each epoch, of the one run in a folder. */
async function losses(cwd: string): Promise<unknown[]> {
  const [{ name }] = Array.from(Deno.readDirSync(join(cwd, "runs")));
  const log = await Deno.readTextFile(join(cwd, "runs", name, "log.jsonl"));
  return log.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ type }) => type === "epoch")
    .map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]);
}

/** What a checkout computes in Deno. */
async function expectedLosses(): Promise<unknown[]> {
  await using at = await standing();
  const { cwd } = at;
  const config = join(ROOT, "deno.json");
  const flags = ["-q", "--no-prompt", "--allow-read", "--allow-env", `--allow-write=${cwd}`];
  const main = join(ROOT, "main.ts");
  await succeed(Deno.execPath(), ["run", ...flags, "--config", config, main, ...TRAIN], { cwd });
  return await losses(cwd);
}

packageTest(
  "weft trains under each runtime where its user stands, with Deno's losses",
  async () => {
    const expected = await expectedLosses();
    assert.equal(expected.length, 8);
    for (const runtime of ["node20", "node22", "node24", "bun"]) {
      await using at = await standing();
      const { code, stderr } = await weft(at, runtime, ...TRAIN);
      assert.equal(code, 0, stderr);
      assert.deepEqual(await losses(at.cwd), expected, runtime);
    }
  },
);

packageTest("npx weft from the tarball's folder is the same program", async () => {
  const cwd = await project("npx");
  await Deno.remove(join(cwd, "runs"), { recursive: true }).catch(() => {});
  await Deno.writeTextFile(join(cwd, "iris.csv"), table());
  await succeed("npx", ["weft", ...TRAIN], { cwd });
  assert.deepEqual(await losses(cwd), await expectedLosses());
  assert.match(await succeed("npx", ["weft", "--version"], { cwd }), /^weft \d+\.\d+\.\d+\n$/);
  const help = await succeed("npx", ["weft", "train", "--help"], { cwd });
  assert.match(help, /^Usage: weft train/);
  assert.doesNotMatch(help, /deno task/);
});

packageTest(
  "what weft trained it evaluates, predicts with and exports, without a bundler",
  async () => {
    for (const runtime of ["node20", "node24", "bun"]) {
      await using at = await standing();
      const say = async (...args: string[]) => {
        const { code, stdout, stderr } = await weft(at, runtime, ...args);
        assert.equal(code, 0, `${runtime} ${args.join(" ")}: ${stderr}`);
        return stdout;
      };
      await say(...TRAIN, "--run", "iris");
      assert.match(await say("data", "iris.csv", "--target", "species"), /120 rows, 4 columns/);
      assert.match(await say("evaluate", "iris.csv", "--model", "iris"), /Accuracy/);
      const answers = await say("predict", "iris.csv", "--model", "iris");
      assert.equal(answers.trim().split("\n").length, 121);
      await say("export", "--model", "iris");
      const names = Array.from(Deno.readDirSync(join(at.cwd, "dist")), ({ name }) => name).sort();
      assert.deepEqual(names, ["kernels.wasm", "model.wasm", "predictor.js", "workerd.capnp"]);
      await say("export", "--model", "iris", "--format", "onnx", "--out", "iris.onnx");
      await say("export", "--model", "iris", "--format", "module", "--out", "iris.mjs");
      const row = { length: 0.5, width: 0.5, height: 0.5 };
      const code = `import("./iris.mjs").then(async ({ predict }) => console.log((await predict([${
        JSON.stringify(row)
      }]))[0].predicted))`;
      const said = await succeed(programOf(at.installed, runtime), ["-e", code], { cwd: at.cwd });
      assert.equal(said, "setosa\n");
    }
  },
);

packageTest("weft searches with processes of its own", async () => {
  for (const runtime of ["node20", "bun"]) {
    await using at = await standing();
    const space = { hidden: [[4], [8]], epochs: 3 };
    await Deno.writeTextFile(join(at.cwd, "space.json"), JSON.stringify(space));
    const table = ["iris.csv", "--target", "species"];
    const options = ["--space", "space.json", "--trials", "2"];
    const { code, stdout, stderr } = await weft(at, runtime, "search", ...table, ...options);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /best: /);
    assert.match(stdout, /^weft train /m);
  }
});

packageTest("what weft cannot do ends in one line", async () => {
  await using at = await standing();
  const cases: [string, string[], number, RegExp][] = [
    ["node18", TRAIN, 2, /this is Node 18\.\d+\.\d+, and Weft needs Node 20 or newer/],
    ["node24", ["dashboard"], 2, /run deno task dashboard in a checkout/],
    ["node24", ["serve"], 1, /run deno task serve in a checkout/],
    ["node24", ["compare"], 1, /run deno task compare in a checkout/],
    ["node24", ["train", "none.csv", "--target", "y"], 1, /there is no such file/],
    ["node24", ["trian"], 2, /unknown command 'trian' \(Did you mean train\?\)/],
    ["node24", ["train", "iris.csv", "--target", "y"], 2, /Cannot find the target "y"/],
  ];
  for (const [runtime, args, expected, why] of cases) {
    const { code, stdout, stderr } = await weft(at, runtime, ...args);
    assert.deepEqual([code, stdout], [expected, ""], `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, /^error: [^\n]+\n$/);
    assert.match(stderr, why);
  }
});

packageTest("deno install -g of a checkout writes where its user stands", async () => {
  await using at = await standing();
  const { cwd } = at;
  await using folder = await temporaryFolder();
  const root = folder.path;
  const leave = ["--allow-read", "--allow-write", "--allow-env", "--no-prompt"];
  const config = ["--config", join(ROOT, "deno.json")];
  const main = join(ROOT, "main.ts");
  await succeed(
    Deno.execPath(),
    ["install", "-q", "-g", "--root", root, "-n", "weft", ...leave, ...config, main],
    { cwd },
  );
  const path = `${join(Deno.execPath(), "..")}:${Deno.env.get("PATH")}`;
  const program = join(root, "bin", "weft");
  assert.match(await succeed(program, ["--version"], { cwd, env: { PATH: path } }), /^weft \d/);
  await succeed(program, TRAIN, { cwd, env: { PATH: path } });
  assert.equal((await losses(cwd)).length, 8);
});
