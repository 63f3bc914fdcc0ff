import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { decodeCurves } from "../../dashboard/shared/curves.ts";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import type { RunDetail, RunSummary } from "../../dashboard/shared/types.ts";
import { MAX_COMPARISON_LENGTH } from "../../lib/run_log/comparison/comparison.ts";
import { sampleComparison } from "../samples/comparison.ts";
import {
  Dashboard,
  epochs,
  runNamed,
  RunsFolder,
  startDashboard,
  theEnd,
} from "../support/dashboard.ts";
import { decode } from "../support/cli.ts";

/** The properties that a page gives to its islands. */
function islandProps(html: string): Record<string, unknown>[] {
  const json = /<script type="application\/json" id="island-props">(.*?)<\/script>/s.exec(html);
  return json ? JSON.parse(json[1]) : [];
}

Deno.test("every page is rendered with what its islands show, and loads modules that exist", async () => {
  await using runs = await RunsFolder.create();
  runs.write("first", runNamed("first"), ...epochs(1, 3), theEnd);
  runs.write("second", runNamed("second", "2026-11-24T10:00:00.000Z"), ...epochs(1, 2));
  await using dashboard = await Dashboard.start(runs.path);
  const pages = {
    "/": (props: Record<string, unknown>) =>
      assert.deepEqual((props.runs as RunSummary[]).map(({ name }) => name), ["second", "first"]),
    [runAddress("first")]: (props: Record<string, unknown>) => {
      assert.equal((props.detail as RunDetail).epochs.length, 3);
      assert.equal(props.hasInspection, false);
    },
    [compareAddress(["first", "second"])]: (props: Record<string, unknown>) =>
      assert.deepEqual((props.details as RunDetail[]).map(({ name }) => name), ["first", "second"]),
    "/backends": (props: Record<string, unknown>) => assert.deepEqual(props.comparisons, []),
  };
  for (const [path, check] of Object.entries(pages)) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await response.text();
    assert.match(html, /^<!DOCTYPE html><html lang="en">/);
    const props = islandProps(html);
    assert.equal(props.length, 1, path);
    check(props[0]);
    const modules = [...html.matchAll(/(?:src|href|data-island)="(\/build\/[^"]+)"/g)];
    assert(modules.length >= 3, path);
    for (const [, module] of modules) {
      const { status, headers, body } = await dashboard.fetch(module);
      await body?.cancel();
      assert.equal(status, 200, module);
      assert.equal(headers.get("content-type"), "text/javascript; charset=utf-8");
      assert.match(headers.get("cache-control")!, /immutable/);
    }
  }
});

Deno.test("data comes as JSON and as columns", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 1500), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const [summary] = await dashboard.json<RunSummary[]>("/api/runs");
  const { trainLoss } = epochs(1500, 1500)[0];
  assert.deepEqual({ ...summary, sparkline: summary.sparkline.length }, {
    name: "a",
    state: "completed",
    startedAt: "2026-11-23T10:31:07.000Z",
    preset: "baseline",
    backend: "wasm",
    threads: 1,
    adapter: null,
    options: { json: false },
    epochs: 1500,
    epochsAsked: null,
    trainLoss,
    measured: { epoch: 1500, isSaved: true },
    validation: { loss: theEnd.validationLoss, accuracy: theEnd.validationAccuracy },
    test: { loss: theEnd.testLoss, accuracy: theEnd.testAccuracy },
    samplesPerSecond: epochs(1500, 1500)[0].samplesPerSecond,
    durationMs: theEnd.totalMs,
    sparkline: summary.sparkline.length,
    problems: 0,
  });
  assert(summary.sparkline.length > 10 && summary.sparkline.length <= 60);
  const detail = await dashboard.json<RunDetail>("/api/runs/a");
  assert.deepEqual(detail.epochs, epochs(501, 1500), "the last thousand");
  assert.equal(detail.epochCount, 1500);
  assert.equal(detail.offset, Deno.statSync(runs.file("a")).size);
  assert.deepEqual(detail.end, theEnd);
  const page = await (await dashboard.fetch("/runs/a")).text();
  assert.match(page, /<link rel="preload" as="fetch" href="\/api\/runs\/a\/curves"/);
  const response = await dashboard.fetch("/api/runs/a/curves");
  const curves = decodeCurves(await response.arrayBuffer());
  assert.deepEqual(Array.from(curves.trainLoss), epochs(1, 1500).map(({ trainLoss }) => trainLoss));
  assert.deepEqual(Array.from(curves.epoch), epochs(1, 1500).map(({ epoch }) => epoch));
});

