/** The dashboard as a person sees it: the real server, and a real browser. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode as decodePng } from "fast-png";
import type { Page } from "playwright-core";
import { compareAddress, runAddress, searchAddress } from "../../dashboard/shared/positions.ts";
import type { RunDetail } from "../../dashboard/shared/types.ts";
import { axeFindings } from "../support/axe.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";
import { eventually } from "../support/eventually.ts";
import {
  runRecord,
  sampleInspection,
  writeJson,
  writeRun,
  writeSampleRuns,
} from "./sample_runs.ts";

const BASELINE = "2026-11-23_214020_baseline";

/** Text of the page's elements that fit a selector. */
function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

/** Waits until the first chart spans the epochs up to one. */
async function chartEndsAt(page: Page, epoch: number): Promise<void> {
  const chart = page.locator(".chart-plot").first();
  const span = async () =>
    `${await chart.getAttribute("aria-valuemin")} to ${await chart.getAttribute("aria-valuemax")}`;
  const wanted = `1 to ${epoch}`;
  assert.equal(await eventually(span, (value) => value === wanted), wanted);
}

/** Waits until the server has read so many epochs of a run's log. */
async function readWhole(dashboard: Dashboard, name: string, epochs: number): Promise<void> {
  const count = async () => (await dashboard.json<RunDetail>(`/api/runs/${name}`)).epochCount ?? 0;
  assert.equal(await eventually(count, (read) => read === epochs), epochs);
}

browserTest(
  "every page is without serious findings, in light, in dark and on a phone",
  async (browser) => {
    await using runs = await RunsFolder.create();
    await writeSampleRuns(join(runs.path, "runs"));
    await using dashboard = await Dashboard.start(runs.path);
    const paths = ["/", runAddress(BASELINE), compareAddress(["wide", "gpu"]), "/backends"];
    paths.push("/searches", searchAddress("search"));
    const looks = [
      { colorScheme: "light", viewport: { width: 1280, height: 900 } },
      { colorScheme: "dark", viewport: { width: 390, height: 844 } },
    ] as const;
    for (const look of looks) {
      for (const path of paths) {
        const page = await browser.open(dashboard.address + path, look);
        if (await page.locator(".chart-plot").count() > 0) await chartsDrawn(page);
        const violations = await axeFindings(page, look.colorScheme === "dark");
        assert.deepEqual(violations, [], `${path} ${look.colorScheme}`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= look.viewport.width, `${path} is ${width} pixels wide`);
        await page.close();
      }
    }
  },
);

browserTest("an empty list tells what to run, and a run that begins appears", async (browser) => {
  await using runs = await RunsFolder.create();
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address);
  assert.deepEqual(await texts(page, "pre"), ["deno task train"]);
  runs.write("newcomer", runNamed("newcomer"), ...epochs(1, 2));
  await page.getByRole("link", { name: "newcomer" }).waitFor();
  assert.deepEqual(await texts(page, ".runs .badge"), ["● running"]);
  runs.append("newcomer", ...epochs(3, 4), theEnd);
  await page.locator(".badge-completed").waitFor();
});

