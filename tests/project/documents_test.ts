/** Links in documents lead somewhere, pages stay short, and options that they name exist. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { makeProgram } from "../../lib/cli/program.ts";
import { DOCUMENTS } from "../support/documents.ts";

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

/** Links of a document to files of the repository. */
const linksOf = (text: string) =>
  [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target);

Deno.test("links in documents lead to files and headings that exist", () => {
  assert(DOCUMENTS.length > 10);
  const broken: string[] = [];
  for (const { name, path, text } of DOCUMENTS) {
    for (const target of linksOf(text)) {
      const [file, anchor] = target.split("#");
      const at = file === "" ? path : join(dirname(path), file);
      try {
        const info = Deno.statSync(at);
        if (anchor && info.isFile && !anchorsOf(Deno.readTextFileSync(at)).has(anchor)) {
          broken.push(`${name}: ${target} has no such heading`);
        }
      } catch {
        broken.push(`${name}: ${target}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("docs/README.md links every page, and every guide links another page", () => {
  const pages = DOCUMENTS.filter(({ name }) =>
    name.startsWith("docs/") && name !== "docs/README.md"
  );
  const index = linksOf(DOCUMENTS.find(({ name }) => name === "docs/README.md")!.text);
  const missing = pages.filter(({ name }) => !index.includes(name.slice("docs/".length)));
  assert.deepEqual(missing.map(({ name }) => name), []);
  const alone = pages.filter(({ name, text }) =>
    name.startsWith("docs/guides/") && !linksOf(text).some((link) => link.includes(".md"))
  );
  assert.deepEqual(alone.map(({ name }) => name), []);
});

Deno.test("the README has at most 150 lines, a page of docs at most 200", () => {
  for (const { name, text } of DOCUMENTS) {
    const isGenerated = name.startsWith("docs/reference/");
    const most = name === "README.md"
      ? 150
      : !name.startsWith("docs/") || isGenerated
      ? Infinity
      : 200;
    if (name === "docs/performance.md") continue; // The tables of whole runs.
    const lines = text.trimEnd().split("\n").length;
    assert(lines <= most, `${name} has ${lines} lines, and at most ${most} are read`);
  }
});

/** Options of other programs, and of commands that are not in lib/cli. */
const OTHER_OPTIONS = new Set([
  ...[
    "--help",
    "--version",
    "--allow-write",
    "--host",
    "--unstable-kv",
    "--lock",
    "--config",
    "--no-prompt",
    "--with",
  ],
  ...["--data-binary", "--data"],
  ...["--only", "--quick"],
  ...["--allow-run", "--allow-ffi", "--auth"],
  // Slurm's.
  ...["--cpus-per-task", "--exact", "--kill-on-bad-exit", "--no-kill", "--nodes", "--ntasks"],
  ...["--ntasks-per-node", "--requeue", "--signal"],
  // Open MPI's.
  ...["--bind-to", "--map-by", "--mca", "--oversubscribe"],
]);

Deno.test("the options that guides and README name are options of a command", () => {
  const program = makeProgram(() => {});
  const options = new Set(
    program.commands.flatMap(({ options }) =>
      options.flatMap(({ long }) => long ? [long, long.replace("--", "--no-")] : [])
    ),
  );
  const unknown = DOCUMENTS.filter(({ name }) =>
    /^(README|docs\/distributed|docs\/guides\/.*)\.md$/.test(name)
  )
    .flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w-])--[a-z][\w-]*\w/g)].map(([option]) => ({ name, option }))
    )
    .filter(({ option }) => !options.has(option) && !OTHER_OPTIONS.has(option));
  assert.deepEqual(unknown, []);
});
