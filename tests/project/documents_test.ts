/** Links in documents lead somewhere, and the README stays short. */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dirname!, "../..");

function* documents(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* documents(join(folder, name));
    else if (name.endsWith(".md")) yield join(folder, name);
  }
}

const DOCUMENTS = [
  ...Array.from(Deno.readDirSync(ROOT), ({ name }) => name)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(ROOT, name)),
  ...documents(join(ROOT, "docs")),
];

/** GitHub's name for a heading: lower case, spaces to hyphens, no punctuation. */
function anchorsOf(text: string): Set<string> {
  const headings = text.matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(
      headings,
      ([, heading]) =>
        heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\- _]/gu, "").replaceAll(" ", "-"),
    ),
  );
}

Deno.test("links in documents lead to files and headings that exist", () => {
  assert(DOCUMENTS.length > 10);
  const broken: string[] = [];
  for (const path of DOCUMENTS) {
    const text = Deno.readTextFileSync(path);
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file, anchor] = target.split("#");
      const at = file === "" ? path : join(dirname(path), file);
      try {
        const info = Deno.statSync(at);
        if (anchor && info.isFile && !anchorsOf(Deno.readTextFileSync(at)).has(anchor)) {
          broken.push(`${relative(ROOT, path)}: ${target} has no such heading`);
        }
      } catch {
        broken.push(`${relative(ROOT, path)}: ${target}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("the README has at most 150 lines, a guide at most 200", () => {
  for (const path of DOCUMENTS) {
    const name = relative(ROOT, path).replaceAll("\\", "/");
    const most = name === "README.md" ? 150 : name.startsWith("docs/guides/") ? 200 : Infinity;
    const lines = Deno.readTextFileSync(path).split("\n").length;
    assert(lines <= most, `${name} has ${lines} lines, and at most ${most} are read`);
  }
});

Deno.test("documents use the words that the field uses", () => {
  const habits = /\b(whoever|where left out|is had|goes on|go on|colour|learnt|pictures?)\b/i;
  const found: string[] = [];
  for (const path of DOCUMENTS) {
    const lines = Deno.readTextFileSync(path).split("\n");
    lines.forEach((line, i) => {
      const habit = line.match(habits);
      if (habit) found.push(`${relative(ROOT, path)}:${i + 1}: ${habit[0]}`);
    });
  }
  assert.deepEqual(found, []);
});