browserTest("the list is sorted, filtered, and picked from by keyboard alone", async (browser) => {
  await using runs = await RunsFolder.create();
  await writeSampleRuns(join(runs.path, "runs"));
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address);
  const names = () => texts(page, ".runs tbody th a");
  assert.equal((await names()).at(-1), BASELINE, "the latest comes first");
  await page.keyboard.press("Tab");
  assert.equal(
    await page.evaluate(() => document.activeElement?.textContent),
    "Skip to the content",
  );
  await page.getByRole("button", { name: "Epochs" }).focus();
  await page.keyboard.press("Enter");
  assert.deepEqual((await names()).slice(0, 3), ["diverged", "killed", "stopped"]);
  await page.keyboard.press("Enter");
  assert.equal((await names()).at(-1), "killed");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("completed wasm");
  await page.getByText("3 of 7 runs").waitFor();
  for (const name of ["wide", "fast-learner"]) {
    await page.getByLabel(`Compare ${name}`, { exact: true }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("link", { name: "Compare 2 runs" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/compare?**");
  await chartsDrawn(page);
  assert.deepEqual(await texts(page, ".differs th"), [
    "hidden (differs)",
    "activation (differs)",
    "learningRate (differs)",
  ]);
});

browserTest(
  "curves of a run continue while it trains, and end with its results",
  async (browser) => {
    await using runs = await RunsFolder.create();
    runs.write("live", runNamed("live"), ...epochs(1, 3));
    await using dashboard = await Dashboard.start(runs.path);
    const page = await browser.open(dashboard.address + runAddress("live"));
    await chartsDrawn(page);
    const crosshair = page.getByRole("slider", { name: "Crosshair of Loss" });
    assert.equal(await crosshair.getAttribute("aria-valuemax"), "3");
    runs.append("live", ...epochs(4, 6), "one bad line\n", ...epochs(7, 7));
    await chartEndsAt(page, 7);
    await page.getByText("Line 8: it is not JSON").waitFor();
    await writeJson(join(runs.path, "runs"), "live", "inspection.json", sampleInspection());
    runs.append("live", theEnd);
    await page.locator(".badge-completed").waitFor();
    await page.getByRole("tab", { name: "Mistakes" }).click();
    await page.locator(".gallery li").first().waitFor();
    await page.getByRole("tab", { name: "Confusion" }).click();
    await page.getByRole("region", { name: "Table of confusions" }).waitFor();
    await page.getByRole("tab", { name: "Curves" }).click();
    // The file begins anew: what was there is gone.
    runs.write("live", runNamed("live"), ...epochs(1, 2));
    await chartEndsAt(page, 2);
    assert.equal(await page.getByText("Line 8").count(), 0);
  },
);

browserTest("the crosshair and the zoom work by keyboard, mouse and finger", async (browser) => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 100), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address + runAddress("a"), { hasTouch: true });
  await chartsDrawn(page);
  const chart = page.locator(".chart-plot").first();
  const said = () => chart.getAttribute("aria-valuetext");
  const whole = page.getByRole("button", { name: "Whole range" });
  const isWhole = () => whole.waitFor({ state: "detached" });

  await chart.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.equal(await said(), "Epoch 2, Training 1.0000, Validation 1.0500");
  await isWhole();
  for (const key of ["+", "+", "+"]) await page.keyboard.press(key);
  await whole.waitFor();
  await page.keyboard.press("End");
  assert.match((await said())!, /^Epoch 1[2-5],/);
  await page.keyboard.press("0");
  await isWhole();

  const plot = (await chart.locator(".u-over").boundingBox())!;
  const y = plot.y + plot.height / 2;
  await page.mouse.move(plot.x + plot.width / 2, y);
  assert.match((await said())!, /^Epoch (50|51),/);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.75, y, { steps: 4 });
  await page.mouse.up();
  await whole.waitFor();
  await page.mouse.move(plot.x + 1, y);
  assert.match((await said())!, /^Epoch (50|51),/);
  await page.mouse.dblclick(plot.x + 50, y);
  await isWhole();
  await page.touchscreen.tap(plot.x + plot.width - 1, y);
  assert.match((await said())!, /^Epoch 100,/);
});

browserTest("a chart is exported as CSV and as PNG", async (browser) => {
  await using runs = await RunsFolder.create();
  const gap = { ...epochs(2, 2)[0], trainLoss: null };
  runs.write("a", runNamed("a"), ...epochs(1, 1), gap, ...epochs(3, 3), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address + runAddress("a"));
  await chartsDrawn(page);
  const save = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name, exact: true }).first().click(),
    ]);
    return {
      name: download.suggestedFilename(),
      bytes: await Deno.readFile(await download.path()),
    };
  };
  const csv = await save("CSV");
  assert.equal(csv.name, "a loss.csv");
  assert.deepEqual(new TextDecoder().decode(csv.bytes).trimEnd().split("\r\n"), [
    "Epoch,Training,Validation",
    "1,2,2.1",
    "2,,1.05",
    `3,${2 / 3},${2.1 / 3}`,
  ]);
  const png = await save("PNG");
  assert.equal(png.name, "a loss.png");
  const { width, height, data, channels } = decodePng(png.bytes);
  assert(width > 400 && height > 300);
  const colors = new Set<string>();
  for (let i = 0; i < data.length; i += channels) colors.add(data.slice(i, i + 3).join());
  assert(colors.has("255,255,255"), "the page");
  assert(colors.has("0,114,178"), "training");
  assert(colors.has("213,94,0"), "validation");
  await page.getByText("Data table").first().click();
  await page.getByRole("cell", { name: "not finite" }).waitFor();
});

