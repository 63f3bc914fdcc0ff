import assert from "node:assert/strict";
import { join } from "node:path";
import { encode } from "fast-png";
import { NO_UNIX, testUnless } from "../../../tests/support/cli.ts";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import { WeftError } from "../../errors.ts";
import { listImages } from "./list_images.ts";
import { loadImageFolder } from "./load_image_folder.ts";

const gray = (value: number) =>
  encode({ width: 2, height: 1, data: Uint8Array.of(value, value), channels: 1 });

/** A folder with two classes, and one for the cache. */
async function makeFolders(path: string) {
  const [images, cache] = [join(path, "images"), join(path, "cache")];
  for (const folder of [join(images, "a"), join(images, "b"), cache]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  await Deno.writeFile(join(images, "a/1.png"), gray(1));
  await Deno.writeFile(join(images, "b/1.png"), gray(2));
  return { images, cache };
}

const names = async (path: string) =>
  (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();

/** Loads with the cache; says how many images were decoded. */
async function load(images: string, cacheFolder: string) {
  const notes: string[] = [];
  let decoded = 0;
  const { train } = await loadImageFolder(images, {
    cacheFolder,
    onNote: (line) => void notes.push(line),
    onProgress: ({ done }) => void (decoded = done),
  });
  return { features: [...train.features], decoded, notes };
}

Deno.test("images are decoded once, and again when a file changes", async () => {
  await using temporary = await temporaryFolder();
  const { images, cache } = await makeFolders(temporary.path);
  assert.deepEqual(await load(images, cache), { features: [1, 1, 2, 2], decoded: 2, notes: [] });
  assert.deepEqual(await load(images, cache), { features: [1, 1, 2, 2], decoded: 0, notes: [] });
  await Deno.writeFile(join(images, "b/1.png"), gray(77));
  await Deno.utime(join(images, "b/1.png"), 1, 1);
  assert.deepEqual(await load(images, cache), { features: [1, 1, 77, 77], decoded: 2, notes: [] });
  await Deno.writeFile(join(images, "b/2.png"), gray(3));
  assert.equal((await load(images, cache)).decoded, 3);
  assert.equal((await names(cache)).length, 3);
  assert.equal((await loadImageFolder(images)).train.rows, 3);
});

Deno.test("a file that is no cache, or has a byte changed, is neither believed nor overwritten", async () => {
  await using temporary = await temporaryFolder();
  const { images, cache } = await makeFolders(temporary.path);
  await load(images, cache);
  const [name] = await names(cache);
  const path = join(cache, name);
  const whole = await Deno.readFile(path);
  const damaged = whole.slice();
  damaged[damaged.length - 1] ^= 1;
  for (const bytes of [damaged, new TextEncoder().encode("my notes"), new Uint8Array()]) {
    await Deno.writeFile(path, bytes);
    const { features, decoded, notes } = await load(images, cache);
    assert.deepEqual([features, decoded], [[1, 1, 2, 2], 2]);
    assert.match(
      notes[0],
      /\.images is no cache of images that Weft wrote, or is damaged; move it/,
    );
    assert.deepEqual(await Deno.readFile(path), bytes);
  }
  // One of other images, under this name: Weft's own, so it is replaced.
  await Deno.writeFile(join(images, "b/2.png"), gray(3));
  await load(images, cache);
  const other = (await names(cache)).find((it) => it !== name)!;
  await Deno.writeFile(join(cache, other), whole);
  assert.deepEqual(await load(images, cache), {
    features: [1, 1, 2, 2, 3, 3],
    decoded: 3,
    notes: [],
  });
  assert.equal((await load(images, cache)).decoded, 0);
});

Deno.test("without a folder to keep them in, images are decoded all the same", async () => {
  await using temporary = await temporaryFolder();
  const { images, cache } = await makeFolders(temporary.path);
  const { decoded, notes } = await load(images, join(cache, "missing"));
  assert.equal(decoded, 2);
  assert.match(notes[0], /^decoded images are not kept: Cannot write /);
});

testUnless(NO_UNIX, "links are followed, but not round in circles or to nowhere", async () => {
  await using temporary = await temporaryFolder();
  const { images } = await makeFolders(temporary.path);
  await Deno.symlink(join(images, "a"), join(images, "c"));
  await Deno.symlink(images, join(images, "a/above"));
  await Deno.symlink(join(images, "nowhere"), join(images, "b/2.png"));
  assert.deepEqual(listImages(images).map(({ path }) => path).sort(), [
    "a/1.png",
    "b/1.png",
    "c/1.png",
  ]);
});

Deno.test("a folder that is none is refused in one line", async () => {
  await using temporary = await temporaryFolder();
  const { images } = await makeFolders(temporary.path);
  for (const [path, why] of [["x", "it is not there"], ["images/a/1.png", "it is a file"]]) {
    const root = join(temporary.path, path);
    await assert.rejects(
      loadImageFolder(root),
      new WeftError(`Cannot read the folder ${root}: ${why}; name a folder of images`),
    );
  }
  await Deno.writeTextFile(join(images, "b/1.png"), "<html>");
  await assert.rejects(
    loadImageFolder(images),
    /Cannot read 1 of 2 images: b\/1\.png \(it is an HTML page; download the file itself\); mend or/,
  );
});
