/** Runs that belong together: the series of `--seeds` and `--folds`, and the trials of searches. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { runAddress, seriesAddress } from "../../dashboard/shared/positions.ts";
import type { Groups } from "../../dashboard/shared/types.ts";
import type { Summary, SummaryRun } from "../../lib/run_log/summary/summary.ts";
import { axeFindings } from "../support/axe.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";
import { writeJson } from "./sample_runs.ts";
import { sampleSearch } from "../samples/search.ts";

const NONE = { count: 0, mean: null, standardDeviation: null, least: null, most: null };

function seriesOf(name: string, accuracies: readonly number[]): Summary {
  const run = (accuracy: number, i: number): SummaryRun => ({
    name: `${name}-seed-${i + 1}`,
    seed: i + 1,
    fold: null,
    status: "completed",
    epochs: 3,
    bestEpoch: null,
    validationLoss: null,
    validationAccuracy: null,
    testLoss: null,
    testAccuracy: accuracy,
  });
  const mean = accuracies.reduce((a, b) => a + b) / accuracies.length;
  const testAccuracy = {
    count: accuracies.length,
    mean,
    standardDeviation: 0.0125,
    least: Math.min(...accuracies),
    most: Math.max(...accuracies),
  };
  return {
    type: "summary",
    schema: 1,
    name,
    kind: "seeds",
    status: "completed",
    startedAt: "2026-11-25T10:00:00.000Z",
    config: { preset: "baseline" },
    runCount: accuracies.length,
    runs: accuracies.map(run),
    statistics: {
      validationLoss: NONE,
      validationAccuracy: NONE,
      testLoss: NONE,
      testAccuracy,
    },
  };
}

browserTest("a series has a page with its mean and deviation, and its runs' curves", async (it) => {
  await using runs = await RunsFolder.create();
  const root = join(runs.path, "runs");
  const series = seriesOf("many", [0.8, 0.84]);
  await writeJson(root, "many", "summary.json", series);
  for (const { name } of series.runs) runs.write(name, runNamed(name), ...epochs(1, 3), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  // By the name that the command line has said.
  const page = await it.open(dashboard.address + runAddress("many"));
  assert.equal(new URL(page.url()).pathname, seriesAddress("many"));
  await chartsDrawn(page);
  const rows = await page.locator(".numbers tbody tr").allTextContents();
  assert.deepEqual(rows, [
    "seed 13–80.00\u00a0%",
    "seed 23–84.00\u00a0%",
    "mean82.00\u00a0%",
    "deviation1.25\u00a0%",
  ]);
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("link", { name: "seed 2", exact: true }).click();
  await page.getByRole("heading", { name: "many-seed-2", level: 1 }).waitFor();
  await chartsDrawn(page);
});

Deno.test("what belongs together is known, and which trials were dropped", async () => {
  await using runs = await RunsFolder.create();
  const root = join(runs.path, "runs");
  await writeJson(root, "wide", "search.json", sampleSearch);
  await writeJson(root, "many", "summary.json", seriesOf("many", [0.8]));
  await writeJson(root, "broken", "summary.json", { type: "summary" });
  const names = ["wide-001", "wide-003", "many-seed-1", "many-seed-7", "many-seed-x", "alone"];
  for (const name of names) runs.write(name, runNamed(name), ...epochs(1, 1), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const { groups, of, dropped } = await dashboard.json<Groups>("/api/groups");
  const groupOf = (name: string) => groups[of[name]] ?? null;
  assert.deepEqual(groupOf("wide-001"), { kind: "search", name: "wide" });
  assert.deepEqual(groupOf("many-seed-7"), { kind: "seeds", name: "many" }, "it is under way");
  assert.deepEqual([groupOf("many-seed-x"), groupOf("alone")], [null, null]);
  assert.deepEqual(dropped, ["wide-001"]);
});

Deno.test("a series that is not there, or cannot be shown, is said", async () => {
  await using runs = await RunsFolder.create();
  await writeJson(join(runs.path, "runs"), "broken", "summary.json", { type: "summary" });
  await using dashboard = await Dashboard.start(runs.path);
  const broken = await (await dashboard.fetch(seriesAddress("broken"))).text();
  assert.match(broken, /This series cannot be shown: schema must be a whole number/);
  const nothing = await dashboard.fetch(seriesAddress("nothing"));
  assert.equal(nothing.status, 404);
  assert.match(await nothing.text(), /There is no series of runs called <code>nothing<\/code>/);
});
