/** The package's JavaScript: a module an entry point, and chunks that they share or load when they need them. */

import { bundle } from "../bundler/bundler.ts";
import type { Entry } from "./entries.ts";

/** What stands in for what engines lack (see each file); in place of the globals that they export. */
const SHIMS = ["symbol_dispose.js", "disposable_stack.js"];

export interface Modules {
  /** Contents by path in the package. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files of npm packages that are bundled, as their importers name them. */
  readonly packages: readonly string[];
}

/**
 * For engines of 2022 (Node 20): esbuild lowers what is newer, such as `using`. Not minified, so that the traces of users'
 * errors can be read; their bundlers minify.
 */
export async function bundleModules(root: URL, entries: readonly Entry[]): Promise<Modules> {
  const { files, metafile } = await bundle({
    entryPoints: entries.map(({ source, module }) => ({
      in: new URL(source, root).href,
      out: module,
    })),
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    minify: false,
    inject: SHIMS.map((name) => new URL(`shims/${name}`, import.meta.url).href),
  });
  const packages = Object.keys(metafile.inputs).flatMap((input) =>
    input.startsWith("package:") ? [input.slice("package:".length)] : []
  );
  return {
    files: new Map(files.map(({ path, contents }) => [path.slice(1), contents])),
    packages,
  };
}
