/** The drawing of ARCHITECTURE.md: what it says to import something does, and is not imported by it. */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { blocksOf, DOCUMENTS } from "../support/documents.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** Arrows of the drawing's lines, `a -> b` and `b <- a`; a place is a file or a folder. */
function arrows(): [from: string, to: string][] {
  const document = DOCUMENTS.find(({ name }) => name === "ARCHITECTURE.md")!;
  const drawing = blocksOf(document).find(({ text }) => text.includes("main.ts ->"))!;
  return drawing.text.split("\n").flatMap((line) => {
    const parts = line.trim().split(/\s*(<?->?)\s*/).map((part) => part.replace(/\/\*?$/, ""));
    const found: [string, string][] = [];
    for (let i = 1; i < parts.length; i += 2) {
      const [left, arrow, right] = parts.slice(i - 1, i + 2);
      if (arrow === "->") found.push([left, right]);
      if (arrow === "<-") found.push([right, left]);
    }
    return found.filter((pair) => pair.every((place) => /^[\w./]+$/.test(place)));
  });
}

function* sources(path: string): Generator<string> {
  if (/\.tsx?$/.test(path)) return void (yield path);
  for (const { name, isDirectory } of Deno.readDirSync(join(ROOT, path))) {
    if (isDirectory) yield* sources(`${path}/${name}`);
    else if (/\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name)) yield `${path}/${name}`;
  }
}

/** Files that the sources of a place import, from the repository's folder. */
const imported = (place: string): Set<string> =>
  new Set(
    [...sources(place)].flatMap((path) =>
      [...Deno.readTextFileSync(join(ROOT, path)).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
        .map(([, target]) => relative(ROOT, join(ROOT, dirname(path), target)))
    ),
  );

const isIn = (place: string) => (path: string) => path === place || path.startsWith(`${place}/`);

Deno.test("the drawing's arrows are imports, and none goes the other way", () => {
  const drawn = arrows();
  assert(drawn.length >= 8, JSON.stringify(drawn));
  for (const [from, to] of drawn) {
    assert([...imported(from)].some(isIn(to)), `${from} imports ${to}`);
    assert.deepEqual([...imported(to)].filter(isIn(from)), [], `${to} imports ${from}`);
  }
});