Deno.test("what is not there is said, as a page or as JSON", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"));
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/nothing", "/runs/nothing", "/runs/", "/runs/a/b"]) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 404, path);
    assert.match(await response.text(), /<a href="\/">All runs<\/a>/, path);
  }
  for (
    const path of ["/api/nothing", "/api/runs/b", "/api/runs/b/curves", "/api/runs/b/inspection"]
  ) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 404, path);
    assert.match((await response.json()).error, /^there is no /, path);
  }
  const inspection = await dashboard.fetch("/api/runs/a/inspection");
  assert.deepEqual([inspection.status, await inspection.json()], [404, {
    error: "it has no inspection.json",
  }]);
  const compared = await (await dashboard.fetch("/compare?runs=a,b")).text();
  assert.match(compared, /There is no run called b\./);
});

Deno.test("the summary of several runs is no run, and a run without validation has a page", async () => {
  await using runs = await RunsFolder.create();
  const run = runNamed("all-seed-1");
  const none = { validationLoss: null, validationAccuracy: null };
  runs.write(
    "all-seed-1",
    { ...run, dataset: { ...run.dataset, validation: 0 } },
    ...epochs(1, 3).map((epoch) => ({ ...epoch, ...none })),
    { ...theEnd, ...none, bestEpoch: null },
  );
  Deno.mkdirSync(join(runs.path, "runs", "all"));
  Deno.writeTextFileSync(runs.file("all", "summary.json"), "{}");
  await using dashboard = await Dashboard.start(runs.path);
  const [{ runs: listed }] = islandProps(await (await dashboard.fetch("/")).text());
  assert.deepEqual((listed as RunSummary[]).map(({ name, state }) => [name, state]), [
    ["all-seed-1", "completed"],
  ]);
  const html = await (await dashboard.fetch(runAddress("all-seed-1"))).text();
  assert.match(html, /<dt>Validation loss<\/dt><dd>–<\/dd>/);
  const address = compareAddress(["all-seed-1"]);
  assert.equal((await dashboard.fetch(address)).status, 200);
});

Deno.test("comparisons are shown, the last first, and what cannot be shown is said", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 2), theEnd);
  const compared = (name: string, text: string, minute: number) => {
    Deno.mkdirSync(join(runs.path, "runs", name));
    const file = runs.file(name, "compare.json");
    Deno.writeTextFileSync(file, text);
    Deno.utimeSync(file, minute * 60, minute * 60);
  };
  compared("older", JSON.stringify(sampleComparison), 1);
  compared("newer", JSON.stringify(sampleComparison), 2);
  compared("broken", "<script>", 3);
  compared("huge", " ".repeat(MAX_COMPARISON_LENGTH + 1), 4);
  await using dashboard = await Dashboard.start(runs.path);
  const html = await (await dashboard.fetch("/backends")).text();
  const [{ comparisons }] = islandProps(html);
  assert.deepEqual(comparisons, [
    { ...sampleComparison, name: "newer" },
    { ...sampleComparison, name: "older" },
  ]);
  assert.match(html, /The comparison broken cannot be shown: it is not JSON\./);
  assert.match(html, /The comparison huge cannot be shown: compare\.json has 4194305 bytes/);
  // They are no runs.
  assert.deepEqual((await dashboard.json<RunSummary[]>("/api/runs")).map(({ name }) => name), [
    "a",
  ]);
});

