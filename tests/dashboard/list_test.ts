/** The list of runs as somebody uses it who keeps many: columns, filter, groups, a baseline, and all of it in the address. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { ConfigValue } from "../../lib/run_log/run/records.ts";
import { axeFindings } from "../support/axe.ts";
import { browserTest, islandsAlive } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";
import { writeJson } from "./sample_runs.ts";
import { sampleSearch } from "../samples/search.ts";

interface Listed {
  readonly accuracy?: number;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly status?: "completed" | "interrupted";
}

/** Writes a run of which only what the list shows matters. */
function write(
  runs: RunsFolder,
  name: string,
  { accuracy = 0.8, config = {}, status }: Listed = {},
) {
  const run = runNamed(name, "2026-11-23T10:31:07.000Z");
  runs.write(
    name,
    { ...run, config: { preset: "baseline", epochs: 3, ...config } },
    ...epochs(1, 3),
    {
      ...theEnd,
      status: status ?? "completed",
      validationLoss: 1 - accuracy,
      validationAccuracy: accuracy,
      testAccuracy: accuracy - 0.01,
    },
  );
}

async function someRuns(): Promise<RunsFolder> {
  const runs = await RunsFolder.create();
  write(runs, "plain", { accuracy: 0.8 });
  write(runs, "relu", { accuracy: 0.85, config: { activation: "relu", learningRate: 0.01 } });
  write(runs, "fast", { accuracy: 0.7, config: { learningRate: 0.5 } });
  await writeJson(join(runs.path, "runs"), "wide", "search.json", sampleSearch);
  write(runs, "wide-003", { accuracy: 0.9, config: { activation: "relu", learningRate: 0.27 } });
  write(runs, "wide-001", { accuracy: 0.6, config: { learningRate: 0.03 }, status: "interrupted" });
  return runs;
}

const texts = (page: Page, selector: string) => page.locator(selector).allTextContents();
/** What stands at the head of each row. */
const names = async (page: Page) =>
  (await texts(page, ".runs tbody th")).map((name) => name.replace(/^[▸▾]/, ""));
const heads = async (page: Page) =>
  (await texts(page, ".runs thead .sort")).map((name) => name.replace(/[▲▼]$/, ""));

/** The cell of a run in a column. */
async function cell(page: Page, run: string, column: string): Promise<string> {
  const row = page.locator(".runs tbody tr", {
    has: page.getByRole("link", { name: run, exact: true }),
  });
  return (await row.locator(`td[data-name="${column}"]`).textContent()) ?? "";
}

browserTest("options in which runs differ are columns, and anything can be chosen", async (it) => {
  await using runs = await someRuns();
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address);
  const first = await heads(page);
  for (const name of ["activation", "learningRate"]) assert(first.includes(name), name);
  for (const name of ["Preset", "Back end", "optimizer"]) assert(!first.includes(name), name);
  assert.equal(await cell(page, "plain", "activation"), "sigmoid", "by default");
  assert.equal(await cell(page, "relu", "learningRate"), "0.01");
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("checkbox", { name: "activation" }).uncheck();
  await page.getByRole("checkbox", { name: "Preset" }).check();
  assert(!(await heads(page)).includes("activation"));
  assert((await heads(page)).includes("Preset"));
  await page.reload();
  await islandsAlive(page);
  assert(!(await heads(page)).includes("activation"));
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("button", { name: "Those that differ" }).click();
  assert.deepEqual(await heads(page), first);
});

browserTest("runs are found by what they are and what they came to", async (it) => {
  await using runs = await someRuns();
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address + "/?group=none&sort=name");
  const filter = page.getByRole("searchbox");
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["lr>0.05", ["fast", "plain", "wide-003"]],
    ["activation:relu val<0.12", ["wide-003"]],
    ["-search:wide acc>=79%", ["plain", "relu"]],
    ["status:dropped", ["wide-001"]],
  ];
  for (const [text, expected] of cases) {
    await filter.fill(text);
    assert.deepEqual(await names(page), expected, text);
  }
  await filter.fill("lurning:3");
  await page.getByText("Nothing is called “lurning”").waitFor();
});

