/** Runs that are killed, interrupted or damaged, and continue with `train --resume`. */
import assert from "node:assert/strict";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";
import { parseRunLog, type RunLog } from "../../lib/run_log/run/reader.ts";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";

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

/** Starts a command and kills it when `moment` comes; says whether it ended by itself before. */
async function killAt(
  moment: (hasEnded: () => boolean) => Promise<void>,
  workplace: Workplace,
  ...args: string[]
): Promise<boolean> {
  await using child = workplace.start(...args);
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  await moment(() => hasEnded);
  try {
    child.kill("SIGKILL");
  } catch {
    // It has just ended by itself.
  }
  const { signal } = await child.status;
  await Promise.all(output);
  return signal === null;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Bytes of a file; 0 where there is none. */
const sizeOf = (path: string) => Deno.stat(path).then(({ size }) => size, () => 0);

testUnless(
  NO_UNIX,
  "a run that is killed at fifty random moments ends as one that is not: same model, every epoch once",
  async () => {
    await using workplace = await Workplace.create();
    const epochs = ["--epochs", "2500"];
    requireSuccess(await workplace.weft(...TRAIN, ...epochs, "--run", "whole"));
    const random = new NumpyRandomState(7);
    let kills = 0;
    let args = [...TRAIN, ...epochs, "--run", "killed"];
    while (kills < 50) {
      // Now and then anywhere in the start, else after the first line of the log: however slow the machine is, some of
      // them get on.
      const isEarly = random.randomSample() < 0.2;
      const ms = isEarly ? 50 + 350 * random.randomSample() : 80 * random.randomSample();
      const log = workplace.path("runs/killed/log.jsonl");
      const size = await sizeOf(log);
      const moment = async (hasEnded: () => boolean) => {
        while (!isEarly && !hasEnded() && await sizeOf(log) <= size) await sleep(2);
        await sleep(ms);
      };
      const ended = await killAt(moment, workplace, ...args);
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
    assert(killed.resumes.some(({ epoch }) => epoch > 0));
    const times = killed.epochs.map(({ elapsedMs }) => elapsedMs!);
    assert(times.every((time, i) => i === 0 || time >= times[i - 1]), "no time goes back");
    assert.deepEqual(lasting(killed), lasting(whole));
    assert.deepEqual(modelOf(workplace, "killed"), modelOf(workplace, "whole"));
    assert.equal(checkpointsOf(workplace, "killed").length, 2, "the last two, and nothing else");
  },
);

testUnless(
  NO_UNIX,
  "after Ctrl-C a run says how to continue, and continues to the same bits in the same log",
  async () => {
    await using workplace = await Workplace.create();
    const args = [...TRAIN, "--epochs", "2000", "--run"];
    requireSuccess(await workplace.weft(...args, "whole"));
    await using child = workplace.start(...args, "cut");
    const stdout = new Response(child.stdout).text();
    const stderr = new Response(child.stderr).text();
    while (!(await Deno.stat(workplace.path("runs/cut/checkpoints")).catch(() => null))) {
      await sleep(10);
    }
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    assert.match(await stdout, /\nResume with: deno task train --resume cut\n$/);
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
  // It may have been killed before it removed the third last, or in the middle of the next.
  const [before, last] = checkpointsOf(workplace, "hurt")
    .filter((name) => name.endsWith(".safetensors")).slice(-2);
  const path = workplace.path(`runs/hurt/checkpoints/${last}`);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length >> 1] ^= 64;
  Deno.writeFileSync(path, bytes);
  const { stderr } = requireSuccess(await workplace.weft("train", "--resume", "hurt"));
  const lines = stderr.split("\n").filter((line) => line.includes("checkpoint"));
  assert.equal(lines.length, 1);
  assert(
    lines[0].startsWith(`note: Cannot resume from runs/hurt/checkpoints/${last}: it is damaged`),
  );
  const log = logOf(workplace, "hurt");
  assert.equal(log.resumes[0].epoch, Number(/\d+/.exec(before)![0]));
  assert.deepEqual(lasting(log), lasting(logOf(workplace, "whole")));
});

testUnless(NO_UNIX, "epochs that a power cut took from the log are named", async () => {
  await using workplace = await Workplace.create();
  const args = [...TRAIN, "--epochs", "300", "--run", "lossy"];
  while (!await killAfterEpochs(workplace, "lossy", 20, args)) {
    await Deno.remove(workplace.path("runs/lossy"), { recursive: true });
  }
  const path = workplace.path("runs/lossy/log.jsonl");
  const lines = Deno.readTextFileSync(path).split("\n");
  // The run record, and epochs 1, 2, 4 and 5.
  Deno.writeTextFileSync(path, [...lines.slice(0, 3), ...lines.slice(4, 6), ""].join("\n"));
  const { stderr } = requireSuccess(await workplace.weft("train", "--resume", "lossy"));
  const log = logOf(workplace, "lossy");
  const { epoch } = log.resumes[0];
  const notes = stderr.split("\n").filter((line) => line.includes("lacks"));
  const expected = `lacks epoch 3, epochs 6 to ${epoch}; they are not trained again`;
  assert.deepEqual(notes, [`note: the log of lossy ${expected}`]);
  assert.deepEqual(log.problems, []);
  const rest = Array.from({ length: 300 - epoch }, (_, i) => epoch + 1 + i);
  assert.deepEqual(log.epochs.map(({ epoch }) => epoch), [1, 2, 4, 5, ...rest]);
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
    await sleep(5);
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
    /^Cannot resume stopped with other data: train-labels-idx1-ubyte was "\w{12}\.\.\." and is "\w{12}\.\.\."; .* --data-dir$/,
  );
  [bytes[8], bytes[9]] = [bytes[9], bytes[8]];
  Deno.writeFileSync(labels, bytes);
  // A log that somebody edited, checkpoints that are another run's, and none that can be used.
  const stoppedLog = Deno.readTextFileSync(`${stopped}/log.jsonl`);
  const refusalWith = async (log: string) => {
    Deno.writeTextFileSync(`${stopped}/log.jsonl`, log);
    const refusal = refusalOf(await workplace.weft("train", "--resume", "stopped"), 2);
    assert.equal(Deno.readTextFileSync(`${stopped}/log.jsonl`), log);
    return refusal;
  };
  assert.match(
    await refusalWith(stoppedLog.replace('"hidden":[8]', '"hidden":8')),
    /^Cannot train with hidden = 8: it must be a list/,
  );
  assert.match(
    await refusalWith(stoppedLog.replace('"learningRate":0.1,', '"learningRate":0.3,')),
    /^Cannot resume stopped from its checkpoint: .*, learningRate was 0\.3 and is 0\.1; bring/,
  );
  Deno.writeTextFileSync(`${stopped}/checkpoints/${first}`, "damaged");
  // Also a line that was half-written stays until there is another to write.
  assert.match(
    await refusalWith(`${stoppedLog}{"type":"epo`),
    /^Cannot resume from runs\/stopped\/checkpoints: no checkpoint in it can be used; remove/,
  );
  Deno.writeTextFileSync(`${stopped}/log.jsonl`, stoppedLog);
  assert.equal(logOf(workplace, "stopped").resumes.length, 0);
});

