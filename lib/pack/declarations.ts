/**
 * The package's types: TypeScript's own declarations of the entry points, and of the modules whose types those name.
 *
 * TypeScript checks the library on the way against what engines of the oldest supported kind have (LIBRARIES): a method that
 * Node 20 lacks, or anything of Deno's, does not compile here.
 */

import type TypeScript from "typescript";
import { WeftError } from "../errors.ts";
import type { Entry } from "./entries.ts";
import type { Packages } from "./packages.ts";

/** What engines of 2022 have; what shims/ stands in for; and the web's interfaces, of which Node has what the library uses. */
const LIBRARIES = ["es2023", "esnext.disposable", "dom", "dom.iterable"];

/**
 * What the types need that not every user's compiler is told of. A project for Node alone, without "DOM", has no WebAssembly;
 * where there is one, these interfaces add nothing to it.
 */
const AMBIENT = `/// <reference lib="es2022" />
/// <reference lib="esnext.disposable" />
declare global {
  namespace WebAssembly {
    interface Instance {}
    interface Memory {}
    interface Module {}
  }
}
export {};
`;
const AMBIENT_PATH = "types/ambient.d.ts";

/** A module that is loaded by another's types. */
const IMPORTED = /((?:from|import\()\s*")(\.{1,2}\/[^"]+)\.ts"/g;

/**
 * @returns contents by path in the package: `types/lib/mod.d.ts`
 * @throws {WeftError} with the first of what TypeScript complains of
 */
export function declarations(
  ts: typeof TypeScript,
  root: URL,
  entries: readonly Entry[],
  packages: Packages,
): ReadonlyMap<string, string> {
  const imported = entries.flatMap(({ packages = [] }) => packages);
  const pathOf = (path: string) => decodeURIComponent(new URL(path, root).pathname);
  const options: TypeScript.CompilerOptions = {
    declaration: true,
    emitDeclarationOnly: true,
    noEmitOnError: true,
    stripInternal: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    allowJs: true, // The compiled kernels.
    lib: LIBRARIES.map((name) => `lib.${name}.d.ts`),
    types: [],
    strict: true,
    rootDir: pathOf("."),
    outDir: pathOf("."),
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containing, _, options) =>
    literals.map(({ text }) => {
      const resolved = ts.resolveModuleName(text, containing, options, host);
      // It lies in Deno's cache, where TypeScript does not look.
      const isOwn = imported.includes(text) && !resolved.resolvedModule;
      const own = isOwn ? packages.typesOf(text) : undefined;
      return own
        ? {
          resolvedModule: {
            resolvedFileName: own,
            extension: ".d.ts",
            isExternalLibraryImport: true,
          },
        }
        : resolved;
    });
  const sources = ["lib/pack/webgpu_constants.d.ts", ...entries.map(({ source }) => source)];
  const program = ts.createProgram(sources.map(pathOf), options, host);
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    emitted.set(path.slice(pathOf(".").length), text);
  });
  const [wrong] = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (wrong) throw new WeftError(`Cannot declare the package's types: ${lineOf(ts, wrong)}`);
  return reachedFrom(entries, emitted);
}

/** What the entry points' declarations name, and what those name. */
function reachedFrom(
  entries: readonly Entry[],
  emitted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const reached = new Map([[AMBIENT_PATH, AMBIENT]]);
  const reach = (path: string) => {
    const key = `types/${path}`;
    const text = emitted.get(path);
    if (text === undefined || reached.has(key)) return;
    reached.set(key, text.replace(IMPORTED, '$1$2.js"'));
    for (const [, , target] of text.matchAll(IMPORTED)) {
      reach(new URL(`${target}.d.ts`, `file:///${path}`).pathname.slice(1));
    }
  };
  for (const { source } of entries) {
    reach(declarationOf(source));
    const key = `types/${declarationOf(source)}`;
    const up = "../".repeat(key.split("/").length - 2);
    reached.set(key, `/// <reference path="${up}ambient.d.ts" />\n${reached.get(key)}`);
  }
  return reached;
}

/** `lib/mod.d.ts` of `lib/mod.ts`. */
export function declarationOf(source: string): string {
  return source.replace(/\.ts$/, ".d.ts");
}

function lineOf(
  ts: typeof TypeScript,
  { file, start, messageText }: TypeScript.Diagnostic,
): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (!file || start === undefined) return text;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName}:${line + 1}: ${text}`;
}
