/** The package's JavaScript: a module an entry point, and chunks that they share or load when they need them. */

import { bundle } from "../bundler/bundler.ts";
import { deflateSync } from "node:zlib";
import type { Entry } from "./entries.ts";
import type { Packages } from "./packages.ts";

/** Characters of a line, about. */
const LINE = 500;

/** What stands in for what engines lack (see each file); in place of the globals that they export. */
const SHIMS = ["symbol_dispose.js", "disposable_stack.js"];

/** Modules that take the places of the library's, by its paths. */
const REPLACED = { "lib/images/codecs.js": "shims/image_codecs.js" };

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
    [new URL(path, root).href, new URL(by, import.meta.url).href] as const
  );
  const { files } = await bundle({
    entryPoints: entries.map(({ source, module }) => ({
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
    compiledAsText: (code) => deflateSync(code, { level: 9 }).toString("base64"),
  });
  return new Map(files.map(({ path, contents }) => [path.slice(1), contents]));
}