Deno.test("a run of before its preset had an option continues as it was begun, without the option", async () => {
  await using workplace = await Workplace.create();
  const args = [...TRAIN, "--preset", "accurate", "--no-flip", "--epochs", "2"];
  requireSuccess(await workplace.weft(...args, "--run", "whole"));
  const whole = workplace.path("runs/whole");
  const older = workplace.path("runs/older");
  await Deno.mkdir(`${older}/checkpoints`, { recursive: true });
  const lines = (await Deno.readTextFile(`${whole}/log.jsonl`)).split("\n").slice(0, 2);
  const log = `${lines.join("\n")}\n`.replace('"flip":false,', "").replace('"layers":null,', "");
  assert(!/"(flip|layers)":(false|null)/.test(log));
  await Deno.writeTextFile(`${older}/log.jsonl`, log);
  const [first] = checkpointsOf(workplace, "whole");
  await Deno.copyFile(`${whole}/checkpoints/${first}`, `${older}/checkpoints/${first}`);
  requireSuccess(await workplace.weft("train", "--resume", "older"));
  assert.deepEqual(modelOf(workplace, "older"), modelOf(workplace, "whole"));
});

testUnless(NO_UNIX, "two processes cannot train one run", async () => {
  await using workplace = await Workplace.create();
  await using child = workplace.start(...TRAIN, "--epochs", "1000000", "--run", "busy");
  const output = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
  while (!(await Deno.stat(workplace.path("runs/busy/checkpoints")).catch(() => null))) {
    await sleep(10);
  }
  assert.match(
    refusalOf(await workplace.weft("train", "--resume", "busy"), 2),
    /^Cannot resume the run log runs\/busy\/log\.jsonl: another process is writing it; wait/,
  );
  child.kill("SIGKILL");
  await Promise.all([child.status, ...output]);
});
