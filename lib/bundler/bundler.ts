/**
 * Bundles modules for browsers and for the edge. esbuild runs as WebAssembly inside of this process and reads through the
 * functions below, so that no leave to start programs is needed. Packages are imported as text, which finds them wherever
 * Deno keeps them.
 */

import type {
  BuildOptions,
  Loader,
  Metafile,
  OnLoadResult,
  OutputFile,
  Plugin,
} from "esbuild-wasm";

import { messageOf, WeftError } from "../errors.ts";

/** Named by a variable: what a literal names, Deno fetches before it runs anything, here for every command. */
const ESBUILD = "esbuild-wasm";

export interface Bundle {
  readonly files: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** What may differ between bundles; all are ES modules, minified by default. */
export type BundleOptions =
  & Pick<BuildOptions, "splitting" | "entryNames" | "chunkNames" | "target" | "minify" | "inject">
  & {
    /** Addresses of the modules to bundle, or with the names of their bundles. */
    readonly entryPoints: readonly string[] | { readonly in: string; readonly out: string }[];
    /** Texts of files that are made and not read, by their addresses. */
    readonly made?: ReadonlyMap<string, OnLoadResult>;
  };

type Esbuild = typeof import("esbuild-wasm");

let started: Promise<Esbuild> | null = null;

/**
 * @returns the bundles, and all files that they are made of, none of them written; paths begin at `/`
 * @throws {WeftError} where esbuild has not been fetched and cannot be
 */
export async function bundle(
  { entryPoints, made = new Map(), target = "es2022", minify = true, ...options }: BundleOptions,
): Promise<Bundle> {
  started ??= start();
  const { build } = await started;
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [...entryPoints] as string[] | { in: string; out: string }[],
    bundle: true,
    format: "esm",
    target,
    minify,
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir: "/",
    metafile: true,
    write: false,
    plugins: [denoPlugin(made)],
  });
  return { files: outputFiles, metafile };
}

async function start(): Promise<Esbuild> {
  const [esbuild, wasmModule] = await load();
  await esbuild.initialize({ wasmModule, worker: false });
  return esbuild;
}

async function load(): Promise<[Esbuild, WebAssembly.Module]> {
  try {
    return [await import(ESBUILD), (await import("./esbuild_module.js")).default];
  } catch (error) {
    throw new WeftError(
      `Cannot load esbuild, which bundles modules: ${messageOf(error).replace(/\s+/g, " ")}; ` +
        "run the command as a task (`deno task`), once with a network",
    );
  }
}

const LOADERS: Readonly<Record<string, Loader>> = {
  js: "js",
  ts: "ts",
  tsx: "tsx",
  css: "css",
  html: "text",
};

function denoPlugin(made: ReadonlyMap<string, OnLoadResult>): Plugin {
  return {
    name: "deno",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) =>
        // Compiled modules and data stay files, and are imported by those who run the bundle.
        /\.(wasm|bin)$/.test(path)
          ? { path, external: true }
          : { path: new URL(path, importer).href, namespace: "source" });
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^file:/ }, ({ path }) => ({ path, namespace: "source" }));
      onResolve({ filter: /^[a-z@]/ }, ({ path }) => ({ path, namespace: "package" }));
      onLoad({ filter: /./, namespace: "source" }, async ({ path }): Promise<OnLoadResult> => {
        const extension = path.slice(path.lastIndexOf(".") + 1);
        return made.get(path) ??
          { contents: await Deno.readTextFile(new URL(path)), loader: LOADERS[extension] };
      });
      onLoad({ filter: /./, namespace: "package" }, async ({ path }): Promise<OnLoadResult> => {
        const { default: contents } = await import(path, { with: { type: "text" } });
        return { contents, loader: path.endsWith(".css") ? "css" : "js" };
      });
    },
  };
}
