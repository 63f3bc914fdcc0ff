/**
 * Contract of the search for Fashion-MNIST: cache, sources in order, and what is said when
 * something fails.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { withScratchFolder } from "../../data/cache.ts";
import { FILE_NAMES } from "../../data/files.ts";
import { folderSource } from "../../data/folder.ts";
import { findFiles, MissingDataError } from "../../data/search.ts";
import { WeftError } from "../../lib/errors.ts";
import {
  fingerprintsOf,
  gzip,
  type IdxFiles,
  smallIdxFiles,
  writeFiles,
} from "../support/idx_files.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const FILES = smallIdxFiles();
const EXPECTED = fingerprintsOf(FILES);
const IMAGES = "train-images-idx3-ubyte";

/** A folder with the files in `good`, one with a wrong file in `bad`, and a place for a cache. */
async function prepare(root: string) {
  const good = join(root, "good");
  const bad = join(root, "bad");
  const zipped: Record<string, Uint8Array> = {};
  for (const name of FILE_NAMES) zipped[`${name}.gz`] = await gzip(FILES[name]);
  await writeFiles(good, zipped);
  await writeFiles(bad, { ...FILES, [IMAGES]: FILES[IMAGES].with(20, 99) });
  const cacheDir = join(root, "cache");
  const notes: string[] = [];
  const search = (...folders: string[]) =>
    findFiles({ cacheDir, sources: folders.map(folderSource), expected: EXPECTED }, {
      onNote: (line) => notes.push(line),
    });
  return { good, bad, cacheDir, notes, search };
}

