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

import { host } from "../host/mod.ts";
import { messageOf, WeftError } from "../errors.ts";

/** Named by a variable: what a literal names, Deno fetches before it runs anything, here for every command. */
const ESBUILD = "esbuild-wasm";

export interface Bundle {
  readonly files: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** What may differ between bundles; all are ES modules, minified by default. */
export type BundleOptions =
  & Pick<
    BuildOptions,
    "splitting" | "entryNames" | "chunkNames" | "target" | "inject" | "lineLimit"
  >
  & {
    /** Whether names stay as they are, so that traces of errors can be read; what is minified otherwise stays so. */
    readonly keepsNames?: boolean;
    /** Addresses of the modules to bundle, or with the names of their bundles. */
    readonly entryPoints: readonly string[] | { readonly in: string; readonly out: string }[];
    /**
     * Says which module an import of a package is, by addresses; where it is not given, Deno does, and packages are single
     * modules that import nothing.
     */
    readonly moduleOf?: (specifier: string, importer: string) => string;
    /** Addresses of modules that are taken instead of others, by the addresses of those. */
    readonly replaced?: ReadonlyMap<string, string>;
    /** The text that packages get as default export where they import compiled code; without it they cannot import such. */
    readonly compiledAsText?: (code: Uint8Array) => string;
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
  { entryPoints, target = "es2022", keepsNames = false, ...given }: BundleOptions,
): Promise<Bundle> {
  started ??= start();
  const { build } = await started;
  const { moduleOf, replaced, compiledAsText, made, ...options } = given;
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [...entryPoints] as string[] | { in: string; out: string }[],
    bundle: true,
    format: "esm",
    target,
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: !keepsNames,
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir: "/",
    metafile: true,
    write: false,
    plugins: [denoPlugin({ moduleOf, replaced, compiledAsText, made })],
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
  mjs: "js",
  ts: "ts",
  tsx: "tsx",
  css: "css",
  html: "text",
};

/** What modules of Weft are named from, so that a bundle is the same wherever the checkout lies. */
const ROOT = new URL("../../", import.meta.url).href;

function denoPlugin(
  { moduleOf, replaced, compiledAsText, made }: Pick<
    BundleOptions,
    "moduleOf" | "replaced" | "compiledAsText" | "made"
  >,
): Plugin {
  return {
    name: "deno",
    setup({ onResolve, onLoad }) {
      /** Addresses of files outside of the checkout, by the names that bundles have for them. */
      const outside = new Map<string, string>();
      const named = (address: string) => {
        if (address.startsWith(ROOT)) return address.slice(ROOT.length);
        // The name of the package and what follows; a registry's folder is before that.
        const name = address.replace(/^.*\/(?:npm\/[^/]+|node_modules)\//, "");
        outside.set(name, address);
        return name;
      };
      const addressOf = (name: string) => outside.get(name) ?? new URL(name, ROOT).href;
      const source = (address: string) => ({ path: named(address), namespace: "source" });
      onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) => {
        // Compiled modules and data stay files, and are imported by those who run the bundle.
        if (/\.(wasm|bin)$/.test(path)) return { path, external: true };
        const { href } = new URL(path, addressOf(importer));
        return source(replaced?.get(href) ?? href);
      });
      onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^file:/ }, ({ path }) => source(path));
      onResolve(
        { filter: /^[a-z@]/ },
        ({ path, importer }) =>
          moduleOf ? source(moduleOf(path, addressOf(importer))) : { path, namespace: "package" },
      );
      onLoad({ filter: /./, namespace: "source" }, async ({ path }): Promise<OnLoadResult> => {
        const extension = path.slice(path.lastIndexOf(".") + 1);
        const address = addressOf(path);
        if (extension === "wasm" && compiledAsText) {
          const text = compiledAsText(await host.readFile(new URL(address)));
          return { contents: `export default ${JSON.stringify(text)}` };
        }
        return made?.get(address) ??
          { contents: await host.readTextFile(new URL(address)), loader: LOADERS[extension] };
      });
      onLoad({ filter: /./, namespace: "package" }, async ({ path }): Promise<OnLoadResult> => {
        const { default: contents } = await import(path, { with: { type: "text" } });
        return { contents, loader: path.endsWith(".css") ? "css" : "js" };
      });
    },
  };
}