browserTest(
  "a search is one line that unfolds; its dropped trials are not interrupted",
  async (it) => {
    await using runs = await someRuns();
    await using dashboard = await Dashboard.start(runs.path);
    const page = await it.open(dashboard.address + "/?sort=-validation.accuracy");
    assert.deepEqual(await names(page), ["wide", "relu", "plain", "fast"]);
    assert.equal(await cell(page, "wide", "Validation accuracy"), "90.00\u00a0%", "its best");
    await page.getByRole("button", { name: "Runs of wide" }).focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(await names(page), ["wide", "wide-003", "wide-001", "relu", "plain", "fast"]);
    await page.getByText("↓ dropped").waitFor();
    assert.equal(await page.getByText("interrupted").count(), 0);
    await page.reload();
    await islandsAlive(page);
    assert.equal((await names(page)).length, 6, "it stays unfolded");
    await page.getByRole("link", { name: "wide", exact: true }).click();
    await page.waitForURL("**/searches/wide");
  },
);

browserTest("runs that are alike in an option have a mean and a deviation", async (it) => {
  await using runs = await RunsFolder.create();
  for (const [name, accuracy, seed] of [["a", 0.8, 1], ["b", 0.84, 2]] as const) {
    write(runs, name, { accuracy, config: { seed, activation: "relu" } });
  }
  write(runs, "c", { accuracy: 0.7 });
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address);
  await page.getByLabel("Group").selectOption({ label: "activation" });
  const row = page.locator(".group-row");
  assert.match((await row.locator("th").textContent())!, /activation relu$/);
  const accuracy = row.locator('td[data-name="Validation accuracy"]');
  assert.equal(await accuracy.textContent(), "82.00\u00a0% ± 2.83\u00a0%");
  assert.match((await row.locator(".state").textContent())!, /^2 runs$/);
});

browserTest("a pinned run is what others are compared with; hidden ones come back", async (it) => {
  await using runs = await someRuns();
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address + "/?group=none&sort=name");
  await page.getByLabel("Compare plain", { exact: true }).check();
  await page.getByRole("button", { name: "Pin plain as baseline" }).click();
  assert.equal(await cell(page, "relu", "Validation accuracy"), "85.00\u00a0%+5.00\u00a0%");
  assert.equal(await cell(page, "fast", "Validation loss"), "0.3000+0.1000");
  assert.equal(await page.locator(".delta.worse").count() > 0, true);
  await page.getByRole("button", { name: "Hide", exact: true }).click();
  assert(!(await names(page)).includes("plain"));
  await page.reload();
  await islandsAlive(page);
  await page.getByLabel("Show 1 hidden").check();
  assert((await names(page)).includes("plain"));
  assert.equal(await cell(page, "relu", "Validation accuracy"), "85.00\u00a0%+5.00\u00a0%");
});

browserTest("a view survives a reload, Back and a copied link", async (it) => {
  await using runs = await someRuns();
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address);
  await page.getByLabel("Group").selectOption("none");
  await page.getByRole("searchbox").fill("-wide");
  await page.getByRole("button", { name: "learningRate" }).click();
  for (const name of ["relu", "fast"]) {
    await page.getByLabel(`Compare ${name}`, { exact: true }).check();
  }
  const expected = ["relu", "plain", "fast"];
  const isSame = async (page: Page) => {
    assert.deepEqual(await names(page), expected);
    assert.equal(await page.getByRole("searchbox").inputValue(), "-wide");
    const checked = await page.locator(".runs input:checked").count();
    assert.equal(checked, 2);
  };
  await isSame(page);
  await page.reload();
  await islandsAlive(page);
  await isSame(page);
  await page.getByRole("link", { name: "Compare 2 runs" }).click();
  await page.waitForURL("**/compare?**");
  await page.locator(".chart canvas").first().waitFor();
  await page.goBack();
  await islandsAlive(page);
  await isSame(page);
  const copy = await it.open(page.url());
  await isSame(copy);
  assert.deepEqual(await axeFindings(copy), []);
});

browserTest("of thousands of runs those are drawn that are seen", async (it) => {
  await using runs = await RunsFolder.create();
  const count = 600;
  for (let i = 0; i < count; i++) write(runs, `run-${String(i).padStart(4, "0")}`);
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address + "/?sort=name");
  await page.getByText(`${count} runs`, { exact: true }).waitFor();
  const drawn = () => page.locator(".runs tr[data-row]").count();
  assert(await drawn() < 200, `${await drawn()}`);
  assert.equal(await page.locator(".runs").getAttribute("aria-rowcount"), `${count + 1}`);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.getByRole("link", { name: "run-0599" }).waitFor();
  assert(await drawn() < 200);
  await page.getByRole("searchbox").fill("run-0300");
  await page.getByText(`1 of ${count} runs`).waitFor();
  await page.getByRole("link", { name: "run-0300" }).waitFor();
});
