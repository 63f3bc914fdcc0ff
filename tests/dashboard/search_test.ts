/** Pages of searches: as a person sees them, as the server makes them, and when their files come from a stranger. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { runAddress, searchAddress } from "../../dashboard/shared/positions.ts";
import type { RunSummary } from "../../dashboard/shared/types.ts";
import { MAX_SEARCH_LENGTH } from "../../lib/run_log/search/search.ts";
import type { Search } from "../../lib/run_log/search/search.ts";
import { sampleSearch } from "../samples/search.ts";
import { browserTest, chartsDrawn, islandsAlive } from "../support/browser.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";
import { Dashboard, epochs, runNamed, RunsFolder } from "../support/dashboard.ts";

function writeSearch(runs: RunsFolder, name: string, file: string | Search): void {
  Deno.mkdirSync(join(runs.path, "runs", name), { recursive: true });
  const text = typeof file === "string" ? file : JSON.stringify(file);
  Deno.writeTextFileSync(runs.file(name, "search.json"), text);
}

const rows = (page: Page) => page.locator(".trials tbody th a").allTextContents();

browserTest("a search is looked into by keyboard alone", async (browser) => {
  await using runs = await RunsFolder.create();
  writeSearch(runs, "wide", sampleSearch);
  runs.write("wide-003", runNamed("wide-003"), ...epochs(1, 2));
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(`${dashboard.address}/searches`);
  await page.getByRole("link", { name: "wide", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("slider", { name: "Trial" }).waitFor();
  await islandsAlive(page);
  assert.deepEqual(await rows(page), [3, 2, 4, 1, 6, 5].map((trial) => `wide-00${trial}`));
  assert.match(
    await page.locator(".command").innerText(),
    /^deno task train --learning-rate 0\.27 --hidden 64 --no-flip$/,
  );

  const lines = page.getByRole("slider", { name: "Trial" });
  await lines.focus();
  assert.match(
    (await lines.getAttribute("aria-valuetext"))!,
    /^wide-003: rank 1, validation loss 0\.38/,
  );
  await page.keyboard.press("ArrowDown");
  assert.match((await lines.getAttribute("aria-valuetext"))!, /^wide-002: rank 2, /);
  assert.equal(await page.locator(".trials tr.marked th a").innerText(), "wide-002");
  assert.equal(await page.locator(".trial-marked").count(), 1);

  const lower = page.getByRole("slider", { name: "Lower end of hidden" });
  await lower.focus();
  await page.keyboard.press("ArrowUp");
  await page.getByText("3 of 6 trials").waitFor();
  assert.equal(await lower.getAttribute("aria-valuetext"), "256,128");
  assert.deepEqual(await rows(page), ["wide-002", "wide-004", "wide-006"]);
  await page.getByRole("button", { name: "Validation loss" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.deepEqual(await rows(page), ["wide-006", "wide-004", "wide-002"]);
  await page.getByRole("button", { name: "Show all" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("6 trials", { exact: true }).waitFor();
  await page.getByRole("link", { name: "wide-003" }).last().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${runAddress("wide-003")}`);
  // What the page still asks for would be refused once the test has ended its server.
  await islandsAlive(page);
  await chartsDrawn(page);
});

browserTest(
  "a range is drawn along an axis, a click takes it away, and lines answer to the pointer",
  async (browser) => {
    await using runs = await RunsFolder.create();
    writeSearch(runs, "wide", sampleSearch);
    await using dashboard = await Dashboard.start(runs.path);
    const page = await browser.open(dashboard.address + searchAddress("wide"));
    const strip = (await page.locator(".axis-strip").last().boundingBox())!;
    const [x, middle] = [strip.x + strip.width / 2, strip.y + strip.height / 2];
    await page.mouse.move(x, strip.y + 30);
    await page.mouse.down();
    await page.mouse.move(x, middle, { steps: 4 });
    await page.mouse.up();
    await page.getByText(/^[1-4] of 6 trials$/).waitFor();
    assert.equal(await page.locator(".axis-range").count(), 1);
    await page.mouse.click(x, middle + 40);
    await page.getByText("6 trials", { exact: true }).waitFor();
    await page.locator(".trials tbody tr").nth(2).hover();
    assert.match(await page.locator(".parallel-marked").innerText(), /^wide-004: rank 3, /);
  },
);

browserTest("a search that continues is shown as it goes", async (browser) => {
  await using runs = await RunsFolder.create();
  const [first, ...others] = sampleSearch.trials;
  const waiting = {
    ...first,
    status: "running",
    epochs: 0,
    scores: [],
    validationLoss: null,
    host: "node-7",
  } as const;
  writeSearch(runs, "wide", { ...sampleSearch, status: "running", trials: [waiting] });
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address + searchAddress("wide"));
  assert.deepEqual(await rows(page), ["wide-001"]);
  assert.equal(await page.locator(".trials tbody th small").innerText(), "node-7");
  writeSearch(runs, "wide", { ...sampleSearch, trials: [first, ...others] });
  await page.getByText("6 trials", { exact: true }).waitFor();
  assert.equal((await rows(page))[0], "wide-003");
});

const HOSTILE = '"></script><img src=x onerror=alert(1)>';

browserTest("a hostile search.json is shown as text, and breaks nothing", async (browser) => {
  await using runs = await RunsFolder.create();
  const space = Array.from({ length: 60 }, (_, i) => ({
    option: `${HOSTILE}${i}`,
    kind: "choice" as const,
    values: Array.from({ length: 300 }, (_, j) => `${HOSTILE}${j}`),
  }));
  const trial = {
    ...sampleSearch.trials[2],
    run: `../../${HOSTILE}`,
    options: { [`${HOSTILE}1`]: `${HOSTILE}7`, "__proto__": "x" },
  };
  const trials = Array.from({ length: 3000 }, (_, i) => ({ ...trial, trial: i + 1 }));
  writeSearch(runs, "hostile", {
    ...sampleSearch,
    startedAt: HOSTILE,
    dataDir: HOSTILE,
    space: [...space, { option: "constructor", kind: "log-uniform", values: [-8e307, 8e307] }],
    // The same number and the same option, again and again.
    trials: [...trials, trials[0], trials[0]],
  });
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address + searchAddress("hostile"));
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator(".trials tbody tr").count(), 500);
  await page.getByText("The best 500 of 3,002 trials are shown.").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(width <= 1280, `${width}`);
  const href = await page.locator(".trials tbody th a").first().getAttribute("href");
  assert(href!.startsWith("/runs/..%2F..%2F"), href!);
});

testUnless(NO_UNIX, "what cannot be shown is said; a search is no run", async () => {
  await using runs = await RunsFolder.create();
  await using elsewhere = await RunsFolder.create();
  writeSearch(runs, "good", sampleSearch);
  writeSearch(runs, "broken", "<script>");
  writeSearch(runs, "huge", "");
  Deno.truncateSync(runs.file("huge", "search.json"), MAX_SEARCH_LENGTH + 1);
  writeSearch(runs, "deep", "[".repeat(1_000_000));
  writeSearch(runs, "empty", { ...sampleSearch, space: [], trials: [], rungs: [] });
  writeSearch(elsewhere, "secret", sampleSearch);
  Deno.mkdirSync(join(runs.path, "runs/link"));
  Deno.symlinkSync(elsewhere.file("secret", "search.json"), runs.file("link", "search.json"));
  await using dashboard = await Dashboard.start(runs.path);
  const html = await (await dashboard.fetch("/searches")).text();
  assert.match(html, /The search broken cannot be shown: it is not JSON\./);
  assert.match(html, /The search deep cannot be shown: it is not JSON\./);
  assert.match(html, /The search huge cannot be shown: search\.json has 16777217 bytes/);
  assert.doesNotMatch(html, /secret/);
  for (const name of ["good", "empty", "broken"]) {
    const response = await dashboard.fetch(searchAddress(name));
    assert.equal(response.status, 200, name);
    const page = await response.text();
    assert.equal(page.includes("This search cannot be shown: it is not JSON."), name === "broken");
  }
  assert.deepEqual(await dashboard.json("/api/searches/good"), { ...sampleSearch, name: "good" });
  for (const name of ["link", "nothing", "%00", "..%2Fgood"]) {
    const response = await dashboard.fetch(`/searches/${name}`);
    assert([400, 404].includes(response.status), name);
    await response.body?.cancel();
  }
  const missing = await dashboard.fetch("/api/searches/nothing");
  assert.deepEqual([missing.status, await missing.json()], [404, {
    error: "there is no search of that name",
  }]);
  const broken = await dashboard.fetch("/api/searches/broken");
  assert.deepEqual([broken.status, await broken.json()], [422, { error: "it is not JSON" }]);
  const listed = await dashboard.json<RunSummary[]>("/api/runs");
  assert.deepEqual(
    listed.map(({ name }) => name),
    ["link"],
    "what is no search is a run that cannot be read",
  );
});
