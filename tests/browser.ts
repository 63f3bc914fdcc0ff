/** A real browser for tests: Debian's Chromium, driven by playwright-core. */

import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** Whether a test in a browser must be left out; its name says why. */
export const noBrowser = !exists(CHROMIUM);

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Registers a test that needs a browser. */
export function browserTest(name: string, fn: (browser: TestBrowser) => Promise<void>): void {
  Deno.test({
    name: noBrowser ? `${name} (ignored: no Chromium)` : name,
    ignore: noBrowser,
    // The browser's processes and sockets are playwright's own.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      await using browser = await TestBrowser.launch();
      await fn(browser);
      browser.assertNoErrors();
    },
  });
}

export class TestBrowser implements AsyncDisposable {
  /** What pages complained of: exceptions, the content security policy, failed requests. */
  readonly errors: string[] = [];

  private constructor(readonly browser: Browser) {}

  static async launch(): Promise<TestBrowser> {
    const { chromium } = await importPlaywright();
    // Tests may run as root, for whom Chromium has no sandbox; pages come from the test's own server.
    const args = ["--no-sandbox", "--disable-gpu"];
    return new TestBrowser(await chromium.launch({ executablePath: CHROMIUM, args }));
  }

  /** A new page in a window of its own. */
  async open(
    address: string,
    options: Parameters<Browser["newPage"]>[0] = {},
  ): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      // The live stream breaks off where a test ends its server.
      const isStream = message.location().url.includes("/api/events");
      if (message.type() === "error" && !isStream) this.errors.push(message.text());
    });
    await page.goto(address);
    return page;
  }

  assertNoErrors(): void {
    assert.deepEqual(this.errors, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/**
 * Playwright looks, when it is loaded, whether it runs in Windows' Linux, in a file for which Deno asks for every
 * permission there is. This variable of its own tests keeps it from looking.
 */
async function importPlaywright(): Promise<typeof import("playwright-core")> {
  Deno.env.set("__IS_WSL_TEST__", "1");
  try {
    return await import("playwright-core");
  } finally {
    Deno.env.delete("__IS_WSL_TEST__");
  }
}
