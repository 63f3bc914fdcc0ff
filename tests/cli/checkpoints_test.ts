/** The folder of checkpoints: which are kept, which are removed, which one is gone on from. */
import assert from "node:assert/strict";
import { Checkpoints } from "../../lib/cli/train/checkpoints.ts";
import { RunRecorder } from "../../lib/cli/train/run_recorder.ts";
import { decodeState, encodeState, Trainer, type TrainingState } from "../../lib/mod.ts";
import { HeldFolder } from "../../lib/run_log/shared/held_folder.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { sampleEpoch, sampleRun } from "../samples/records.ts";
import { RunLogWriter } from "../../lib/run_log/run/writer.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { toyImages } from "../support/toy_images.ts";

const nameOf = (epoch: number, batch = 0) => {
  const [epochs, batches] = [epoch, batch].map((count) => String(count).padStart(7, "0"));
  return `epoch-${epochs}-batch-${batches}.safetensors`;
};

/** A run's folder and, for a state of some epoch, the event that has it written. */
async function workplace() {
  const folder = await temporaryFolder();
  const path = `${folder.path}/checkpoints`;
  const state = await someState();
  const event = (epoch: number, batch = 0) => ({
    type: "checkpoint" as const,
    epoch,
    batch,
    state: { ...state, progress: { ...state.progress, elapsedMs: epoch } } as TrainingState,
  });
  const names = () => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  const put = (name: string, text = "damaged") => {
    Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(`${path}/${name}`, text);
  };
  return {
    run: folder.path,
    path,
    event,
    names,
    put,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function someState(): Promise<TrainingState> {
  const config = { hidden: [2], batchSize: 10, epochs: 50 };
  using trainer = await Trainer.create({ train: toyImages(20, 2), config });
  return await decodeState((await trainer.step({ maxBatches: 2 })).state!);
}

Deno.test("the last two checkpoints are kept, none after the one just written, and no file of another name is touched", async () => {
  await using at = await workplace();
  const checkpoints = new Checkpoints(HeldFolder.at(at.run));
  at.put(nameOf(24));
  at.put(nameOf(25, 3));
  at.put("notes.txt");
  at.put(`${nameOf(3)}.partial`);
  at.put(`${nameOf(3)}.0a1b2c3d.partial`);
  const others = [`${nameOf(3)}.partial`, "notes.txt"];
  for (const epoch of [1, 2, 3]) await checkpoints.write(at.event(epoch));
  assert.deepEqual(at.names(), [nameOf(2), nameOf(3), ...others]);
  // As after a fault of a device.
  await checkpoints.write(at.event(2, 1));
  assert.deepEqual(at.names(), [nameOf(2), nameOf(2, 1), ...others]);
  const state = await checkpoints.latest((message) => assert.fail(message));
  assert.equal(state!.progress.elapsedMs, 2);
});

Deno.test("what is said of damaged checkpoints is true, and where none is left none is gone on from", async () => {
  await using at = await workplace();
  const checkpoints = new Checkpoints(HeldFolder.at(at.run));
  const messages: string[] = [];
  const latest = () => checkpoints.latest((message) => messages.push(message));
  assert.equal(await latest(), null);
  await checkpoints.write(at.event(1));
  at.put(nameOf(2));
  assert.equal((await latest())!.progress.elapsedMs, 1);
  assert.match(
    messages.join("\n"),
    /^Cannot [^\n]*batch-0000000\.safetensors[^\n]*before it is used$/,
  );
  at.put(nameOf(1));
  messages.length = 0;
  await assert.rejects(latest, (error: Error) => {
    assert.equal(error.name, "UsageError");
    assert.match(error.message, /: no checkpoint in it can be used; remove that folder to/);
    return true;
  });
  assert.equal(messages.length, 2);
  assert.doesNotMatch(messages.join(), /is used/);
});

Deno.test("a checkpoint with a number that is not finite is neither written nor gone on from", async () => {
  await using at = await workplace();
  const checkpoints = new Checkpoints(HeldFolder.at(at.run));
  await checkpoints.write(at.event(1));
  for (const value of [NaN, Infinity, -Infinity]) {
    const { state, ...event } = at.event(2, 1);
    const weights = state.tensors.get("layers.1.weight")!.slice();
    weights[3] = value;
    const bad = { ...state, tensors: new Map([...state.tensors, ["layers.1.weight", weights]]) };
    await assert.rejects(
      () => checkpoints.write({ ...event, state: bad }),
      new RegExp(
        "^WeftError: Cannot keep a checkpoint of epoch 2, batch 1: " +
          `tensor "layers\\.1\\.weight" is ${value} at \\[3\\], and must be finite$`,
      ),
    );
    assert.deepEqual(at.names(), [nameOf(1)], "the one before it stays");
    // One of an earlier version, which wrote them.
    await Deno.writeFile(`${at.path}/${nameOf(2, 1)}`, await encodeState(bad));
    const messages: string[] = [];
    const left = await checkpoints.latest((message) => messages.push(message));
    assert.equal(left!.progress.elapsedMs, 1);
    assert.equal(messages.length, 1);
    assert.match(
      messages[0],
      /^Cannot resume from \S+: tensor "layers\.1\.weight" is \S+ at \[3\].*; the checkpoint before/,
    );
    await Deno.remove(`${at.path}/${nameOf(2, 1)}`);
  }
});

testUnless(NO_UNIX, "checkpoints that cannot be read are not taken for none", async () => {
  await using at = await workplace();
  Deno.writeTextFileSync(at.path, "no folder");
  await assert.rejects(
    () => new Checkpoints(HeldFolder.at(at.run)).latest(() => {}),
    /^WeftError: Cannot read the checkpoints in /,
  );
});

testUnless(NO_UNIX, "a folder of checkpoints that is a link is refused", async () => {
  await using at = await workplace();
  const elsewhere = `${at.run}/elsewhere`;
  Deno.mkdirSync(elsewhere);
  Deno.writeTextFileSync(`${elsewhere}/${nameOf(9)}`, "precious");
  Deno.symlinkSync(elsewhere, at.path);
  const checkpoints = new Checkpoints(HeldFolder.at(at.run));
  const expected = /^WeftError: Cannot keep checkpoints in .*: it is a link; put a folder/;
  await assert.rejects(() => checkpoints.write(at.event(1)), expected);
  await assert.rejects(() => checkpoints.latest(() => {}), expected);
  assert.deepEqual(at.names(), [nameOf(9)]);
});

Deno.test("the log is on the disk before the checkpoint is, and its times continue", async () => {
  await using at = await workplace();
  const path = `${at.run}/log.jsonl`;
  const file = Deno.openSync(path, { createNew: true, append: true });
  const log = new RunLogWriter(path, file);
  log.write(sampleRun);
  log.write(sampleEpoch(1));
  const { state } = at.event(1);
  using recorder = new RunRecorder({
    name: {
      folder: { name: "run", path: at.run },
      record: sampleRun,
      epochs: [sampleEpoch(1)],
      log,
      state,
      elapsedMs: 1e6,
      [Symbol.dispose]: () => {},
    },
    startedAt: new Date(),
    config: {},
    dataset: sampleRun.dataset,
  });
  const environment = { ...sampleRun.environment, backend: "wasm", simd: "strict" } as const;
  const beginning = { parameters: 1, trainRows: 1, validationRows: 1, batches: 1, environment };
  recorder.start({ type: "resume", epoch: 1, batch: 0, ...beginning });
  const synced: (readonly string[])[] = [];
  const sync = file.syncDataSync.bind(file);
  file.syncDataSync = () => {
    synced.push([...Deno.readDirSync(at.run)].map(({ name }) => name));
    sync();
  };
  await recorder.checkpoint(at.event(2), (message) => assert.fail(message));
  assert.deepEqual(synced, [["log.jsonl"]], "once, when there is no checkpoint yet");
  assert.deepEqual(at.names(), [nameOf(2)]);
  recorder.fail(new Error("lost"));
  assert(parseRunLog(Deno.readFileSync(path)).end!.totalMs! >= 1e6);
});
