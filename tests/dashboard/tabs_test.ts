/** A browser keeps six connections to a server: many pages at once must not use them up. */

import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

/** More than a browser has connections to one server. */
const TABS = 8;

/** A tab of a window that has others: all share its connections. */
async function tab(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address, { timeout: 10_000 });
  return page;
}

/** As if another tab had come to the front, or this one again: headless pages are all in front. */
async function show(page: Page, isShown: boolean): Promise<void> {
  await page.evaluate((isShown) => {
    Object.defineProperty(document, "hidden", { value: !isShown, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isShown);
}

browserTest("pages of runs that have ended keep no connection", async ({ browser }) => {
  await using runs = await RunsFolder.create();
  for (const name of ["a", "b"]) runs.write(name, runNamed(name), ...epochs(1, 3), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const context = await browser.newContext();
  for (let i = 0; i < TABS; i++) {
    const path = i % 2 ? runAddress("a") : compareAddress(["a", "b"]);
    await chartsDrawn(await tab(context, dashboard.address + path));
  }
  await context.close();
});

browserTest("pages that nobody sees keep none, and know what they missed", async ({ browser }) => {
  await using runs = await RunsFolder.create();
  runs.write("live", runNamed("live"), ...epochs(1, 3));
  runs.write("other", runNamed("other"), ...epochs(1, 1));
  await using dashboard = await Dashboard.start(runs.path);
  const context = await browser.newContext();
  const pages: Page[] = [];
  for (let i = 0; i < TABS; i++) {
    const page = await tab(context, dashboard.address + (i === 0 ? "/" : runAddress("live")));
    if (i > 0) await chartsDrawn(page);
    await page.waitForTimeout(200);
    await show(page, false);
    pages.push(page);
  }
  runs.append("live", ...epochs(4, 5), theEnd);
  const [list, run] = pages;
  await list.waitForTimeout(600);
  assert.equal(await list.locator(".badge-completed").count(), 0, "hidden: it was not told");
  await show(list, true);
  await list.locator(".badge-completed").waitFor();
  await show(run, true);
  await run.locator(".badge-completed").waitFor();
  const crosshair = run.getByRole("slider", { name: "Crosshair of Loss" });
  assert.equal(await crosshair.getAttribute("aria-valuemax"), "5");
  await context.close();
});

browserTest(
  "somebody who comes back to a run that has ended learns that it is gone",
  async (it) => {
    await using runs = await RunsFolder.create();
    runs.write("a", runNamed("a"), ...epochs(1, 3), theEnd);
    await using dashboard = await Dashboard.start(runs.path);
    const page = await it.open(dashboard.address + runAddress("a"));
    await show(page, false);
    await Deno.remove(`${runs.path}/runs/a`, { recursive: true });
    await show(page, true);
    await page.getByText("This run's folder is gone.").waitFor();
  },
);

browserTest(
  "pages close before their server does, whose end resets what they ask",
  async (browser) => {
    await using runs = await RunsFolder.create();
    const dashboard = await Dashboard.start(runs.path);
    const page = await browser.open(dashboard.address);
    await dashboard[Symbol.asyncDispose]();
    assert(page.isClosed());
  },
);
