/** What charts say of their lines, and that they keep to their place. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

/** Moves a slider as a hand does. */
async function slide(page: Page, name: string, value: number): Promise<void> {
  const slider = page.getByRole("slider", { name }).first();
  await slider.focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < value; i++) await page.keyboard.press("ArrowRight");
}

browserTest(
  "the legend of a smoothed line says what is drawn, and what was measured",
  async (it) => {
    await using runs = await RunsFolder.create();
    const [first, last] = epochs(1, 2);
    const losses = [{ ...first, trainLoss: 2 }, { ...last, trainLoss: 1 }];
    runs.write("a", runNamed("a"), ...losses, theEnd);
    await using dashboard = await Dashboard.start(runs.path);
    const page = await it.open(dashboard.address + runAddress("a"));
    await chartsDrawn(page);
    const line = page.locator(".chart").first().locator(".legend li").nth(1);
    assert.match((await line.textContent())!, /^Training1\.0000$/);
    await slide(page, "Smoothing", 1);
    // (0.25 * 2 + 0.5 * 1) / 0.75 with a weight of a half.
    await line.getByText("1.3333").waitFor();
    assert.equal(await line.textContent(), "Training1.3333measured 1.0000");
    const said = await page.locator(".chart-plot").first().getAttribute("aria-valuetext");
    assert.match(said!, /Training 1\.3333 smoothed, 1\.0000 measured/);
  },
);

