/** What earlier versions of Weft wrote is read as it was meant, and gone on from to the result that they came to. */
import assert from "node:assert/strict";
import golden from "../golden/kept_files.json" with { type: "json" };
import { predictProbabilities } from "../../lib/mod.ts";
import { decodeModel } from "../../lib/model/model_file.ts";
import { parseRunLog, type RunLog } from "../../lib/run_log/run/reader.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";
import { strictBackend } from "./guard_runs.ts";
import { digestOfRest, KEPT_FOLDER, keptData } from "./kept_files.ts";

const read = (name: string) => Deno.readFile(new URL(name, KEPT_FOLDER));

for (const [name, expected] of Object.entries(golden.states)) {
  Deno.test(`a checkpoint of an earlier version continues to the same bits: ${name}`, async () => {
    const bytes = await read(`checkpoint_${name}.safetensors`);
    assert.equal(await digestOfRest(bytes, 1), expected);
    assert.equal(await digestOfRest(bytes, 2), expected);
  });
}

for (const [name, expected] of Object.entries(golden.models)) {
  Deno.test(`a model of an earlier version predicts the same: ${name}`, async () => {
    using backend = await strictBackend(1);
    const model = decodeModel(await read(`model_${name}.safetensors`), name);
    const rows = await predictProbabilities(model, keptData().test.pixels, { backend });
    assert.deepEqual(rows.map((row) => [...row]), expected);
  });
}

/** The records of a log, as its lines are. */
async function recordsOf(name: string): Promise<Record<string, unknown>[]> {
  const lines = new TextDecoder().decode(await read(`log_${name}.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

for (const name of ["completed", "kept", "resumed", "diverged"]) {
  Deno.test(`a log of schema 1 is read with every field: ${name}`, async () => {
    const log = parseRunLog(await read(`log_${name}.jsonl`));
    const records = await recordsOf(name);
    const ofType = (type: string) => records.filter((record) => record.type === type);
    assert.deepEqual(log.problems, []);
    assert.deepEqual(log.run, ofType("run")[0]);
    assert.deepEqual(log.epochs, ofType("epoch"));
    assert.deepEqual(log.resumes, ofType("resume"));
    assert.deepEqual(log.end, ofType("end").at(-1));
  });
}

/** What must not depend on where and when a run was trained. */
function lasting({ epochs, end }: RunLog): unknown {
  const { totalMs: _, ...rest } = end!;
  return [
    epochs.map(({ epochMs: _1, elapsedMs: _2, samplesPerSecond: _3, phasesMs: _4, ...rest }) =>
      rest
    ),
    rest,
  ];
}

Deno.test("a run that an earlier version left continues to the model and the log that it came to", async () => {
  await using workplace = await Workplace.create();
  await Deno.mkdir(workplace.path("runs/kept/checkpoints"), { recursive: true });
  await Deno.writeFile(workplace.path("runs/kept/log.jsonl"), await read("log_kept.jsonl"));
  const checkpoint = "epoch-0000003-batch-0000000.safetensors";
  await Deno.writeFile(
    workplace.path(`runs/kept/checkpoints/${checkpoint}`),
    await read(`run_${checkpoint}`),
  );
  requireSuccess(await workplace.weft("train", "--resume", "kept"));
  const log = parseRunLog(await Deno.readFile(workplace.path("runs/kept/log.jsonl")));
  assert.deepEqual(lasting(log), lasting(parseRunLog(await read("log_resumed.jsonl"))));
  const model = await Deno.readFile(workplace.path("runs/kept/model.safetensors"));
  assert.deepEqual(
    decodeModel(model, "the model"),
    decodeModel(await read("model_resumed.safetensors"), "the model that is kept"),
  );
});
