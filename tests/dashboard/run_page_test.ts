/** A run's page as somebody reads it: the result, its parts, what to type, the model to take along. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { runAddress } from "../../dashboard/shared/positions.ts";
import { axeFindings } from "../support/axe.ts";
import { browserTest, chartsDrawn } from "../support/browser.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

browserTest(
  "a run's parts are tabs, which the keyboard reaches and the address has",
  async (it) => {
    await using runs = await RunsFolder.create();
    const run = runNamed("a");
    const config = { ...run.config, preset: "baseline", learningRate: 0.5 };
    runs.write("a", { ...run, config }, ...epochs(1, 3), theEnd);
    await using dashboard = await Dashboard.start(runs.path);
    const page = await it.open(dashboard.address + runAddress("a"));
    await chartsDrawn(page);
    await page.getByRole("tab", { name: "Curves" }).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    const options = page.getByRole("tabpanel", { name: "Options" });
    await options.waitFor();
    assert(!await page.locator(".chart").first().isVisible());
    await page.waitForURL("**tab=options");
    await page.reload();
    await options.waitFor();
    const first = options.locator(".facts").first();
    assert.deepEqual(await first.locator("dt").allTextContents(), ["preset", "learning-rate"]);
    assert.match(
      await options.textContent() ?? "",
      /deno task train --preset baseline --learning-rate 0\.5/,
    );
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await options.getByRole("button", { name: "Copy: Train again" }).click();
    await options.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, "deno task train --preset baseline --learning-rate 0.5");
    assert.deepEqual(await axeFindings(page, false), []);
    // A chart that was drawn while nobody saw it has its size when it is seen.
    await page.getByRole("tab", { name: "Curves" }).click();
    await chartsDrawn(page);
    await page.emulateMedia({ media: "print" });
    for (const text of ["Loss", "Commands", "Machine"]) {
      assert(await page.getByRole("heading", { name: text, exact: true }).isVisible(), text);
    }
  },
);

browserTest("a run is compared with the pinned one", async (it) => {
  await using runs = await RunsFolder.create();
  const end = (testAccuracy: number) => ({ ...theEnd, testAccuracy });
  runs.write("base", runNamed("base"), ...epochs(1, 3), end(0.8));
  runs.write("better", runNamed("better"), ...epochs(1, 3), end(0.85));
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address);
  await page.getByLabel("Compare base", { exact: true }).check();
  await page.getByRole("button", { name: "Pin base as baseline" }).click();
  await page.goto(dashboard.address + runAddress("better"));
  await page.locator(".hero .better", { hasText: "+5.00 % against base" }).waitFor();
  assert.match(await page.locator(".hero").textContent() ?? "", /Test accuracy85\.00\s%/);
});

browserTest("a run that trains says how far it is, in its title, too", async (it) => {
  await using runs = await RunsFolder.create();
  const run = runNamed("live", new Date().toISOString());
  runs.write("live", { ...run, config: { ...run.config, epochs: 10 } }, ...epochs(1, 4));
  await using dashboard = await Dashboard.start(runs.path);
  const page = await it.open(dashboard.address + runAddress("live"));
  await page.getByText(/epoch 4 of 10, .* left at most/).waitFor();
  assert.equal(await page.title(), "40 % live");
  runs.append("live", ...epochs(5, 8));
  await page.getByText(/epoch 8 of 10/).waitFor();
  runs.append("live", theEnd);
  await page.locator(".progress").waitFor({ state: "detached" });
  assert.doesNotMatch(await page.title(), /%/);
});

Deno.test("the model of a run can be taken along", async () => {
  await using runs = await RunsFolder.create();
  for (const name of ["a b'c", "none"]) runs.write(name, runNamed(name), ...epochs(1, 2), theEnd);
  const bytes = Uint8Array.of(1, 2, 3);
  await Deno.writeFile(runs.file("a b'c", "model.safetensors"), bytes);
  const secret = join(runs.path, "secret");
  await Deno.writeFile(secret, bytes);
  runs.write("link", runNamed("link"));
  await Deno.symlink(secret, runs.file("link", "model.safetensors"));
  await using dashboard = await Dashboard.start(runs.path);
  const of = (name: string) => dashboard.fetch(`/api/runs/${encodeURIComponent(name)}/model`);
  const response = await of("a b'c");
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  const said = response.headers.get("content-disposition");
  assert.equal(said, "attachment; filename*=UTF-8''a%20b%27c.safetensors");
  for (const name of ["none", "link", "nobody"]) {
    const refused = await of(name);
    assert.equal(refused.status, 404, name);
    assert.doesNotMatch(await refused.text(), new RegExp(runs.path));
  }
  const html = async (name: string) => await (await dashboard.fetch(`/runs/${name}`)).text();
  assert.match(await html("a%20b'c"), /Download the model/);
  assert.doesNotMatch(await html("none"), /Download the model/);
});
