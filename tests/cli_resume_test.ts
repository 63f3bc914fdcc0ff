/** Runs that are killed, interrupted or damaged, and go on with `train --resume`. */
import assert from "node:assert/strict";
import { NumpyRandomState } from "../lib/random/numpy_random_state.ts";
import { parseRunLog, type RunLog } from "../lib/run_log/reader.ts";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "./cli.ts";

const TRAIN = ["train", "--data-dir", "data", "--hidden", "8", "--batch-size", "16"];

const logOf = (workplace: Workplace, run: string): RunLog =>
  parseRunLog(Deno.readFileSync(workplace.path(`runs/${run}/log.jsonl`)));

const modelOf = (workplace: Workplace, run: string) =>
  Deno.readFileSync(workplace.path(`runs/${run}/model.safetensors`));

const checkpointsOf = (workplace: Workplace, run: string) =>
  [...Deno.readDirSync(workplace.path(`runs/${run}/checkpoints`))].map(({ name }) => name).sort();

/** What must not depend on how a run was cut: all but times. */
function lasting({ epochs, end }: RunLog): unknown {
  const { totalMs: _, ...rest } = end!;
  return [
    epochs.map(({ epochMs: _1, elapsedMs: _2, samplesPerSecond: _3, phasesMs: _4, ...rest }) =>
      rest
    ),
    rest,
  ];
}

/** Starts a command and kills it after some milliseconds; says whether it ended by itself before. */
async function killAfter(ms: number, workplace: Workplace, ...args: string[]): Promise<boolean> {
  await using child = workplace.start(...args);
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  const { signal } = await child.status;
  clearTimeout(timer);
  await Promise.all(output);
  return signal === null;
}

testUnless(
  NO_UNIX,
  "a run that is killed at fifty random moments ends as one that is not: same model, every epoch once",
  async () => {
    await using workplace = await Workplace.create();
    const epochs = ["--epochs", "3000"];
    requireSuccess(await workplace.weft(...TRAIN, ...epochs, "--run", "whole"));
    const random = new NumpyRandomState(7);
    let kills = 0;
    let args = [...TRAIN, ...epochs, "--run", "killed"];
    while (kills < 50) {
      // From before the first line of the log to some hundred checkpoints later.
      const ended = await killAfter(150 + 500 * random.randomSample(), workplace, ...args);
      if (ended) break;
      kills++;
      const hasRun = workplace.contents().includes("runs") &&
        [...Deno.readDirSync(workplace.path("runs"))].some(({ name }) => name === "killed") &&
        logOf(workplace, "killed").run !== null;
      if (hasRun) args = ["train", "--resume", "killed"];
      else await Deno.remove(workplace.path("runs/killed"), { recursive: true }).catch(() => {});
    }
    assert.equal(kills, 50, "the run is long enough to be killed so often");
    requireSuccess(await workplace.weft("train", "--resume", "killed"));
    const [whole, killed] = ["whole", "killed"].map((run) => logOf(workplace, run));
    assert.deepEqual(killed.problems, []);
    assert(killed.resumes.length > 25 && killed.resumes.some(({ epoch }) => epoch > 100));
    assert.deepEqual(lasting(killed), lasting(whole));
    assert.deepEqual(modelOf(workplace, "killed"), modelOf(workplace, "whole"));
    assert.equal(checkpointsOf(workplace, "killed").length, 2, "the last two, and nothing else");
  },
);

testUnless(
  NO_UNIX,
  "after Ctrl-C a run says how to go on, and goes on to the same bits in the same log",
  async () => {
    await using workplace = await Workplace.create();
    const args = [...TRAIN, "--epochs", "2000", "--run"];
    requireSuccess(await workplace.weft(...args, "whole"));
    await using child = workplace.start(...args, "cut");
    const stdout = new Response(child.stdout).text();
    const stderr = new Response(child.stderr).text();
    while (!(await Deno.stat(workplace.path("runs/cut/checkpoints")).catch(() => null))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    assert.match(await stdout, /\nTo go on: deno task train --resume cut\n$/);
    assert.match(await stderr, /^note: [^\n]*\n$/);
    assert.equal(logOf(workplace, "cut").end!.status, "interrupted");
    const { stdout: resumed } = requireSuccess(
      await workplace.weft("train", "--resume", "cut", "--threads", "1", "--json"),
    );
    const [first, ...records] = resumed.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(first.type, "resume");
    assert.equal(records.at(-1).status, "completed");
    const log = logOf(workplace, "cut");
    assert.deepEqual(log.problems, []);
    assert.equal(log.resumes.length, 1);
    assert.deepEqual(lasting(log), lasting(logOf(workplace, "whole")));
    assert.deepEqual(modelOf(workplace, "cut"), modelOf(workplace, "whole"));
  },
);

testUnless(NO_UNIX, "a damaged checkpoint is named, and the one before it is used", async () => {
  await using workplace = await Workplace.create();
  const epochs = ["--epochs", "300"];
  requireSuccess(await workplace.weft(...TRAIN, ...epochs, "--run", "whole"));
  const args = [...TRAIN, ...epochs, "--run", "hurt"];
  while (!await killAfterEpochs(workplace, "hurt", 20, args)) {
    await Deno.remove(workplace.path("runs/hurt"), { recursive: true });
  }
  const [before, last] = checkpointsOf(workplace, "hurt");
  const path = workplace.path(`runs/hurt/checkpoints/${last}`);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length >> 1] ^= 64;
  Deno.writeFileSync(path, bytes);
  const { stderr } = requireSuccess(await workplace.weft("train", "--resume", "hurt"));
  const lines = stderr.split("\n").filter((line) => line.includes("checkpoint"));
  assert.equal(lines.length, 1);
  assert(
    lines[0].startsWith(`note: Cannot go on from runs/hurt/checkpoints/${last}: it is damaged`),
  );
  const log = logOf(workplace, "hurt");
  assert.equal(log.resumes[0].epoch, Number(/\d+/.exec(before)![0]));
  assert.deepEqual(lasting(log), lasting(logOf(workplace, "whole")));
});

