import assert from "node:assert/strict";
import { FileCache } from "./file_cache.ts";

/** A cache that says what it parsed, over a folder of its own. */
function cacheOf(keptBytes: number, keptFiles = 10) {
  const parsed: string[] = [];
  const cache = new FileCache<string>({
    file: "f",
    most: 100,
    parse: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      parsed.push(text);
      return text;
    },
    refuse: (problem) => `no: ${problem}`,
    keptBytes,
    keptFiles,
  });
  return { cache, parsed };
}

function write(root: string, name: string, text: string): void {
  Deno.mkdirSync(`${root}/${name}`, { recursive: true });
  Deno.writeTextFileSync(`${root}/${name}/f`, text);
}

Deno.test("a file is parsed once, and again when it has changed", () => {
  const root = Deno.makeTempDirSync();
  const { cache, parsed } = cacheOf(1000);
  write(root, "a", "one");
  assert(!cache.isKept(root, "a"));
  for (let i = 0; i < 3; i++) assert.equal(cache.get(root, "a"), "one");
  assert(cache.isKept(root, "a"));
  write(root, "a", "other");
  assert.equal(cache.get(root, "a"), "other");
  assert.deepEqual(parsed, ["one", "other"]);
  Deno.removeSync(`${root}/a/f`);
  assert.equal(cache.get(root, "a"), "no: it has no f");
  write(root, "long", "x".repeat(101));
  assert.equal(cache.get(root, "long"), "no: f has 101 bytes; the most that is read is 100");
  Deno.removeSync(root, { recursive: true });
});

Deno.test("what was asked for longest ago is forgotten first, and the latest never", () => {
  const root = Deno.makeTempDirSync();
  const { cache, parsed } = cacheOf(25, 3);
  for (const name of ["a", "b", "c"]) write(root, name, name.repeat(10));
  for (const name of ["a", "b", "a", "c"]) cache.get(root, name);
  assert.deepEqual(["a", "b", "c"].map((name) => cache.isKept(root, name)), [true, false, true]);
  write(root, "d", "d".repeat(100));
  cache.get(root, "d");
  cache.get(root, "d");
  assert.deepEqual(parsed.map(([letter]) => letter).join(""), "abcd");
  for (const name of ["e", "f", "g", "h"]) {
    write(root, name, name);
    cache.get(root, name);
  }
  assert.deepEqual(["d", "e", "f", "g", "h"].map((name) => cache.isKept(root, name)), [
    ...[false, false, true, true, true],
  ]);
  Deno.removeSync(root, { recursive: true });
});
