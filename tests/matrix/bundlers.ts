/**
 * Plain imports through bundlers: production builds for pages by esbuild, Vite, Rollup and webpack, run in Chromium, isolated and
 * not; by esbuild for Node, too.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launch, NO_BROWSER } from "../support/browser.ts";
import {
  type Answers,
  assertSame,
  NO_NPM,
  packageTest,
  project,
  run,
  scenarioText,
  succeed,
  write,
} from "./package.ts";
import { Site } from "./site.ts";

const PACKAGES = {
  "@rollup/plugin-node-resolve": "^16",
  esbuild: "^0.28",
  rollup: "^4",
  vite: "^8",
  webpack: "^5",
  "webpack-cli": "^7",
};

/** What a user writes: a worker by the web's own idiom, which bundlers know, and a page that shows what it says. */
const PAGE = `
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => fetch("/answer", { method: "POST", body: JSON.stringify(data) });
`;

/** The same on the page itself, for bundlers that know no workers. */
const SCENARIO = `
import * as weft from "@weft/weft";
import { createPredictor } from "@weft/weft/predict";
import { scenario } from "./scenario.js";
export async function answer() {
  try {
    return await scenario(weft, { createPredictor }, { simd: "strict" });
  } catch (error) {
    return { error: error.name + ": " + error.message };
  }
}
`;

const FILES = {
  "page.js": PAGE,
  "answer.js": SCENARIO,
  "worker.js": 'import { answer } from "./answer.js";\npostMessage(await answer());\n',
  "main.js": `import { answer } from "./answer.js";
fetch("/answer", { method: "POST", body: JSON.stringify(await answer()) });`,
  "node.js":
    'import { answer } from "./answer.js";\nconsole.log(JSON.stringify(await answer()));\n',
  "index.html":
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./page.js"></script>',
  "vite.config.js": 'export default { worker: { format: "es" }, build: { target: "es2022" } };\n',
  "rollup.config.js": `import resolve from "@rollup/plugin-node-resolve";
export default { input: "main.js", output: { dir: "out/rollup", format: "es" }, plugins: [resolve()] };\n`,
  "webpack.config.js": `export default {
  mode: "production",
  entry: "./page.js",
  output: { path: import.meta.dirname + "/out/webpack", filename: "page.js", publicPath: "/" },
  performance: { hints: false },
};\n`,
};

interface Build {
  readonly command: readonly string[];
  /** What is served from the folder, and the script of the page, where the bundler makes no page. */
  readonly folder: string;
  readonly script?: string;
  readonly workers: boolean;
}

const BUILDS: Readonly<Record<string, Build>> = {
  esbuild: {
    command: [
      ...["esbuild", "main.js", "--bundle", "--minify", "--splitting", "--format=esm"],
      ...["--outdir=out/esbuild", "--log-limit=0", "--log-level=warning"],
    ],
    folder: "out/esbuild",
    script: "main.js",
    workers: false,
  },
  vite: {
    command: ["vite", "build", "--outDir", "out/vite", "--logLevel", "warn"],
    folder: "out/vite",
    workers: true,
  },
  rollup: {
    command: ["rollup", "-c", "--silent"],
    folder: "out/rollup",
    script: "main.js",
    workers: false,
  },
  webpack: { command: ["webpack"], folder: "out/webpack", script: "page.js", workers: true },
};

let made: Promise<string> | null = null;

function folder(): Promise<string> {
  made ??= (async () => {
    const folder = await project("bundlers", PACKAGES);
    await write(folder, { ...FILES, "scenario.js": await scenarioText() });
    return folder;
  })();
  return made;
}

let chromium: Promise<Browser> | null = null;

Deno.test.afterAll(async () => {
  await (await chromium)?.close();
});

async function answerOf(
  { folder, script }: { folder: string; script?: string },
  isolated: boolean,
): Promise<Answers> {
  const html = script && FILES["index.html"].replace("page.js", script);
  await using site = new Site({ folder, isolated, files: html ? { "index.html": html } : {} });
  chromium ??= launch();
  const page = await (await chromium).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  try {
    await page.goto(site.address);
    const answer = await site.answer;
    assert.deepEqual(complaints, []);
    return answer;
  } finally {
    await page.close();
  }
}

for (
  const [name, { command: [program, ...args], folder: output, script, workers }] of Object.entries(
    BUILDS,
  )
) {
  packageTest(`${name}: a production build trains in Chromium, isolated and not`, async () => {
    const at = await folder();
    const { code, stdout, stderr } = await run(join(at, "node_modules", ".bin", program), args, {
      cwd: at,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /warn/i);
    for (const isolated of [true, false]) {
      const answer = await answerOf({ folder: join(at, output), script }, isolated);
      await assertSame(answer);
      assert.equal(answer.environment.threads, workers && isolated ? 2 : 1);
    }
  }, NO_NPM ?? NO_BROWSER);
}

packageTest("esbuild: a bundle for Node trains with threads", async () => {
  const at = await folder();
  const program = join(at, "node_modules", ".bin", "esbuild");
  const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning"];
  await succeed(program, ["node.js", ...options, "--outfile=out/node.mjs"], { cwd: at });
  const answer: Answers = JSON.parse(await succeed("node", ["out/node.mjs"], { cwd: at }));
  await assertSame(answer);
  assert.equal(answer.environment.threads, 2);
});