/** Kills a run when its log has some epochs; false where it was over before. */
async function killAfterEpochs(
  workplace: Workplace,
  run: string,
  count: number,
  args: readonly string[],
): Promise<boolean> {
  await using child = workplace.start(...args);
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  const path = workplace.path(`runs/${run}/log.jsonl`);
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.split('"type":"epoch"').length > count) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill("SIGKILL");
  await Promise.all(output);
  await child.status;
  return logOf(workplace, run).end === null;
}

Deno.test("what cannot be resumed is refused in a line, and nothing changes", async () => {
  await using workplace = await Workplace.create();
  requireSuccess(await workplace.weft(...TRAIN, "--epochs", "2", "--run", "done"));
  await Deno.mkdir(workplace.path("runs/empty"));
  await Deno.writeTextFile(workplace.path("runs/empty/log.jsonl"), '{"type":"run","sch');
  const stopped = workplace.path("runs/stopped");
  await Deno.mkdir(stopped);
  const log = await Deno.readTextFile(workplace.path("runs/done/log.jsonl"));
  await Deno.writeTextFile(`${stopped}/log.jsonl`, log.split("\n").slice(0, 2).join("\n") + "\n");
  await Deno.mkdir(`${stopped}/checkpoints`);
  const [first] = checkpointsOf(workplace, "done");
  await Deno.copyFile(
    workplace.path(`runs/done/checkpoints/${first}`),
    `${stopped}/checkpoints/${first}`,
  );
  const cases: [string[], number, RegExp][] = [
    [["nowhere"], 2, /^Cannot resume nowhere: there is no runs\/nowhere\/log\.jsonl; name a run/],
    [["../etc"], 2, /^Cannot name a run/],
    [["done"], 2, /^Cannot resume done: it is completed; start another run$/],
    [["empty"], 2, /^Cannot resume empty: its log has no run record, .*; start it anew$/],
    [
      ["stopped", "--run", "other"],
      2,
      /^Cannot resume stopped as --run other: a run keeps its name/,
    ],
    [
      ["stopped", "--learning-rate", "0.2", "--epochs", "9"],
      2,
      /^Cannot resume stopped with other options: learningRate was 0\.1 and is 0\.2, epochs was 2 and is 9; leave/,
    ],
    [["stopped", "--simd", "strict"], 2, /simd was "relaxed" and is "strict"/],
    [["stopped", "--checkpoint-every", "0"], 2, /^Cannot read --checkpoint-every "0": it must be/],
  ];
  for (const [args, code, expected] of cases) {
    assert.match(refusalOf(await workplace.weft("train", "--resume", ...args), code), expected);
  }
  // Other data, found by its digest.
  const labels = workplace.path("data/train-labels-idx1-ubyte");
  const bytes = Deno.readFileSync(labels);
  [bytes[8], bytes[9]] = [bytes[9], bytes[8]];
  Deno.writeFileSync(labels, bytes);
  assert.match(
    refusalOf(await workplace.weft("train", "--resume", "stopped"), 2),
    /^Cannot go on training from this state: sha256 was "[0-9a-f]{128}" and is/,
  );
  assert.equal(logOf(workplace, "stopped").resumes.length, 0);
});

testUnless(NO_UNIX, "two processes cannot train one run", async () => {
  await using workplace = await Workplace.create();
  await using child = workplace.start(...TRAIN, "--epochs", "1000000", "--run", "busy");
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  while (!(await Deno.stat(workplace.path("runs/busy/checkpoints")).catch(() => null))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.match(
    refusalOf(await workplace.weft("train", "--resume", "busy"), 2),
    /^Cannot go on with the run log runs\/busy\/log\.jsonl: another process is writing it; wait/,
  );
  child.kill("SIGKILL");
  await Promise.all([child.status, ...output]);
});
