/**
 * Contract of the Debian source, with the real `apt-get` and `dpkg-deb` on an archive in a folder
 * of this machine: no network, and none of the system's own lists and sources.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { aptSource } from "../../data/apt.ts";
import { FILE_NAMES } from "../../data/files.ts";
import type { Progress } from "../../data/source.ts";
import { runTool } from "../../data/tool.ts";
import { messageOf } from "../../lib/errors.ts";
import { fingerprintsOf, smallIdxFiles, writeFiles } from "../support/idx_files.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const FILES = smallIdxFiles();
const PACKAGE = "weft-test-data";
const FOLDER = "/usr/share/datasets/weft-test";

/** Why apt cannot run here, or null. */
const obstacle = await runTool("apt-get", ["--version"]).then(() => null, messageOf);
const ignore = obstacle !== null;
const why = ignore ? ` (ignored: ${obstacle})` : "";

/**
 * An archive with one package that holds the small data set; returns the options with which apt
 * knows only it.
 */
async function createArchive(root: string): Promise<string[]> {
  const tree = join(root, "tree");
  await writeFiles(join(tree, FOLDER), FILES);
  const control =
    `Package: ${PACKAGE}\nVersion: 1.0\nArchitecture: all\nMaintainer: none <none@example.org>\n` +
    "Description: a small data set\n";
  await writeFiles(join(tree, "DEBIAN"), { control: new TextEncoder().encode(control) });
  const archive = join(root, "archive");
  await Deno.mkdir(archive);
  const file = `${PACKAGE}_1.0_all.deb`;
  await runTool("dpkg-deb", ["--build", tree, join(archive, file)]);
  const bytes = await Deno.readFile(join(archive, file));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const index = `${control}Filename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
  await Deno.writeTextFile(join(archive, "Packages"), index);

  await Deno.writeTextFile(join(root, "sources.list"), `deb [trusted=yes] file:${archive} ./\n`);
  for (const folder of ["no-parts", "no-lists"]) await Deno.mkdir(join(root, folder));
  return [
    `Dir::Etc::SourceList=${root}/sources.list`,
    `Dir::Etc::SourceParts=${root}/no-parts`,
    `Dir::State::Lists=${root}/no-lists`,
  ];
}

function contextFor(root: string) {
  return { expected: fingerprintsOf(FILES), cacheDir: join(root, "cache"), onProgress: () => {} };
}

async function assertNothingLeft(cacheDir: string): Promise<void> {
  assert.deepEqual(await Array.fromAsync(Deno.readDir(cacheDir)), []);
}

Deno.test({
  name: `a package is downloaded and unpacked, though the lists of packages are missing${why}`,
  ignore,
  async fn() {
    await using root = await temporaryFolder();
    const options = await createArchive(root.path);
    const progress: Progress[] = [];
    const context = {
      ...contextFor(root.path),
      onProgress: (step: Progress) => progress.push(step),
    };
    const files = await aptSource(PACKAGE, FOLDER, options).fetchFiles(context);
    for (const name of FILE_NAMES) assert.deepEqual(files.get(name)?.bytes, FILES[name]);
    const last = progress.at(-1);
    assert.equal(last?.file, `${PACKAGE}_1.0_all.deb`);
    assert(last.totalBytes && last.receivedBytes === last.totalBytes);
    await assertNothingLeft(context.cacheDir);
  },
});

Deno.test({
  name: `a package that no archive has is refused in apt's own words${why}`,
  ignore,
  async fn() {
    await using root = await temporaryFolder();
    const options = await createArchive(root.path);
    const context = contextFor(root.path);
    await assert.rejects(
      aptSource("weft-no-such-package", FOLDER, options).fetchFiles(context),
      /^WeftError: apt-get: Unable to locate package weft-no-such-package$/,
    );
    await assertNothingLeft(context.cacheDir);
  },
});

Deno.test({
  name: `an archive that cannot be reached is named, and why${why}`,
  ignore,
  async fn() {
    await using root = await temporaryFolder();
    const options = await createArchive(root.path);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const archive = `http://127.0.0.1:${listener.addr.port}/`;
    listener.close();
    await Deno.writeTextFile(join(root.path, "sources.list"), `deb [trusted=yes] ${archive} ./\n`);
    await assert.rejects(
      aptSource(PACKAGE, FOLDER, options).fetchFiles(contextFor(root.path)),
      /Unable to locate package weft-test-data, after apt-get update: Failed to fetch .*127\.0\.0\.1/,
    );
  },
});

Deno.test({
  name: `a search that is aborted ends apt-get and leaves nothing behind${why}`,
  ignore,
  async fn() {
    await using root = await temporaryFolder();
    const options = await createArchive(root.path);
    const context = { ...contextFor(root.path), signal: AbortSignal.abort(new Error("enough")) };
    await assert.rejects(
      aptSource(PACKAGE, FOLDER, options).fetchFiles(context),
      /^Error: enough$/,
    );
    await assertNothingLeft(context.cacheDir);
  },
});