async function readAll(folder: string): Promise<IdxFiles> {
  const entries = FILE_NAMES.map(async (name) => [name, await Deno.readFile(join(folder, name))]);
  return Object.fromEntries(await Promise.all(entries));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("the first source that has the files fills the cache, from which the next search reads", async () => {
  await using root = await temporaryFolder();
  const { good, bad, cacheDir, notes, search } = await prepare(root.path);
  const found = await search(join(root.path, "missing"), bad, good);
  assert.equal(found.origin, good);
  assert.deepEqual(await readAll(cacheDir), FILES);
  assert.deepEqual(await namesIn(cacheDir), [...FILE_NAMES].sort());

  const again = await search();
  assert.equal(again.origin, cacheDir);
  for (const name of FILE_NAMES) assert.deepEqual(again.files.get(name)?.bytes, FILES[name]);
  assert.deepEqual(notes, []);
});

Deno.test("a damaged or incomplete cache is reported in one line, and mended", async () => {
  const damages: [damage: (path: string) => Promise<void>, reason: RegExp][] = [
    [
      (path) => Deno.truncate(path, 30),
      /train-images-idx3-ubyte is damaged or another file: its SHA/,
    ],
    [(path) => Deno.remove(path), /train-images-idx3-ubyte is missing$/],
  ];
  for (const [damage, reason] of damages) {
    await using root = await temporaryFolder();
    const { good, cacheDir, notes, search } = await prepare(root.path);
    await search(good);
    await damage(join(cacheDir, IMAGES));
    assert.equal((await search(good)).origin, good);
    assert.equal(notes.length, 1);
    assert.match(notes[0], /^Cannot use the cache .*cache, so the data is fetched anew: /);
    assert.match(notes[0], reason);
    assert.deepEqual(await readAll(cacheDir), FILES);
  }
});

Deno.test("where the cache cannot be written, the data is used and a note says why", async () => {
  await using root = await temporaryFolder();
  const { good, cacheDir, notes, search } = await prepare(root.path);
  await Deno.writeTextFile(cacheDir, "a file in place of the folder");
  assert.equal((await search(good)).origin, good);
  assert.equal(notes.length, 2);
  assert.match(notes[0], /^Cannot use the cache/);
  assert.match(notes[1], /^Cannot keep the data in .*cache, so the next start fetches it again: /);
});

Deno.test("where the cache cannot be written, what is in no folder of this machine is refused", async () => {
  await using root = await temporaryFolder();
  const { good, cacheDir } = await prepare(root.path);
  await Deno.writeTextFile(cacheDir, "a file in place of the folder");
  const { fetchFiles } = folderSource(good);
  const places = { cacheDir, sources: [{ name: "far away", fetchFiles }], expected: EXPECTED };
  await assert.rejects(
    findFiles(places, { onNote: () => {} }),
    /^WeftError: Cannot keep Fashion-MNIST in .*cache: .*; make room there, or make it writable$/,
  );
});

Deno.test("a search that only reads leaves the cache as it is", async () => {
  await using root = await temporaryFolder();
  const { good, cacheDir } = await prepare(root.path);
  const sources = [folderSource(good)];
  const places = { cacheDir, sources, expected: EXPECTED, readOnly: true, remedy: "Fetch it" };
  assert.equal((await findFiles(places)).origin, good);
  await assert.rejects(Deno.stat(cacheDir), Deno.errors.NotFound);

  await writeFiles(cacheDir, { ...FILES, [IMAGES]: new Uint8Array(9) });
  const notes: string[] = [];
  await findFiles(places, { onNote: (line) => notes.push(line) });
  assert.match(notes.join("\n"), /^Cannot use the cache .*, so the data is sought elsewhere: .*$/);
  assert.equal((await Deno.stat(join(cacheDir, IMAGES))).size, 9);
  const nowhere = findFiles({ ...places, sources: [] }, { onNote: () => {} });
  await assert.rejects(nowhere, (error: Error) => {
    assert(error instanceof MissingDataError);
    assert.match(error.message, /\. Fetch it, or name a folder with --data-dir /);
    return true;
  });
});

Deno.test("where every source fails, the message names each one, its reason and what to do", async () => {
  await using root = await temporaryFolder();
  const { bad, cacheDir, search } = await prepare(root.path);
  const missing = join(root.path, "missing");
  await assert.rejects(search(missing, bad), (error: Error) => {
    assert(error instanceof WeftError);
    assert.doesNotMatch(error.message, /\n/);
    const [places, remedy] = error.message.split(". Connect to the network");
    assert.match(remedy, / folder with --data-dir .*train-images-idx3-ubyte,/);
    const start = "Cannot find Fashion-MNIST; tried, in this order: ";
    assert(places.startsWith(`${start}${cacheDir}: no complete, undamaged data set yet; `), places);
    assert.match(
      places,
      /\/missing: .*there is no such folder.*\/bad: .*is damaged or another file/,
    );
    return true;
  });
  await assert.rejects(Deno.stat(cacheDir), Deno.errors.NotFound);
});

Deno.test("a search that is aborted ends with the signal's reason and tries nothing more", async () => {
  await using root = await temporaryFolder();
  const { good, cacheDir } = await prepare(root.path);
  const places = { cacheDir, sources: [folderSource(good)], expected: EXPECTED };
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(findFiles(places, { signal }), /^Error: enough$/);
});

testUnless(
  NO_UNIX,
  "what a killed process left in the cache goes, what one is writing or somebody else made stays",
  async () => {
    await using root = await temporaryFolder();
    const { good, cacheDir, search } = await prepare(root.path);
    // Made by the cache itself, and copied as if its process had been killed.
    await withScratchFolder(cacheDir, async (scratch) => {
      await writeFiles(scratch, { [IMAGES]: new Uint8Array(9) });
      const abandoned = join(cacheDir, "unfinished-old");
      await Deno.mkdir(abandoned);
      for (const name of await namesIn(scratch)) {
        await Deno.copyFile(join(scratch, name), join(abandoned, name));
      }
      await Deno.writeTextFile(join(cacheDir, `${IMAGES}.0a1b2c3d.partial`), "half");
      // Of a name alone nobody can tell whose it is, however old it is.
      const stranger = join(cacheDir, "unfinished-novel");
      await writeFiles(stranger, { "chapter-1.txt": new Uint8Array(9) });
      await Deno.utime(stranger, 1e9, 1e9);
      await search(good);
      const own = scratch.slice(cacheDir.length + 1);
      assert.deepEqual(
        await namesIn(cacheDir),
        [...FILE_NAMES, own, "unfinished-novel"].sort(),
      );
      assert.equal((await namesIn(scratch)).length, 2);
    });
    assert.deepEqual(await namesIn(cacheDir), [...FILE_NAMES, "unfinished-novel"].sort());
  },
);
