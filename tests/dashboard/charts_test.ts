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
