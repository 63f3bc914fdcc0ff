/**
 * `deno task pack:api`: compares the public API with docs/reference/api.d.ts. A change is written there, if CHANGELOG.md has
 * changed as well since it was written last; with `--check` it is refused.
 */

import { messageOf, WeftError } from "../errors.ts";
import { apiText } from "./api.ts";
import { declarations } from "./declarations.ts";
import { presentEntries } from "./entries.ts";

/** Named by a variable, as in package_files.ts. */
const COMPILER = "typescript";

const root = new URL("../../", import.meta.url);
const NAME = "docs/reference/api.d.ts";

/** The first line of the file: which changelog its API is of. */
function headOf(digest: string): string {
  return `// The public API, written by deno task pack:api. SHA-256 of its CHANGELOG.md: ${digest}\n\n`;
}

async function digestOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(new URL(path, root));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The first line of `now` that is not in `before`, or the other way round. */
function differenceOf(before: string, now: string): string {
  const [old, young] = [before, now].map((text) => text.split("\n"));
  const added = young.find((line) => !old.includes(line));
  return added ? `+ ${added.trim()}` : `- ${old.find((line) => !young.includes(line))?.trim()}`;
}

async function compare(isCheck: boolean): Promise<string> {
  const { default: ts }: { default: typeof import("typescript") } = await import(COMPILER);
  const entries = await presentEntries(root);
  const now = apiText(ts, declarations(ts, root, entries), entries);
  const file = new URL(NAME, root);
  const text = await Deno.readTextFile(file).catch(() => "");
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
  await Deno.writeTextFile(file, headOf(changelog) + now);
  return `Wrote ${NAME} (${difference}).`;
}

if (import.meta.main) {
  try {
    console.error(await compare(Deno.args.includes("--check")));
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    if (Deno.args.includes("--debug")) console.error(error);
    Deno.exit(1);
  }
}