browserTest("a name without a break keeps to its place", async (it) => {
  await using runs = await RunsFolder.create();
  const names = ["x".repeat(200), "y".repeat(200)];
  for (const name of names) runs.write(name, runNamed(name), ...epochs(1, 3), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  for (const width of [1440, 390]) {
    const viewport = { width, height: 900 };
    const page = await it.open(dashboard.address + compareAddress(names), { viewport });
    await chartsDrawn(page);
    const found = await page.evaluate(() => {
      const right = (element: Element) => element.getBoundingClientRect().right;
      const over = [...document.querySelectorAll(".chart")].some((chart) =>
        [...chart.querySelectorAll(".legend li")].some((line) => right(line) > right(chart))
      );
      return [document.documentElement.scrollWidth, over];
    });
    assert.deepEqual(found, [width, false]);
  }
});

browserTest("a run keeps its color while others come and go", async (it) => {
  await using runs = await RunsFolder.create();
  for (const name of ["a", "b", "c"]) runs.write(name, runNamed(name), ...epochs(1, 3), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address);
  for (const name of ["c", "a", "b"]) {
    await page.getByLabel(`Compare ${name}`, { exact: true }).check();
  }
  const row = page.locator(".runs tbody tr", { hasText: "a" });
  const colorOf = (name: string) =>
    page.locator(".compare thead th", { hasText: name }).locator(".line-sample").getAttribute(
      "class",
    );
  await row.locator(".sparkline.series-1").waitFor();
  await page.getByLabel("Compare c", { exact: true }).uncheck();
  await row.locator(".sparkline.series-1").waitFor();
  await page.getByRole("link", { name: "Compare 2 runs" }).click();
  await page.waitForURL("**/compare?**");
  assert.match(await colorOf("a") ?? "", /series-1$/);
  assert.match(await colorOf("b") ?? "", /series-2$/);
  await page.reload();
  assert.match(await colorOf("a") ?? "", /series-1$/);
});

/** Points at the middle of a chart. */
async function pointInto(page: Page, chart: number): Promise<void> {
  const box = (await page.locator(".chart-plot").nth(chart).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

browserTest("charts of a page move in step, and say what is at the pointer", async (it) => {
  await using runs = await RunsFolder.create();
  const lossOf = { low: 0.1, high: 3, middle: 1 };
  for (const [name, loss] of Object.entries(lossOf)) {
    const records = epochs(1, 9).map((epoch) => ({ ...epoch, validationLoss: loss }));
    runs.write(name, runNamed(name), ...records, theEnd);
  }
  await using dashboard = await Dashboard.start(runs.path);
  const names = Object.keys(lossOf);
  const page = await it.open(dashboard.address + compareAddress(names));
  await chartsDrawn(page);
  await pointInto(page, 0);
  const tip = page.locator(".chart-tip");
  await tip.waitFor();
  assert.equal(await tip.count(), 1, "only at the pointer");
  assert.deepEqual(await tip.locator(".legend-label").allTextContents(), ["high", "middle", "low"]);
  const at = await page.locator(".legend-x").allTextContents();
  assert.match(at[0], /^Epoch \d$/);
  assert.deepEqual(at, at.map(() => at[0]), "every chart has the crosshair");
  await page.locator(".chart-plot").nth(1).focus();
  await page.keyboard.press("+");
  await page.waitForURL("**zoom=**");
  const toolbar = page.getByRole("group", { name: "All charts" });
  const most = () =>
    page.locator(".chart-plot").evaluateAll((plots) =>
      plots.map((plot) => plot.getAttribute("aria-valuenow"))
    );
  assert.equal(new Set(await most()).size, 1);
  await toolbar.getByLabel("Log scale").check();
  await page.getByRole("button", { name: "high", exact: true }).first().click();
  await page.waitForURL("**hide=high**");
  await page.reload();
  await chartsDrawn(page);
  assert(await toolbar.getByLabel("Log scale").isChecked());
  const hidden = page.getByRole("button", { name: "high", exact: true });
  assert.equal(await hidden.first().getAttribute("aria-pressed"), "false");
  await toolbar.getByRole("button", { name: "Whole range" }).click();
  await toolbar.getByRole("button", { name: "Show all lines" }).click();
  await page.waitForURL((url) => !/zoom|hide/.test(url.search));
});

browserTest("runs of a series are a mean with a band; any chart can be chosen", async (it) => {
  await using runs = await RunsFolder.create();
  for (const seed of [1, 2, 3]) {
    const run = runNamed(`s-seed-${seed}`);
    const records = epochs(1, 4).map((epoch) => ({
      ...epoch,
      validationLoss: seed,
      learningRate: 1 / epoch.epoch,
    }));
    runs.write(run.name, { ...run, config: { ...run.config, seed } }, ...records, theEnd);
  }
  await using dashboard = await Dashboard.start(runs.path);
  const names = ["s-seed-1", "s-seed-2", "s-seed-3"];
  const page = await it.open(dashboard.address + compareAddress(names));
  await chartsDrawn(page);
  const first = page.locator(".chart").first().locator(".legend li");
  assert.equal(await first.count(), 4);
  await page.getByLabel("Mean and band").check();
  await first.filter({ hasText: "s (mean of 3)2.0000" }).waitFor();
  const titles = () => page.locator(".chart h2").allTextContents();
  assert((await titles()).includes("Learning rate"));
  await page.locator(".menu summary", { hasText: "Charts" }).click();
  await page.locator(".menu-body").getByLabel("Training loss").uncheck();
  await page.locator(".menu-body").getByLabel("Training accuracy").check();
  await page.waitForURL("**charts=**");
  await page.reload();
  await chartsDrawn(page);
  const shown = await titles();
  assert(shown.includes("Training accuracy") && !shown.includes("Training loss"));
});

Deno.test("the server draws curves, and says why there are none", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 3), theEnd);
  runs.write("begun", runNamed("begun"));
  const nothing = { trainLoss: null, validationLoss: null };
  runs.write("nan", runNamed("nan"), ...epochs(1, 3).map((epoch) => ({ ...epoch, ...nothing })));
  runs.write("broken", "{");
  await using dashboard = await Dashboard.start(runs.path);
  const page = async (name: string) => await (await dashboard.fetch(runAddress(name))).text();
  const drawn = await page("a");
  assert.equal(drawn.match(/<path class="series-[01]" d="M[\d.]+ [\d.]+L/g)?.length, 4);
  assert.match(await page("begun"), /The first epoch is not done yet\./);
  assert.match(await page("nan"), /No epoch has a finite value\./);
  assert.match(await page("broken"), /The log cannot be read\./);
});
