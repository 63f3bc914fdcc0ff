/** The installed package on runtimes without pages: Node 20, 22 and 24, Bun, and Deno as a user of npm packages. */

import assert from "node:assert/strict";
import { join } from "node:path";
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
import { decodeImage } from "../../lib/images.ts";
import { programOf, RUNTIMES } from "./runtime_programs.ts";

const SCRIPT = `
import * as weft from "@weft/weft";
import * as predict from "@weft/weft/predict";
import { scenario } from "./scenario.js";
const [simd, threads] = process.argv.slice(2);
try {
  console.log(JSON.stringify(await scenario(weft, predict, { simd, threads: Number(threads) })));
} catch (error) {
  console.error(error instanceof weft.WeftError ? error.message : error);
  process.exitCode = 1;
}
`;

/** Decodes the files of a folder that the sources decode, too. */
const IMAGES = `
import { readFileSync } from "node:fs";
import { decodeImage } from "@weft/weft/images";
const decoded = {};
for (const name of process.argv.slice(3)) {
  const bytes = new Uint8Array(readFileSync(process.argv[2] + "/" + name));
  const { pixels, ...image } = await decodeImage(bytes, name);
  decoded[name] = { ...image, pixels: [...pixels] };
}
console.log(JSON.stringify(decoded));
`;
const SAMPLES = join(import.meta.dirname!, "..", "samples", "images");
const NAMES = ["color.png", "color.jpg", "exif_6.jpg", "lossy.webp", "alpha.webp"];

let made: Promise<string> | null = null;

function folder(): Promise<string> {
  made ??= (async () => {
    const folder = await project("runtimes", RUNTIMES);
    await write(folder, {
      "scenario.js": await scenarioText(),
      "script.js": SCRIPT,
      "images.js": IMAGES,
    });
    return folder;
  })();
  return made;
}

/** Permissions of Deno that the package needs: to be read, and nothing to compute. */
const DENO = [
  "run",
  "-q",
  "--no-prompt",
  "--no-config",
  "--node-modules-dir=manual",
  "--allow-read",
];

async function answersOf(runtime: string, simd: string, threads: number): Promise<Answers> {
  const at = await folder();
  const flags = runtime === "deno" ? DENO : [];
  const args = [...flags, "script.js", simd, String(threads)];
  return JSON.parse(await succeed(programOf(at, runtime), args, { cwd: at }));
}

for (const runtime of ["node20", "node22", "node24", "bun", "deno"]) {
  packageTest(
    `${runtime}: the strict build has the bits of the sources, with one thread and two`,
    async () => {
      for (const threads of [1, 2]) {
        const answers = await answersOf(runtime, "strict", threads);
        assert.equal(answers.environment.threads, threads);
        assert.equal(answers.environment.refusedThreads, undefined);
        await assertSame(answers);
      }
    },
  );
}

packageTest("images are decoded everywhere as by the sources, with nothing fetched", async () => {
  const expected: Record<string, unknown> = {};
  for (const name of NAMES) {
    const { pixels, ...image } = await decodeImage(Deno.readFileSync(join(SAMPLES, name)), name);
    expected[name] = { ...image, pixels: [...pixels] };
  }
  const cwd = await folder();
  for (const runtime of ["node20", "node22", "node24", "bun", "deno"]) {
    const flags = runtime === "deno" ? DENO : [];
    const args = [...flags, "images.js", SAMPLES, ...NAMES];
    assert.deepEqual(JSON.parse(await succeed(programOf(cwd, runtime), args, { cwd })), expected);
  }
});

packageTest("where relaxed SIMD is missing, the strict build computes", async () => {
  const { environment, losses } = await answersOf("node20", "auto", 2);
  assert.equal(environment.simd, "strict");
  assert.deepEqual(losses, (await answersOf("node22", "strict", 2)).losses);
  assert.equal((await answersOf("node24", "auto", 2)).environment.simd, "relaxed");
});

async function refusalOf(runtime: string, ...args: string[]): Promise<string> {
  const at = await folder();
  const { code, stdout, stderr } = await run(programOf(at, runtime), [...args, "auto", "1"], {
    cwd: at,
  });
  assert.equal(code, 1, stdout);
  assert.match(stderr, /^[^\n]+\n$/, "one line");
  return stderr;
}

packageTest("a runtime that is too old is named in one line", async () => {
  assert.match(
    await refusalOf("node18", "script.js"),
    /this is Node 18\.\d+\.\d+, and Weft needs Node 20/,
  );
});

packageTest(
  "a processor without SIMD is named in one line",
  async () => {
    const refusal = await refusalOf("node24", "--no-enable-sse4-1", "script.js");
    assert.match(refusal, /has no WebAssembly SIMD/);
  },
  NO_NPM ?? (Deno.build.arch === "x86_64" ? null : "only x86-64 can be without"),
);

packageTest(
  "a package without its kernels is named in one line, with what the runtime says",
  async () => {
    const at = await folder();
    const chunks = join(at, "node_modules", "@weft", "weft", "chunks");
    const kernels = Array.from(Deno.readDirSync(chunks), ({ name }) => name)
      .filter((name) => /^(strict|relaxed)-/.test(name));
    assert.equal(kernels.length, 2);
    for (const name of kernels) await Deno.rename(join(chunks, name), join(chunks, `${name}.away`));
    try {
      for (const runtime of ["node24", "bun"]) {
        const refusal = await refusalOf(runtime, "script.js");
        assert.match(
          refusal,
          /^Cannot load the relaxed kernels: .*relaxed-\w+\.js.*install it again/,
        );
      }
    } finally {
      for (const name of kernels) {
        await Deno.rename(
          join(chunks, `${name}.away`),
          join(chunks, name),
        );
      }
    }
  },
);
