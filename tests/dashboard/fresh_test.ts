/** The dashboard on Fresh itself, where JSR can be reached: the same files, so the same pages and the same guard. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import type { RunDetail, RunSummary } from "../../dashboard/shared/types.ts";
import { browserTest } from "../support/browser.ts";
import { testUnless } from "../support/cli.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** A name of which every character means something in an address, a path or a page. */
const NAME = "a@b & 50%25 <i>#?";

const NO_JSR = await canReachJsr() ? null : "JSR cannot be reached";

/** Asked by a program of its own, because tests may use no network. */
async function canReachJsr(): Promise<boolean> {
  const probe = join(import.meta.dirname!, "jsr_probe.ts");
  const args = ["run", "-q", "--no-prompt", "--no-config", "--allow-net=jsr.io", probe];
  const { success } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
  return success;
}

/** Starts the task itself, and not only its program, because the task says with which packages it runs. */
function startFresh(folder: string): Promise<Dashboard> {
  const task = ["task", "-q", "--config", join(ROOT, "deno.json"), "dashboard:fresh"];
  const process = new Deno.Command(Deno.execPath(), {
    args: [...task, "--port", "0", "--runs", join(folder, "runs")],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return Dashboard.listening(folder, process);
}

testUnless(NO_JSR, "Fresh serves the same pages and data behind the same guard", async () => {
  await using runs = await RunsFolder.create();
  runs.write(NAME, runNamed(NAME), ...epochs(1, 3), theEnd);
  await using dashboard = await startFresh(runs.path);
  for (const path of ["/", runAddress(NAME), compareAddress([NAME, "b"]), "/backends"]) {
    const response = await dashboard.fetch(path);
    const html = await response.text();
    assert.equal(response.status, 200, path);
    assert.match(html, /^<!DOCTYPE html><html lang="en">/);
    assert.doesNotMatch(html.replace(/<script.*<\/script>/s, ""), /<i>/, path);
    const policy = response.headers.get("content-security-policy")!;
    const nonce = /^default-src 'none'; script-src 'self' 'nonce-(\w+)';/.exec(policy)?.[1];
    assert(nonce, policy);
    assert.doesNotMatch(policy, /unsafe|\*|http/, path);
    const scripts = html.match(/<script[^>]*>/g);
    assert.deepEqual(scripts, [`<script type="module" nonce="${nonce}">`], path);
  }
  assert.deepEqual(
    (await dashboard.json<RunSummary[]>("/api/runs")).map(({ name }) => name),
    [NAME],
  );
  const address = `/api${runAddress(NAME)}`;
  assert.deepEqual((await dashboard.json<RunDetail>(address)).epochs, epochs(1, 3));

  const statuses: Record<string, number> = {
    "/styles.css": 200,
    "/styles.css/x": 404,
    "/icon.svg": 200,
    "/icon.svg/x": 404,
    "/nothing": 404,
    "/runs/nothing": 404,
    [`/runs/${"x".repeat(300)}`]: 404,
    "/api/nothing": 404,
    "/main.ts": 404,
    "/..%2fmain.ts": 400,
    "/runs/%ff": 400,
  };
  for (const [path, status] of Object.entries(statuses)) {
    const response = await dashboard.fetch(path);
    await response.body?.cancel();
    assert.equal(response.status, status, path);
    assert.match(response.headers.get("content-security-policy")!, /; script-src 'self'/, path);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
  }
  const posted = await dashboard.fetch("/", { method: "POST" });
  await posted.body?.cancel();
  assert.equal(posted.status, 405);
});

const islands = "Fresh brings islands to life, and they follow runs";
if (NO_JSR) testUnless(NO_JSR, islands, () => Promise.resolve());
else {
  browserTest(islands, async (browser) => {
    await using runs = await RunsFolder.create();
    runs.write(NAME, runNamed(NAME), ...epochs(1, 2));
    await using dashboard = await startFresh(runs.path);
    const page = await browser.open(dashboard.address);
    await page.getByRole("searchbox").fill("nowhere");
    await page.getByText("No run fits the filter.").waitFor();
    await page.goto(dashboard.address + runAddress(NAME));
    await page.locator(".chart-plot canvas").first().waitFor();
    runs.append(NAME, ...epochs(3, 4));
    await page.getByText(/^4 of /).waitFor();
  });
}
