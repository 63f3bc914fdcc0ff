import assert from "node:assert/strict";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import { parseRunLog } from "../run/reader.ts";
import { sampleRun } from "../../../tests/samples/records.ts";
import type { TrialMark } from "../run/records.ts";
import { clearUnfinished, isTrial, startTrial } from "./trial_folder.ts";

const mark: TrialMark = { search: "5f3c1d6e-0b6a-4c55-9a58-3f0d6f5b2a11", trial: 2 };
const record = { ...sampleRun, name: "s-002", trial: mark };

const namesIn = (path: string) => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();

Deno.test("a trial's folder comes to be with the record that says whose it is", async () => {
  await using root = await temporaryFolder();
  const { folder, log } = startTrial(root.path, record, mark);
  using _log = log;
  assert.deepEqual(namesIn(root.path), ["s-002"]);
  assert.deepEqual(namesIn(folder.path), ["log.jsonl"]);
  const { run } = parseRunLog(Deno.readFileSync(`${folder.path}/log.jsonl`));
  assert.deepEqual(run, record);
  assert(isTrial(run!, "s-002", mark));
  assert(!isTrial(run!, "s-003", mark), "a copy is not the trial's");
  assert(!isTrial(run!, "s-002", { ...mark, trial: 3 }));
  assert(!isTrial(run!, "s-002", { ...mark, search: crypto.randomUUID() }));
  assert(
    !isTrial({ ...record, trial: undefined }, "s-002", mark),
    "a run that is no trial has no mark",
  );
});

Deno.test("a name that is taken stays what it is, whatever has it", async () => {
  await using root = await temporaryFolder();
  const path = `${root.path}/s-002`;
  const refused = () => {
    assert.throws(
      () => startTrial(root.path, record, mark),
      /^UsageError: Cannot start a run named/,
    );
    assert.deepEqual(namesIn(root.path), ["s-002"]);
  };
  await Deno.mkdir(path); // Which a rename would replace.
  const before = Deno.statSync(path).ino;
  refused();
  assert.equal(Deno.statSync(path).ino, before);
  await Deno.remove(path);
  await Deno.writeTextFile(path, "a file");
  refused();
  assert.equal(await Deno.readTextFile(path), "a file");
  if (Deno.build.os === "windows") return;
  await Deno.remove(path);
  await Deno.symlink("nowhere", path);
  refused();
});

Deno.test("only what this trial left unfinished is cleared, and only if nothing else is in it", async () => {
  await using root = await temporaryFolder();
  const make = async (name: string, ...files: string[]) => {
    await Deno.mkdir(`${root.path}/${name}`);
    for (const file of files) await Deno.writeTextFile(`${root.path}/${name}/${file}`, "");
  };
  const own = `.s-002.${mark.search}.2`;
  await make(`.s-002.${mark.search}.3`, "log.jsonl");
  await make(`.s-002.${crypto.randomUUID()}.2`, "log.jsonl");
  await make("s-002", "log.jsonl");
  const others = namesIn(root.path);
  for (const files of [[], ["log.jsonl"]]) {
    await make(own, ...files);
    clearUnfinished(root.path, "s-002", mark);
    assert.deepEqual(namesIn(root.path), others);
  }
  await make(own, "log.jsonl", "thesis.txt");
  clearUnfinished(root.path, "s-002", mark);
  assert.deepEqual(namesIn(`${root.path}/${own}`), ["log.jsonl", "thesis.txt"]);
});
