/** Logs of strangers: whatever lies below the folder of runs, pages stay up, say what is wrong, and stay small. */

import assert from "node:assert/strict";
import { MAX_COMPARISON_LENGTH } from "../../lib/run_log/comparison/comparison.ts";
import { MAX_LINE_LENGTH } from "../../lib/run_log/run/reader.ts";
import { sampleComparison } from "../samples/comparison.ts";
import { decodeCurves } from "../../dashboard/shared/curves.ts";
import type { RunDetail, RunSummary } from "../../dashboard/shared/types.ts";
import { MAX_RUNS } from "../../dashboard/store/run_store.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd, toLines } from "../support/dashboard.ts";
import { eventually } from "../support/eventually.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";

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

Deno.test("of more runs than a list can hold the newest are listed, the rest is counted, and each has its page", async () => {
  await using runs = await RunsFolder.create();
  const log = (name: string) => toLines(runNamed(name), ...epochs(1, 1), theEnd);
  const changed = (name: string, minute: number) =>
    Deno.utimeSync(`${runs.path}/runs/${name}`, minute * 60, minute * 60);
  // Sorts before the others by its name, and after them by its time; two are older than all others.
  for (let i = 0; i < MAX_RUNS + 1; i++) {
    const name = `exp-${String(i).padStart(5, "0")}`;
    runs.write(name, log(name));
    changed(name, i === 1000 || i === 2000 ? 1 : 2 + i);
  }
  const newest = "2030-01-01_000000_small";
  runs.write(newest, log(newest));
  changed(newest, 1e6);
  await using dashboard = await Dashboard.start(runs.path);
  const listed = (await dashboard.json<RunSummary[]>("/api/runs")).map(({ name }) => name);
  assert.equal(listed.length, MAX_RUNS);
  assert(listed.includes(newest));
  assert(!listed.includes("exp-01000") && !listed.includes("exp-02000"));
  assert.match(
    await (await dashboard.fetch("/")).text(),
    /; 2<!-- --> older ones are left out|; 2 older ones are left out/,
  );
  for (const name of [newest, "exp-01000", "exp-02000", "exp-00000"]) {
    const { run } = await dashboard.json<RunDetail>(`/api/runs/${name}`);
    assert.equal(run?.name, name);
    assert.equal((await dashboard.fetch(`/runs/${name}`)).status, 200);
  }
  assert.equal((await dashboard.fetch("/api/runs/exp-99999")).status, 404);

  // A run that is resumed is among the newest, and one that is removed makes room.
  changed("exp-01000", 2e6);
  Deno.removeSync(`${runs.path}/runs/exp-00000`, { recursive: true });
  await eventually(
    async () => (await dashboard.json<RunSummary[]>("/api/runs")).map(({ name }) => name),
    (names) => names.includes("exp-01000") && !names.includes("exp-00000"),
  );
  assert.match(await (await dashboard.fetch("/")).text(), /one is left out/);
});

Deno.test("a folder of runs that cannot be read for now loses no run that is known", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 1), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  assert.equal((await dashboard.json<RunSummary[]>("/api/runs")).length, 1);
  Deno.renameSync(`${runs.path}/runs`, `${runs.path}/away`);
  Deno.writeTextFileSync(`${runs.path}/runs`, "no folder");
  const page = await eventually(
    async () => await (await dashboard.fetch("/")).text(),
    (html) => html.includes('role="alert"'),
  );
  assert.match(page, /the folder of runs cannot be read/);
  assert.equal((await dashboard.json<RunSummary[]>("/api/runs")).length, 1);
});

Deno.test("options that are called as what every object inherits are shown where a log has them, and nowhere else", async () => {
  await using runs = await RunsFolder.create();
  const odd = {
    toString: "x",
    valueOf: 1,
    constructor: "y",
    hasOwnProperty: 2,
    ["__proto__"]: "z",
  };
  const config = JSON.parse(JSON.stringify({ ...runNamed("odd").config, ...odd }));
  runs.write("odd", { ...runNamed("odd"), config }, ...epochs(1, 1), theEnd);
  runs.write("plain", runNamed("plain"), ...epochs(1, 1), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/compare?runs=odd,plain", "/compare?runs=plain,odd", "/runs/odd", "/"]) {
    const html = await (await dashboard.fetch(path)).text();
    assert.doesNotMatch(html, /function|native code|\[object Object\]/, path);
  }
  const html = await (await dashboard.fetch("/compare?runs=odd,plain")).text();
  assert.match(html, /toString[^]*?<\/th><td>x<\/td><td>–<\/td>/);
});

Deno.test("comparisons and searches of any length leave the server quick and small", async () => {
  await using runs = await RunsFolder.create();
  const [contender] = sampleComparison.contenders;
  const kernel = { ...contender.kernels[0], kernel: "k".repeat(700) };
  const long = JSON.stringify({
    ...sampleComparison,
    contenders: Array.from({ length: 4 }, (_, i) => ({
      ...contender,
      label: `c${i}`,
      kernels: Array.from({ length: 900 }, () => kernel),
    })),
  });
  assert(long.length < MAX_COMPARISON_LENGTH && long.length > MAX_COMPARISON_LENGTH / 2);
  for (let i = 0; i < 20; i++) {
    Deno.mkdirSync(`${runs.path}/runs/c${i}`);
    Deno.writeTextFileSync(runs.file(`c${i}`, "compare.json"), long);
    Deno.utimeSync(runs.file(`c${i}`, "compare.json"), i * 60, i * 60);
  }
  await using dashboard = await Dashboard.start(runs.path);
  const pages = await Promise.all(
    [1, 2, 3].map(async () => await (await dashboard.fetch("/backends")).text()),
  );
  assert(pages[0].length < 2 * MAX_COMPARISON_LENGTH, `${pages[0].length} bytes`);
  assert.deepEqual(new Set(pages).size, 1);
  assert.match(pages[0], /Further comparisons: <a href="\/backends\?name=c18">c18<\/a>/);
  const older = await (await dashboard.fetch("/backends?name=c3")).text();
  assert.match(older, /<b>c3<\/b>/);
  assert.match(older, /href="\/backends\?name=c19"/);
  assert.match(await (await dashboard.fetch("/backends?name=none")).text(), /No comparison yet/);
  await assertSmall(dashboard);
});
