/** Logs of strangers: whatever lies below the folder of runs, pages stay up, say what is wrong, and stay small. */

import assert from "node:assert/strict";
import { MAX_LINE_LENGTH } from "../lib/run_log/reader.ts";
import { decodeCurves } from "../dashboard/shared/curves.ts";
import type { RunDetail, RunSummary } from "../dashboard/shared/types.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd, toLines } from "./dashboard.ts";
import { eventually } from "./eventually.ts";
import { NO_UNIX, testUnless } from "./cli.ts";

/** What the whole server may hold of the machine's memory. */
const MOST_MEGABYTES = 150;

/** Makes the file longer without writing: what was not written reads as zeros. */
function stretch(path: string, bytes: number): void {
  Deno.truncateSync(path, bytes);
}

/** What a run's page gets when the log has been read to its end. */
function wholeDetail(dashboard: Dashboard, name: string): Promise<RunDetail> {
  return eventually(
    () => dashboard.json<RunDetail>(`/api/runs/${name}`),
    ({ problems }) => !problems.some(({ message }) => message.includes("so far")),
  );
}

/** The server's memory stays below the limit, where it can be asked for. */
async function assertSmall(dashboard: Dashboard): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const megabytes = await dashboard.megabytes();
  assert(megabytes < MOST_MEGABYTES, `${megabytes} MB`);
}

/** Messages of problems that a run's page shows. */
function messages({ problems }: RunDetail): string[] {
  return problems.map(({ line, message }) => `${line}: ${message}`);
}

testUnless(NO_UNIX, "a log of any size is read in part, and the server stays small", async () => {
  await using runs = await RunsFolder.create();
  const gigabyte = 1e9;
  runs.write("zeros");
  stretch(runs.file("zeros"), gigabyte);
  runs.write("begins_well", runNamed("begins_well"), ...epochs(1, 3));
  stretch(runs.file("begins_well"), gigabyte);
  runs.write("long_line", runNamed("long_line"), ...epochs(1, 2));
  stretch(runs.file("long_line"), 1e8);
  runs.append("long_line", "\n", ...epochs(3, 3), theEnd);
  runs.write("brackets", runNamed("brackets"), ...epochs(1, 1));
  for (const [open, close] of [["[", "]"], ['{"a":', "}"], ["[", ""], ["[{},", ""]]) {
    const depth = Math.floor((MAX_LINE_LENGTH - 2) / (open.length + close.length));
    runs.append("brackets", open.repeat(depth), close.repeat(depth), "\n");
  }
  runs.append("brackets", ...epochs(2, 2));
  runs.write("bad_lines", runNamed("bad_lines"), "x\n".repeat(500_000), ...epochs(1, 1));
  await using dashboard = await Dashboard.start(runs.path);

  assert.equal((await dashboard.json<RunSummary[]>("/api/runs")).length, 5);

  assert.deepEqual(messages(await wholeDetail(dashboard, "zeros")), [
    "0: the log has no usable run record",
    `0: the log has ${gigabyte} bytes; the first ${512 * 1024 * 1024} are read`,
    `0: its last line has ${512 * 1024 * 1024} bytes and no end`,
  ]);
  const begins = await wholeDetail(dashboard, "begins_well");
  assert.deepEqual(begins.epochs, epochs(1, 3));
  assert.match(messages(begins)[0], /^0: the log has \d+ bytes; the first \d+ are read$/);
  const longLine = await wholeDetail(dashboard, "long_line");
  assert.deepEqual(longLine.epochs, epochs(1, 3));
  assert.equal(longLine.end?.status, "completed");
  assert.match(
    messages(longLine).join(),
    /^4: it is \d+ characters long; the longest that is read is \d+$/,
  );
  const brackets = await wholeDetail(dashboard, "brackets");
  assert.deepEqual(brackets.epochs, epochs(1, 2));
  assert.deepEqual(brackets.problems.map(({ line }) => line), [3, 4, 5, 6]);
  const badLines = await wholeDetail(dashboard, "bad_lines");
  assert.equal(badLines.problems.length, 100);
  assert.deepEqual(badLines.epochs, epochs(1, 1));

  for (
    const path of ["/", "/runs/zeros", "/runs/brackets", "/compare?runs=zeros,long_line,bad_lines"]
  ) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
  }
  await assertSmall(dashboard);
});

