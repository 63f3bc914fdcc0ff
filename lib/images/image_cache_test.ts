import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageFolder } from "./folder_parts.ts";
import {
  decodeImageCache,
  encodeImageCache,
  type FileState,
  imageCacheKey,
} from "./image_cache.ts";

const FOLDER: ImageFolder = {
  train: {
    rows: 3,
    features: Uint8Array.from({ length: 36 }, (_, i) => 7 * i),
    shape: [2, 2, 3],
    labels: Uint8Array.of(0, 1, 1),
  },
  test: {
    rows: 2,
    features: Uint8Array.from({ length: 24 }, (_, i) => 255 - i),
    shape: [2, 2, 3],
    targets: { task: "classification", labels: Uint8Array.of(2, 0), known: 2 },
  },
  classNames: ["a", "雪"],
  classCounts: [1, 2],
  notes: ["a note"],
};
const FILES: readonly FileState[] = [
  { path: "a/1.png", size: 10, modified: 5, changed: 6 },
  { path: "b/1.png", size: 11, modified: 7, changed: null },
];

Deno.test("what is kept comes back", async () => {
  const bytes = await encodeImageCache(FOLDER, "key");
  assert.deepEqual(await decodeImageCache(bytes, "key"), FOLDER);
  const { test: _, ...alone } = FOLDER;
  assert.deepEqual(await decodeImageCache(await encodeImageCache(alone, "k"), "k"), alone);
});

Deno.test("what is of other images, or damaged anywhere, is not taken", async () => {
  const bytes = await encodeImageCache(FOLDER, "key");
  assert.equal(await decodeImageCache(bytes, "other"), null);
  assert.equal(await decodeImageCache(new Uint8Array(), "key"), null);
  const at = fc.integer({ min: 0, max: bytes.length - 1 });
  await fc.assert(
    fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const damaged = bytes.slice();
      damaged[at] ^= by;
      assert.equal(await decodeImageCache(damaged, "key"), null);
      assert.equal(await decodeImageCache(bytes.slice(0, at), "key"), null);
    }),
  );
});

Deno.test("the key follows from files and options, and not from the files' order", async () => {
  const key = await imageCacheKey(FILES, {});
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.equal(await imageCacheKey(FILES.toReversed(), { skipBroken: false }), key);
  const [first, second] = FILES;
  const keys = await Promise.all([
    imageCacheKey([first], {}),
    imageCacheKey([first, { ...second, path: "b/2.png" }], {}),
    imageCacheKey([first, { ...second, size: 12 }], {}),
    imageCacheKey([first, { ...second, modified: 8 }], {}),
    imageCacheKey([first, { ...second, changed: 8 }], {}),
    imageCacheKey(FILES, { channels: 1 }),
    imageCacheKey(FILES, { channels: 3 }),
    imageCacheKey(FILES, { skipBroken: true }),
    imageCacheKey(FILES, { size: { height: 2, width: 3 } }),
    imageCacheKey(FILES, { size: { height: 3, width: 2 } }),
  ]);
  assert.equal(new Set([key, ...keys]).size, keys.length + 1);
});
