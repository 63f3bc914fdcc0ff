/** The dashboard goes by what a run's record says is measured. */
import assert from "node:assert/strict";
import { columnsOf, decodeCurves } from "../../dashboard/shared/curves.ts";
import { TASKS } from "../../lib/mod.ts";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import { join } from "node:path";
import { axeFindings } from "../support/axe.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { TASK_RUNS, writeTaskRun } from "../support/task_runs.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

const { metrics } = TASKS.regression;

Deno.test("the page of a regression shows its metrics by name, and no accuracy", async () => {
  await using runs = await RunsFolder.create();
  const run = { ...runNamed("numbers"), schema: 2, task: "regression", metrics };
  const learned = epochs(1, 3).map(({ trainAccuracy: _, validationAccuracy: __, ...epoch }) => ({
    ...epoch,
    train: { rmse: 60 - epoch.epoch, mae: 50, r2: 0.1 * epoch.epoch },
    validation: { rmse: 70, mae: 55, r2: null },
  }));
  const { confusionMatrix: _, perClass: __, ...end } = theEnd;
  const test = { loss: 0.5, rmse: 54.125, mae: 43, r2: 0.51 };
  runs.write("numbers", run, ...learned, { ...end, validation: test, test });
  await using dashboard = await Dashboard.start(runs.path);
  const html = await (await dashboard.fetch("/runs/numbers")).text();
  for (const { label } of metrics) assert.match(html, new RegExp(`<h2 [^>]*>${label}</h2>`));
  assert.match(html, /<dt>Test RMSE<\/dt><dd>54\.1250<\/dd>/);
  const shown = html.replace(/<script[^>]*>.*?<\/script>/gs, "");
  assert.doesNotMatch(shown, /accuracy|Cross-entropy/i);
  const response = await dashboard.fetch("/api/runs/numbers/curves");
  const curves = decodeCurves(await response.arrayBuffer(), columnsOf({ metrics }));
  assert.deepEqual([...curves["train.rmse"]], [59, 58, 57]);
  assert.deepEqual([...curves["validation.r2"]], [NaN, NaN, NaN]);
  assert.deepEqual([...curves.trainAccuracy], [NaN, NaN, NaN]);
});

/** What the page of each task has besides its curves. */
const PARTS: Readonly<Record<string, { readonly figures: string[]; readonly regions: string[] }>> =
  {
    passengers: {
      figures: ["Loss", "Accuracy", "Precision", "Recall", "F1", "ROC AUC", "PR AUC"],
      regions: ["Table of metrics", "Table of classes", "Table of confusions"],
    },
    tags: {
      figures: ["Loss", "Micro F1", "Macro F1", "Subset accuracy"],
      regions: ["Table of metrics", "Table of labels"],
    },
    diabetes: { figures: ["Loss", "RMSE", "MAE", "R2"], regions: ["Table of metrics"] },
  };

browserTest(
  "runs of every task are listed, compared, and have pages of their own",
  async (browser) => {
    await using runs = await RunsFolder.create();
    for (const name of Object.keys(TASK_RUNS)) await writeTaskRun(join(runs.path, "runs"), name);
    await using dashboard = await Dashboard.start(runs.path);
    const looks = [
      { colorScheme: "light", viewport: { width: 1280, height: 900 } },
      { colorScheme: "dark", viewport: { width: 390, height: 844 } },
    ] as const;
    const names = Object.keys(PARTS);
    for (const look of looks) {
      for (const path of ["/", compareAddress(names), ...names.map(runAddress)]) {
        const page = await browser.open(dashboard.address + path, look);
        if (path !== "/") await chartsDrawn(page);
        const findings = await axeFindings(page, look.colorScheme === "dark");
        assert.deepEqual(findings, [], `${path} ${look.colorScheme}`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= look.viewport.width, `${path} is ${width} pixels wide`);
        await page.close();
      }
    }
    for (const [name, { figures, regions }] of Object.entries(PARTS)) {
      const page = await browser.open(dashboard.address + runAddress(name));
      assert.deepEqual(await page.locator(".chart h2").allTextContents(), figures);
      await page.getByRole("tab").nth(1).click();
      for (const region of regions) await page.getByRole("region", { name: region }).waitFor();
      await page.close();
    }
    const page = await browser.open(dashboard.address + runAddress("diabetes") + "?tab=results");
    const scatter = page.getByRole("img", { name: /^110 rows of the test set: half of the pred/ });
    assert.equal(await scatter.locator("circle").count(), 110);
    await page.goto(dashboard.address + "/");
    const heads = await page.locator(".runs thead button").allTextContents();
    for (const metric of ["RMSE", "micro F1", "accuracy"]) {
      for (const part of ["Validation", "Test"]) {
        assert(heads.some((head) => head.startsWith(`${part} ${metric}`)), `${part} ${metric}`);
      }
    }
  },
);