Deno.test("more epochs than are kept are thinned out, and it is said", async () => {
  await using runs = await RunsFolder.create();
  const count = 210_000;
  runs.write("many", runNamed("many"));
  for (let first = 1; first <= count; first += 10_000) {
    runs.append("many", ...epochs(first, first + 9999));
  }
  await using dashboard = await Dashboard.start(runs.path);
  const detail = await wholeDetail(dashboard, "many");
  assert.deepEqual(messages(detail), [`0: it has ${count} epochs; curves show one of 2`]);
  assert.equal(detail.epochCount, count);
  assert.equal(detail.epochs.at(-1)?.epoch, count);
  const bytes = await (await dashboard.fetch("/api/runs/many/curves")).arrayBuffer();
  assert.equal(decodeCurves(bytes).epoch.length, count / 2);
  await assertSmall(dashboard);
});

testUnless(NO_UNIX, "what is no ordinary file of a run is not opened, and it is said", async () => {
  await using runs = await RunsFolder.create();
  await using elsewhere = await RunsFolder.create();
  const secret = toLines(runNamed("secret"), ...epochs(1, 1));
  Deno.writeTextFileSync(`${elsewhere.path}/log.jsonl`, secret);
  const folder = (name: string) => Deno.mkdirSync(`${runs.path}/runs/${name}`);
  ["link", "folder", "nothing", "pipe", "wrong"].forEach(folder);
  Deno.symlinkSync(elsewhere.path, `${runs.path}/runs/linked`);
  Deno.symlinkSync(`${elsewhere.path}/log.jsonl`, runs.file("link"));
  Deno.mkdirSync(runs.file("folder"));
  await new Deno.Command("mkfifo", { args: [runs.file("pipe")] }).output();
  runs.write("wrong", { type: "run", schema: "one" }, ...epochs(1, 1));
  runs.write("empty");
  Deno.writeTextFileSync(`${runs.path}/runs/notes.txt`, "no run");
  folder(".hidden");
  await using dashboard = await Dashboard.start(runs.path);

  const expected: Record<string, string> = {
    empty: "0: the log is empty",
    folder: "0: log.jsonl is not a file",
    link: "0: log.jsonl is a symbolic link, which is not followed",
    linked: "0: linked is a symbolic link, which is not followed",
    nothing: "0: it has no log.jsonl",
    pipe: "0: log.jsonl is not a file",
    wrong: "0: the log has no usable run record",
  };
  const summaries = await dashboard.json<RunSummary[]>("/api/runs");
  assert.deepEqual(summaries.map(({ name }) => name).sort(), Object.keys(expected));
  for (const [name, message] of Object.entries(expected)) {
    const detail = await dashboard.json<RunDetail>(`/api/runs/${name}`);
    assert.equal(detail.state, "unreadable", name);
    assert.equal(messages(detail)[0], message);
    const page = await dashboard.fetch(`/runs/${name}`);
    assert.equal(page.status, 200, name);
    assert.doesNotMatch(await page.text(), /secret/);
  }
});

Deno.test("a long list says the same of every log that says the same", async () => {
  await using runs = await RunsFolder.create();
  const thousand = toLines(...epochs(1, 1000), theEnd);
  for (let run = 0; run < 200; run++) runs.write(`run${run}`, runNamed(`run${run}`), thousand);
  await using dashboard = await Dashboard.start(runs.path);
  const summaries = await dashboard.json<RunSummary[]>("/api/runs");
  assert.equal(summaries.length, 200);
  const { name: _, ...summary } = summaries[0];
  for (const { name, ...other } of summaries) {
    // Some logs have been read whole by now, and of some a few places.
    assert.deepEqual({ ...other, sparkline: [] }, { ...summary, sparkline: [] }, name);
    assert.equal(other.state, "completed");
    assert.equal(other.epochs, 1000);
  }
  for (const path of ["/", "/runs/run7", "/compare?runs=run8,run9"]) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
  }
  await assertSmall(dashboard);
});
