/** Folders that somebody removes or replaces while a command writes into them: it ends, and says so. */

import assert from "node:assert/strict";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { decode, NO_UNIX, refusalOf, testUnless, Workplace } from "../support/cli.ts";
import { eventually } from "../support/eventually.ts";

/** So long that it does not end by itself. */
const TRAIN = ["train", "--data-dir", "data", "--epochs", "1000000", "--json", "--run", "own"];

/** Waits until a run has trained some epochs. */
async function underWay(workplace: Workplace, run: string): Promise<void> {
  const epochs = async () => {
    const log = await Deno.readFile(workplace.path(`runs/${run}/log.jsonl`)).catch(() => "");
    return parseRunLog(log).epochs.length;
  };
  assert(await eventually(epochs, (count) => count > 2) > 2);
}

/** Waits until a comparison has made its folder its own. */
async function claimed(workplace: Workplace, run: string): Promise<void> {
  const lock = () => Deno.readTextFile(workplace.path(`runs/${run}/lock`)).catch(() => "");
  assert.notEqual(await eventually(lock, (text) => text !== ""), "");
}

/** Renamed first: while it is removed, file by file, others could still come to be in it. */
async function remove(path: string, aside: string): Promise<void> {
  await Deno.rename(path, aside);
  await Deno.remove(aside, { recursive: true });
}

/** What a command that prints records has refused at its end. */
function lossOf({ code, stderr }: { code: number; stderr: string }): string {
  return refusalOf({ code, stdout: "", stderr }, 1);
}

testUnless(
  NO_UNIX,
  "a run whose folder is removed or replaced ends, and writes nothing there",
  async () => {
    const takers: [string, (path: string, aside: string) => Promise<void>, RegExp][] = [
      ["removed", remove, /: it is gone meanwhile; /],
      [
        "replaced",
        async (path, aside) => {
          await Deno.mkdir(`${aside}-new`);
          await Deno.rename(path, aside);
          await Deno.rename(`${aside}-new`, path);
        },
        /: (it is gone|another folder took its place) meanwhile; /,
      ],
      [
        "linked",
        async (path, aside) => {
          await Deno.rename(path, aside);
          await Deno.symlink(aside, path);
        },
        /: (it is gone|something else took its place) meanwhile; /,
      ],
      [
        "without its log",
        (path) => Deno.remove(`${path}/log.jsonl`),
        /^Cannot continue writing runs\/own\/log\.jsonl: it was removed or replaced meanwhile; /,
      ],
    ];
    for (const [what, take, why] of takers) {
      await using workplace = await Workplace.create();
      await using child = workplace.start(...TRAIN);
      const output = child.output();
      await underWay(workplace, "own");
      const path = workplace.path("runs/own");
      await take(path, workplace.path("aside"));
      const line = lossOf(decode(await output));
      assert.match(line, /^Cannot continue writing (into runs\/own|runs\/own\/log\.jsonl): /, what);
      assert.match(line, why);
      if (what === "removed") assert.deepEqual(workplace.contents("runs"), []);
      if (what === "replaced") assert.deepEqual(workplace.contents("runs/own"), []);
      if (what === "without its log") {
        assert(!workplace.contents("runs/own").includes("model.safetensors"));
      }
    }
  },
);

testUnless(
  NO_UNIX,
  "a search whose folder is removed or replaced ends, and its trials with it",
  async () => {
    for (const isReplaced of [false, true]) {
      await using workplace = await Workplace.create();
      const space = { "learning-rate": { uniform: [0.01, 0.1] }, epochs: 300, hidden: [[8]] };
      await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
      const args = ["--space", "space.json", "--data-dir", "data", "--workers", "1", "--name", "s"];
      await using child = workplace.start(
        "search",
        ...args,
        "--strategy",
        "random",
        "--trials",
        "50",
      );
      const output = child.output();
      await underWay(workplace, "s-001");
      await Deno.rename(workplace.path("runs/s"), workplace.path("aside"));
      if (isReplaced) await Deno.mkdir(workplace.path("runs/s"));
      const line = lossOf(decode(await output));
      assert.match(line, /^Cannot continue writing into runs\/s: /);
      if (isReplaced) assert.deepEqual(workplace.contents("runs/s"), []);
      else assert(!workplace.contents("runs").includes("s"));
    }
  },
);

testUnless(NO_UNIX, "a series whose folder is removed ends at its next run", async () => {
  await using workplace = await Workplace.create();
  const args = [
    "--data-dir",
    "data",
    "--epochs",
    "200",
    "--seeds",
    "100",
    "--run",
    "own",
    "--json",
  ];
  await using child = workplace.start("train", ...args);
  const output = child.output();
  await underWay(workplace, "own-seed-42");
  await remove(workplace.path("runs/own"), workplace.path("aside"));
  assert.match(lossOf(decode(await output)), /^Cannot continue writing into runs\/own: it is gone/);
  assert(!workplace.contents("runs").includes("own"));
});

testUnless(
  NO_UNIX,
  "a comparison whose folder is removed tells its figures, and that they are not saved",
  async () => {
    await using workplace = await Workplace.create();
    const args = [
      "--data-dir",
      "data",
      "--backends",
      "reference",
      "--hidden",
      "8",
      "--epochs",
      "2",
    ];
    await using child = workplace.start("compare", "--quick", "--out", "own", ...args);
    const output = child.output();
    await claimed(workplace, "own");
    await Deno.remove(workplace.path("runs/own"), { recursive: true });
    const { code, stdout, stderr } = decode(await output);
    assert.match(lossOf({ code, stderr }), /^Cannot continue writing into runs\/own: it is gone/);
    assert.match(stdout, /^reference /m);
    assert.deepEqual(workplace.contents("runs"), []);
  },
);

testUnless(NO_UNIX, "what a killed comparison left is gone when the next one starts", async () => {
  await using workplace = await Workplace.create();
  const args = ["--data-dir", "data", "--backends", "reference", "--hidden", "8", "--epochs", "2"];
  const compare = ["compare", "--quick", ...args, "--out"];
  for (const name of ["killed", "again"]) {
    await using child = workplace.start(...compare, name);
    await claimed(workplace, name);
    child.kill("SIGKILL");
    await child.output();
  }
  await Deno.mkdir(workplace.path("runs/empty"));
  // Its own name is free again, too.
  const { code, stderr } = await workplace.weft(...compare, "again");
  assert.equal(code, 0, stderr);
  assert.deepEqual(workplace.contents("runs"), ["again", "empty"]);
  assert(!workplace.contents("runs/again").includes("lock"));
});
