/** The package's JavaScript: a module an entry point, and chunks that they share or load when they need them. */

import { bundle } from "../bundler/bundler.ts";
import type { Entry } from "./entries.ts";
import type { Packages } from "./packages.ts";

/** Characters of a line, about. */
const LINE = 500;

/** What stands in for what engines lack (see each file); in place of the globals that they export. */
const SHIMS = ["symbol_dispose.js", "disposable_stack.js"];

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
  });
  return new Map(files.map(({ path, contents }) => [path.slice(1), contents]));
}