Deno.test("a run's inspection is read, or it is said why not", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"));
  await using dashboard = await Dashboard.start(runs.path);
  const inspection = {
    type: "inspection",
    schema: 1,
    height: 1,
    width: 3,
    classNames: ["a", "b"],
    mistakes: [{ row: 7, trueClass: 0, predictedClass: 1, probability: 0.75, pixels: "AQID" }],
    mistakeCount: 9,
    units: [{ scale: 0.5, weights: "AYD/" }],
    unitCount: 100,
  };
  Deno.writeTextFileSync(runs.file("a", "inspection.json"), JSON.stringify(inspection));
  assert.deepEqual(await dashboard.json("/api/runs/a/inspection"), inspection);
  assert.match(await (await dashboard.fetch("/runs/a")).text(), /"hasInspection":true/);
  Deno.writeTextFileSync(runs.file("a", "inspection.json"), '{"type":"inspection"}');
  assert.match(
    (await dashboard.json<{ error: string }>("/api/runs/a/inspection")).error,
    /^schema must be/,
  );
});

Deno.test("without a folder of runs there are none, until there is one", async () => {
  await using runs = await RunsFolder.create();
  Deno.removeSync(join(runs.path, "runs"));
  await using dashboard = await Dashboard.start(runs.path);
  assert.deepEqual(await dashboard.json("/api/runs"), []);
  runs.write("a", runNamed("a"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await dashboard.json<RunSummary[]>("/api/runs"))[0].name, "a");
});

Deno.test("a port that is taken is said, and the next free one is used", async () => {
  await using runs = await RunsFolder.create();
  await using first = await Dashboard.start(runs.path);
  const port = new URL(first.address).port;
  await using second = await Dashboard.start(runs.path, "--port", port);
  assert.notEqual(second.address, first.address);
  assert(second.greeting.endsWith(`(port ${port} is taken)`), second.greeting);
  assert.deepEqual(await second.json("/api/runs"), []);
});

Deno.test("arguments that cannot be used are refused in a line", async () => {
  await using runs = await RunsFolder.create();
  for (const args of [["--port", "x"], ["--port", "70000"], ["--prot", "1"], ["extra"]]) {
    const { code, stdout, stderr } = decode(await startDashboard(runs.path, ...args).output());
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" }, args.join(" "));
    assert.match(stderr, /^error: [^\n]+\n$/, args.join(" "));
  }
  const alias = decode(await startDashboard(runs.path, "--", "--logdir", "x").output());
  assert.match(
    alias.stderr,
    /^error: unknown option '--logdir' \(Did you mean --runs\?\); see "deno task dashboard --help"\n$/,
  );
  const version = decode(await startDashboard(runs.path, "--version").output());
  assert.match(version.stdout, /^weft \d+\.\d+\.\d+\n$/);
  const help = decode(await startDashboard(runs.path, "--help").output());
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--port <n>/);
});

Deno.test("runs are shown from any folder that --runs names, relative to where the user stands", async () => {
  await using here = await RunsFolder.create();
  await using elsewhere = await RunsFolder.create();
  elsewhere.write("there", runNamed("there"), ...epochs(1, 1), theEnd);
  const folder = relative(here.path, join(elsewhere.path, "runs"));
  await using dashboard = await Dashboard.start(here.path, "--runs", folder);
  const runs = await dashboard.json("/api/runs") as { name: string }[];
  assert.deepEqual(runs.map(({ name }) => name), ["there"]);
});

Deno.test("a time of another zone is listed in UTC", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a", "2026-11-24T03:31:07+09:00"), ...epochs(1, 1), theEnd);
  runs.write("b", runNamed("b", "2026-11-23T20:00:00.000Z"), ...epochs(1, 1), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const listed = await dashboard.json("/api/runs") as { name: string; startedAt: string }[];
  assert.deepEqual(listed.map(({ name }) => name), ["b", "a"]);
  assert.equal(listed[1].startedAt, "2026-11-23T18:31:07.000Z");
});
