/** A real browser for tests: Debian's Chromium, driven by playwright-core. */

import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { beforeServersEnd } from "./before_end.ts";
import { TEMPORARY } from "./temp_folder.ts";

const CHROMIUM = "/usr/bin/chromium";

/** Why nothing can be done in a browser here; null where it can. */
export const NO_BROWSER = exists(CHROMIUM) ? null : "no Chromium";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** One Chromium for all tests of a file: starting it takes longer than most of them. */
let chromium: Promise<Browser> | null = null;

/** Registers a test that needs a browser. */
export function browserTest(name: string, fn: (browser: TestBrowser) => Promise<void>): void {
  Deno.test({
    name: NO_BROWSER ? `${name} (ignored: ${NO_BROWSER})` : name,
    ignore: NO_BROWSER !== null,
    // The browser's processes and sockets are playwright's own.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      if (!(await chromium)?.isConnected()) chromium = launch();
      await using browser = new TestBrowser(await chromium!);
      await fn(browser);
      browser.assertNoErrors();
    },
  });
}

if (NO_BROWSER === null) {
  Deno.test.afterAll(async () => {
    await (await chromium)?.close();
    chromium = null;
  });
}

/**
 * Starts Chromium, whose profile is a temporary folder among those of the tests.
 *
 * @param graphics arguments that say what draws
 */
export async function launch(graphics: readonly string[] = ["--disable-gpu"]): Promise<Browser> {
  const { chromium } = await importPlaywright();
  // Tests may run as root, for whom Chromium has no sandbox; pages come from the test's own server.
  const args = ["--no-sandbox", ...graphics];
  const { TMPDIR, ...env } = Deno.env.toObject();
  // Chromium itself has sockets in its folder, whose paths must be short.
  if (TMPDIR !== undefined && TMPDIR !== TEMPORARY) env.TMPDIR = TMPDIR;
  await Deno.mkdir(TEMPORARY, { recursive: true });
  // For good: files of tests that run at a time share their variables.
  Deno.env.set("TMPDIR", TEMPORARY);
  return await chromium.launch({ executablePath: CHROMIUM, args, env });
}

/** What one test does in the browser. */
export class TestBrowser implements AsyncDisposable {
  /** What pages complained of: exceptions, the content security policy, failed requests. */
  readonly errors: string[] = [];
  readonly #pages: Page[] = [];
  readonly #forget = beforeServersEnd(() => this.#closePages());

  constructor(readonly browser: Browser) {}

  /** A new page in a window of its own, whose islands live. */
  async open(
    address: string,
    options: Parameters<Browser["newPage"]>[0] = {},
  ): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    this.#pages.push(page);
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      // The live stream breaks off where a test ends its server.
      const isStream = message.location().url.includes("/api/events");
      // The browser asks for a page's icon when it likes, also after that.
      const isOver = message.text().includes("ERR_CONNECTION_REFUSED");
      if (message.type() === "error" && !isStream && !isOver) this.errors.push(message.text());
    });
    await page.goto(address);
    await islandsAlive(page);
    return page;
  }

  assertNoErrors(): void {
    assert.deepEqual(this.errors, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#forget();
    await this.#closePages();
  }

  async #closePages(): Promise<void> {
    await Promise.all(this.#pages.splice(0).map((page) => page.context().close()));
  }
}

/** Waits until islands answer to the keyboard: until then they are only the server's HTML. */
export async function islandsAlive(page: Page): Promise<void> {
  // Where Preact keeps what it has rendered into an element.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[data-island]")].every((island) => "__k" in island)
  );
}

/** Waits until every chart of the page is drawn. */
export async function chartsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const hosts = [...document.querySelectorAll(".chart-plot")];
    return hosts.length > 0 && hosts.every((host) => host.querySelector("canvas"));
  });
}

/**
 * Playwright looks, when it is loaded, whether it runs in Windows' Linux, in a file for which Deno asks for every
 * permission there is. This variable of its own tests keeps it from looking.
 */
async function importPlaywright(): Promise<typeof import("playwright-core")> {
  Deno.env.set("__IS_WSL_TEST__", "1");
  return await import("playwright-core");
}
