/** The package's JavaScript: a module an entry point, and chunks that they share or load when they need them. */

import { bundle } from "../bundler/bundler.ts";
import { deflateSync } from "node:zlib";
import { readFile } from "node:fs/promises";
import { type Entry, PROGRAM } from "./entries.ts";
import type { Packages } from "./packages.ts";
import { prebuiltTemplates } from "./prebuilt.ts";

/** Characters of a line, about. */
const LINE = 500;

/** What stands in for what engines lack (see each file); in place of the globals that they export. */
const SHIMS = ["symbol_dispose.js", "disposable_stack.js"];

/** Modules that take the places of the library's, by its paths. */
const REPLACED = {
  "lib/images/codecs.js": "lib/pack/shims/image_codecs.js",
  // Of the program alone.
  "lib/host/mod.ts": "lib/host/installed.ts",
  "lib/edge/export/templates.ts": "lib/pack/shims/export_templates.js",
  "lib/cli/serve_command.ts": "lib/pack/shims/commands_for_deno.js",
  "lib/cli/compare/command.ts": "lib/pack/shims/commands_for_deno.js",
  "lib/cli/train_mpi_command.ts": "lib/pack/shims/commands_for_deno.js",
  "lib/cli/search/worker_command.ts": "lib/pack/shims/commands_for_deno.js",
  "lib/cli/search/nats/broker_process.ts": "lib/pack/shims/commands_for_deno.js",
};

/**
 * For engines of 2022 (Node 20): esbuild lowers what is newer, such as `using`. Names stay, and lines are short, so that the
 * traces of users' errors can be read; their bundlers do the rest.
 *
 * @returns contents by path in the package
 */
export async function bundleModules(
  root: URL,
  entries: readonly Entry[],
  packages: Packages,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const replaced = Object.entries(REPLACED).map(([path, by]) =>
    [new URL(path, root).href, new URL(by, root).href] as const
  );
  const { files } = await bundle({
    entryPoints: [...entries, PROGRAM].map(({ source, module }) => ({
      in: new URL(source, root).href,
      out: module,
    })),
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    keepsNames: true,
    lineLimit: LINE,
    inject: SHIMS.map((name) => new URL(`shims/${name}`, import.meta.url).href),
    moduleOf: (specifier, importer) => packages.moduleOf(specifier, importer),
    replaced: new Map(replaced),
    made: new Map([
      ...await prebuiltTemplates(),
      [new URL("deno.json", root).href, await projectModule(root)],
    ]),
    compiledAsText: (code) => deflateSync(code, { level: 9 }).toString("base64"),
  });
  return new Map(files.map(({ path, contents }) => [path.slice(1), contents]));
}

/** Of deno.json what the program asks for: its version, and no tasks. */
async function projectModule(root: URL): Promise<{ contents: string }> {
  const { version } = JSON.parse(await readFile(new URL("deno.json", root), "utf8"));
  return { contents: `export default ${JSON.stringify({ version, tasks: {} })};` };
}
