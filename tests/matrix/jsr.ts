/** What JSR would get: exactly the library's files, with every public symbol documented; and whether the changelog knows the API. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { presentEntries } from "../../lib/pack/entries.ts";
import { run, succeed } from "./package.ts";

const ROOT = new URL("../../", import.meta.url);
const cwd = join(import.meta.dirname!, "..", "..");

/** What is published besides modules. */
const PAPERS = ["CHANGELOG.md", "LICENSE", "README.md", "deno.json", "imports.json"];

/** Paths from the checkout's root. */
function pathsIn(text: string): string[] {
  const found = text.matchAll(/file:\/\/\S+/g);
  return [...new Set(Array.from(found, ([address]) => address.replace(ROOT.href, "")))].sort();
}

Deno.test("deno.json and the package have the same entry points", async () => {
  const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const entries = presentEntries(ROOT);
  const expected = entries.map(({ name, source }) => [name, `./${source}`]);
  assert.deepEqual(exports, Object.fromEntries(expected));
});

Deno.test("deno publish would publish the modules that the entry points need, and no others", async () => {
  const entries = presentEntries(ROOT);
  const needed = new Set(PAPERS);
  for (const { source } of entries) {
    const { modules } = JSON.parse(
      await succeed(Deno.execPath(), ["info", "--json", source], { cwd }),
    );
    for (const { specifier } of modules as { specifier: string }[]) {
      if (specifier.startsWith(ROOT.href)) needed.add(specifier.slice(ROOT.href.length));
    }
  }
  const { code, stdout, stderr } = await run(
    Deno.execPath(),
    ["publish", "--dry-run", "--allow-dirty"],
    { cwd },
  );
  assert.equal(code, 0, stderr);
  const published = pathsIn(stdout + stderr);
  const missing = [...needed].filter((path) => !published.includes(path));
  const surplus = published.filter((path) => !needed.has(path));
  const advice = `"publish" of deno.json: include ${missing.join(", ") || "no more"}; exclude ${
    surplus.join(", ") || "no more"
  }`;
  assert.deepEqual([missing, surplus], [[], []], advice);
});

Deno.test("every public symbol is documented, and names no type that is not public", async () => {
  const sources = (presentEntries(ROOT)).map(({ source }) => source);
  const { code, stdout, stderr } = await run(Deno.execPath(), ["doc", "--lint", ...sources], {
    cwd,
  });
  const complaints = stderr.split("\n").filter((line) => /^error|-->/.test(line)).join("\n");
  assert.equal(code, 0, `${complaints}\n${stdout.slice(0, 200)}`);
});

Deno.test("the public API is the one that the changelog tells of", async () => {
  await succeed(Deno.execPath(), ["task", "-q", "pack:api", "--check"], { cwd });
});