browserTest("a run's mistakes and weights are shown as images", async (browser) => {
  await using runs = await RunsFolder.create();
  const root = join(runs.path, "runs");
  await writeRun(root, { name: "a", epochs: 3 });
  await writeJson(root, "a", "inspection.json", sampleInspection());
  await using dashboard = await Dashboard.start(runs.path);
  const page = await browser.open(dashboard.address + runAddress("a"));
  await page.getByRole("tab", { name: "Mistakes" }).click();
  await page.locator(".gallery li").first().waitFor();
  assert.equal(await page.locator(".gallery li").count(), 12);
  assert.match((await texts(page, ".gallery li"))[0], /T-shirt\/top.*taken for.*Dress 99\.9/);
  const blank = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>(".pixels")].filter((canvas) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(data).size < 3;
    }).length
  );
  assert.equal(blank, 0);
});

browserTest("names, options and errors of strangers stay text", async (browser) => {
  const html = `<img src=x onerror="document.title='owned'">`;
  await using runs = await RunsFolder.create();
  const run = runRecord({ name: html, epochs: 2, config: { preset: html, [html]: html } });
  const end = {
    ...theEnd,
    status: "failed",
    error: html,
    confusionMatrix: [[1, 0], [0, 1]],
    perClass: [html, "__proto__"].map((name) => ({
      name,
      precision: 1,
      recall: 1,
      f1: 1,
      support: 1,
    })),
  };
  const name = "<b>'\"& =1+1, 100%@";
  runs.write(name, run, ...epochs(1, 2), end);
  runs.write("__proto__", runNamed("__proto__"), ...epochs(1, 2));
  runs.write("empty");
  await using dashboard = await Dashboard.start(runs.path);
  const pages = ["/", runAddress(name), compareAddress([name, "__proto__"]), runAddress("empty")];
  for (const path of pages) {
    const page = await browser.open(dashboard.address + path);
    assert.notEqual(await page.title(), "owned", path);
    assert.equal(await page.locator("main img").count(), 0, path);
    await page.close();
  }
  const page = await browser.open(dashboard.address);
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.getByText(html).first().waitFor();
  await chartsDrawn(page);
});

browserTest("long runs are drawn whole, with their spikes and gaps, and grow", async (browser) => {
  await using runs = await RunsFolder.create();
  const count = 20_000;
  const spike = 123;
  for (const name of ["a", "b"]) {
    const records = epochs(1, count);
    records[count / 2] = { ...records[count / 2], validationLoss: spike };
    records[count / 4] = { ...records[count / 4], validationLoss: null };
    runs.write(name, runNamed(name), ...records);
  }
  await using dashboard = await Dashboard.start(runs.path);
  for (const name of ["a", "b"]) await readWhole(dashboard, name, count);
  const page = await browser.open(dashboard.address + compareAddress(["a", "b"]));
  await chartsDrawn(page);
  await chartEndsAt(page, count);
  const chart = page.locator(".chart-plot").first();

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV", exact: true }).first().click(),
  ]);
  const lines = (await Deno.readTextFile(await download.path())).trimEnd().split("\r\n");
  assert.equal(lines.length, count + 1, "every point, and a head");
  assert.equal(lines[count / 2 + 1], `${count / 2 + 1},${spike},${spike}`);
  assert.equal(lines[count / 4 + 1], `${count / 4 + 1},,`);

  // Nothing else reaches up there, and the grid is light.
  const isDrawn = await chart.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")!
      .getImageData(width * 0.4, height * 0.1, width * 0.2, height * 0.3);
    return data.some((green, i) => i % 4 === 1 && data[i + 2] > 200 && green < 120);
  });
  assert(isDrawn, "the spike");
  for (const name of ["a", "b"]) runs.append(name, ...epochs(count + 1, count + 3));
  await chartEndsAt(page, count + 3);
});
