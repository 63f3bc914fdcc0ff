/** What the package weighs, in the tarball and on pages; and what bundlers leave out of pages that do not need it. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarball as makeTarball } from "../../lib/pack/tarball.ts";
import { packageTest, project, succeed, tarball, write } from "./package.ts";

/** Bytes of a tarball of the library alone: `.` and `./predict`, with types and kernels. */
const MOST_LIBRARY = 400_000;
/** With the program `weft`, and other people's decoders of Parquet (Brotli's dictionary alone is 70 kB), JPEG and WebP. */
const MOST_TARBALL = 850_000;
/** Bytes of JavaScript and kernels that a page loads, each file gzipped. */
const MOST_TO_PREDICT = 45_000;
const MOST_TO_TRAIN = 100_000;

packageTest(
  "the tarball is small, has no path of this machine in it, and comes out the same again",
  async () => {
    const path = await tarball();
    const packed = await Deno.readFile(path);
    assert(packed.length <= MOST_TARBALL, `${packed.length} bytes`);
    const root = join(import.meta.dirname!, "..", "..");
    await succeed(Deno.execPath(), ["task", "-q", "pack"], { cwd: root });
    assert.deepEqual(await Deno.readFile(path), packed);
    const folder = join(await project("plain"), "node_modules", "@weft", "weft");
    const { files }: { files: string[] } = JSON.parse(
      await Deno.readTextFile(join(folder, "package.json")),
    );
    assert(!files.some((path) => path.endsWith(".tgz")), "an earlier tarball");
    const program = await modulesOf(folder, "weft.js", "images.js", "parquet.js");
    const library = await modulesOf(folder, "index.js", "predict.js");
    const own = files.filter((path) => library.has(path) || !program.has(path))
      .map((path) => [path, Deno.readFileSync(join(folder, path))] as const);
    const ownBytes = makeTarball(new Map(own)).length;
    assert(ownBytes <= MOST_LIBRARY, `${ownBytes} bytes of the library`);
    console.log(`tarball: ${packed.length} bytes, ${ownBytes} of them the library`);
    const hits = await succeed("sh", ["-c", 'grep -rlF "$0" . || true', root], { cwd: folder });
    assert.equal(hits, "");
  },
);

/** Paths of modules in the package, and of all that they import. */
async function modulesOf(folder: string, ...modules: string[]): Promise<Set<string>> {
  const found = new Set(modules);
  for (const path of found) {
    const code = await Deno.readTextFile(join(folder, path));
    for (const [, imported] of code.matchAll(/(?:from|import\(|import)"(\.[^"]+\.js)"/g)) {
      found.add(new URL(imported, `file:///${path}`).pathname.slice(1));
    }
  }
  return found;
}

/** Gzipped bytes of what esbuild makes of a page, by file. */
async function pageOf(name: string, code: string): Promise<Map<string, number>> {
  const folder = await project("bundle", { esbuild: "^0.28" });
  await write(folder, { [`${name}.js`]: code });
  const output = join(folder, "out", name);
  await Deno.remove(output, { recursive: true }).catch(() => {});
  const options = ["--bundle", "--minify", "--splitting", "--format=esm", "--log-level=warning"];
  const program = join(folder, "node_modules", ".bin", "esbuild");
  await succeed(program, [`${name}.js`, ...options, `--outdir=${output}`], { cwd: folder });
  const sizes = new Map<string, number>();
  for (const { name } of Deno.readDirSync(output)) {
    sizes.set(name, gzipSync(await Deno.readFile(join(output, name)), { level: 9 }).length);
  }
  return sizes;
}

/** Bytes of the files that a page loads: not those of kernels that its engine has no use for, nor of WebGPU. */
function loaded(sizes: ReadonlyMap<string, number>): number {
  const kernels = [...sizes].filter(([name]) => /^(strict|relaxed|predictor)/.test(name));
  const rest = [...sizes].filter(([name]) => !/^(strict|relaxed|predictor|webgpu)/.test(name));
  assert.equal(kernels.length, 2, "a chunk a build");
  return Math.max(...kernels.map(([, size]) => size)) +
    rest.reduce((sum, [, size]) => sum + size, 0);
}

packageTest("a page that only predicts is small, and so is one that trains", async () => {
  const predict = await pageOf(
    "predict",
    'import { createPredictor } from "@weft/weft/predict";\nglobalThis.predictor = createPredictor;',
  );
  assert(loaded(predict) <= MOST_TO_PREDICT, `${loaded(predict)} bytes to predict`);
  const train = await pageOf(
    "train",
    'import { train, encodeModel } from "@weft/weft";\nglobalThis.weft = { train, encodeModel };',
  );
  assert(loaded(train) <= MOST_TO_TRAIN, `${loaded(train)} bytes to train`);
  console.log(`gzipped: ${loaded(predict)} bytes to predict, ${loaded(train)} to train`);
});

packageTest("a page gets what it imports, and not the rest", async () => {
  const folder = await project("bundle", { esbuild: "^0.28" });
  const codeOf = async (name: string, code: string) => {
    await pageOf(name, code);
    return await Deno.readTextFile(join(folder, "out", name, `${name}.js`));
  };
  const reads = await codeOf(
    "reads",
    'import { readCsv } from "@weft/weft";\nglobalThis.x = readCsv;',
  );
  const trains = await codeOf(
    "trains",
    'import { train } from "@weft/weft";\nglobalThis.x = train;',
  );
  // Names of each part that minifiers leave.
  const [csv, training, onnx] = [/separator/, /trainLoss/, /ai\.onnx/];
  assert.match(reads, csv);
  assert.doesNotMatch(reads, training);
  assert.match(trains, training);
  for (const code of [reads, trains]) assert.doesNotMatch(code, onnx);
  assert(reads.length < trains.length / 4, `${reads.length} of ${trains.length} characters`);
});
