/**
 * The package's files as they are in browsers: on a page and in a module worker, cross-origin isolated and not. Threads compute
 * in an isolated worker; elsewhere one thread does, and the start event says why.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launch, NO_BROWSER } from "../support/browser.ts";
import { NO_FIREFOX, openInFirefox } from "./firefox.ts";
import { type Answers, assertSame, NO_NPM, packageTest, project, scenarioText } from "./package.ts";
import { pagesOf, type Where } from "./pages.ts";
import { Site, type SiteOptions } from "./site.ts";

let chromium: Promise<Browser> | null = null;

Deno.test.afterAll(async () => {
  await (await chromium)?.close();
});

/** What the first page to answer says, and what the console was told meanwhile. */
async function openInChromium(site: Site): Promise<{ answer: Answers; complaints: string[] }> {
  chromium ??= launch();
  const page = await (await chromium).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  try {
    await page.goto(site.address);
    return { answer: await site.answer, complaints };
  } finally {
    await page.close();
  }
}

async function siteFor(
  where: Where,
  options: Omit<SiteOptions, "folder" | "files">,
  backendOptions?: string,
): Promise<Site> {
  const folder = join(await project("plain"), "node_modules", "@weft", "weft");
  return new Site({
    ...options,
    folder,
    files: pagesOf(where, await scenarioText(), backendOptions),
  });
}

/** Why one thread computes; where none is said, two do. */
const REFUSALS: Readonly<Record<string, RegExp | undefined>> = {
  "page, isolated": /^1 of 2 threads compute: a page's main thread may not wait/,
  "page, not isolated": /^1 of 2 threads compute: no memory can be shared .*cross-origin isolated/,
  "worker, isolated": undefined,
  "worker, not isolated":
    /^1 of 2 threads compute: no memory can be shared .*cross-origin isolated/,
};

function assertThreads({ environment }: Answers, place: string): void {
  const refusal = REFUSALS[place];
  assert.equal(environment.threads, refusal ? 1 : 2, place);
  if (refusal) assert.match(environment.refusedThreads!, refusal);
  else assert.equal(environment.refusedThreads, undefined);
}

for (const place of Object.keys(REFUSALS)) {
  const [where, isolation] = place.split(", ") as [Where, string];
  const options = { isolated: isolation === "isolated" };
  packageTest(`Chromium: ${place}`, async () => {
    await using site = await siteFor(where, options);
    const { answer, complaints } = await openInChromium(site);
    await assertSame(answer);
    assertThreads(answer, place);
    assert.deepEqual(complaints, []);
  }, NO_NPM ?? NO_BROWSER);
  packageTest(`Firefox: ${place}`, async () => {
    await using site = await siteFor(where, options);
    const answer: Answers = await openInFirefox(site.address, site.answer);
    await assertSame(answer);
    assertThreads(answer, place);
  }, NO_NPM ?? NO_FIREFOX);
}

packageTest(
  "Chromium: a content security policy that allows no workers costs the threads, and is said",
  async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
    const headers = { "content-security-policy": policy };
    await using site = await siteFor("worker", { isolated: true, headers });
    const { answer } = await openInChromium(site);
    await assertSame(answer);
    assert.equal(answer.environment.threads, 1);
    assert.match(
      answer.environment.refusedThreads!,
      /^1 of 2 threads compute: .*(content security policy|blob)/,
    );
  },
  NO_NPM ?? NO_BROWSER,
);

packageTest(
  "Chromium: a content security policy that allows no WebAssembly is named in one line",
  async () => {
    const headers = { "content-security-policy": "script-src 'self'" };
    await using site = await siteFor("page", { headers });
    const { answer } = await openInChromium(site);
    const { error } = answer as unknown as { error: string };
    assert.match(error, /^WeftError: Cannot compile the strict kernels: .*'wasm-unsafe-eval'/);
  },
  NO_NPM ?? NO_BROWSER,
);
