/** The WebGPU back end meets the contract on Chromium's own implementation, Dawn, with SwiftShader as its adapter. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { bundle } from "../../lib/bundler/bundler.ts";
import { launch, NO_BROWSER } from "../support/browser.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { Site } from "./site.ts";

/** What draws and computes, without a GPU. */
const SWIFTSHADER = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

const PAGE = `<!doctype html><title>Conformance</title>
<script type="importmap">{"imports":{"node:assert/strict":"/assert.js"}}</script>
<script type="module" src="/suite.js"></script>`;

async function files(): Promise<Record<string, string>> {
  const address = new URL("webgpu_page.ts", import.meta.url).href;
  const { files: [{ text }] } = await bundle({ entryPoints: [address], keepsNames: true });
  const assertions = await Deno.readTextFile(join(import.meta.dirname!, "assert.js"));
  return { "index.html": PAGE, "suite.js": text, "assert.js": assertions };
}

Deno.test({
  name: `WebGPU in Chromium conforms${NO_BROWSER ? ` (ignored: ${NO_BROWSER})` : ""}`,
  ignore: NO_BROWSER !== null,
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(t) {
    await using folder = await temporaryFolder();
    await using site = new Site({ folder: folder.path, files: await files() });
    site.answer.catch(() => {}); // Nobody asks for one.
    const browser: Browser = await launch(SWIFTSHADER);
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(site.address);
      await page.waitForFunction("globalThis.names");
      const adapter = await page.evaluate<string>("adapter()");
      assert.match(adapter, /swiftshader/i);
      const names = await page.evaluate<string[]>("names()");
      assert(names.length > 60, `${names.length} cases`);
      for (const name of names) {
        await t.step(name, async () => {
          const failure = await page.evaluate<string | null>(`failure(${JSON.stringify(name)})`);
          assert.equal(failure, null);
        });
      }
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
    }
  },
});
