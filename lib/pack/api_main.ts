/**
 * `deno task pack:api`: compares the public API with docs/reference/api.d.ts. A change is written there, if CHANGELOG.md has
 * changed as well since it was written last; with `--check` it is refused.
 */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { messageOf, WeftError } from "../errors.ts";
import { apiText } from "./api.ts";
import { declarations } from "./declarations.ts";
import { presentEntries } from "./entries.ts";
import { Packages } from "./packages.ts";

/** Named by a variable, as in package_files.ts. */
const COMPILER = "typescript";

const root = new URL("../../", import.meta.url);
const NAME = "docs/reference/api.d.ts";

/** The first line of the file: which changelog its API is of. */
function headOf(digest: string): string {
  return `// The public API, written by deno task pack:api. SHA-256 of its CHANGELOG.md: ${digest}\n\n`;
}

async function digestOf(path: string): Promise<string> {
  return createHash("sha256").update(await readFile(new URL(path, root))).digest("hex");
}

/** The first line of `now` that is not in `before`, or the other way round. */
function differenceOf(before: string, now: string): string {
  const [old, young] = [before, now].map((text) => text.split("\n"));
  const added = young.find((line) => !old.includes(line));
  return added ? `+ ${added.trim()}` : `- ${old.find((line) => !young.includes(line))?.trim()}`;
}

async function compare(isCheck: boolean): Promise<string> {
  const { default: ts }: { default: typeof import("typescript") } = await import(COMPILER);
  const entries = presentEntries(root);
  const now = apiText(ts, declarations(ts, root, entries, await Packages.of(entries)), entries);
  const file = new URL(NAME, root);
  const text = await readFile(file, "utf8").catch(() => "");
  const [, digest = "", before = ""] = /^.*: (\w*)\n\n([^]*)$/.exec(text) ?? [];
  if (before === now) return "The public API is as docs/reference/api.d.ts has it.";
  const difference = differenceOf(before, now);
  if (isCheck) {
    throw new WeftError(
      `The public API is not that of ${NAME} (${difference}); say so in CHANGELOG.md, and run deno task pack:api`,
    );
  }
  const changelog = await digestOf("CHANGELOG.md");
  if (changelog === digest) {
    throw new WeftError(
      `The public API has changed (${difference}), and CHANGELOG.md has not; say there what has changed`,
    );
  }
  await writeFile(file, headOf(changelog) + now);
  return `Wrote ${NAME} (${difference}).`;
}

if (import.meta.main) {
  try {
    console.error(await compare(process.argv.includes("--check")));
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    if (process.argv.includes("--debug")) console.error(error);
    process.exit(1);
  }
}
