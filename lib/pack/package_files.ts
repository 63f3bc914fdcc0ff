/** All files of the package, by their paths in it. */

import { readFile } from "node:fs/promises";
import { decodeBase64 } from "../bytes/base64.ts";
import { kernelsToImport } from "../backends/mod.ts";
import { declarations } from "./declarations.ts";
import { presentEntries, PROGRAM } from "./entries.ts";
import { thirdPartyLicenses } from "./licenses.ts";
import { manifest, type Project } from "./manifest.ts";
import { bundleModules } from "./modules.ts";
import { Packages } from "./packages.ts";
import { markPure } from "./pure_statements.ts";

/** Named by a variable: what a literal names, Deno fetches for whoever checks or runs any module here. */
const COMPILER = "typescript";

/** What a shell reads first of a program. */
const NODE = "#!/usr/bin/env node\n";

/** Files of the checkout that are the package's, under their names in it. */
const COPIED = { "README.md": "docs/package.md", LICENSE: "LICENSE" };

/**
 * @param root of the checkout
 * @throws {WeftError} where the sources do not compile for all runtimes
 */
export async function packageFiles(root: URL): Promise<ReadonlyMap<string, Uint8Array>> {
  const { default: ts }: { default: typeof import("typescript") } = await import(COMPILER);
  const encoder = new TextEncoder();
  const entries = presentEntries(root);
  const files = new Map<string, Uint8Array>();
  const packages = await Packages.of([...entries, PROGRAM]);
  for (const [path, contents] of await bundleModules(root, entries, packages)) {
    const code = markPure(ts, new TextDecoder().decode(contents));
    files.set(path, encoder.encode(path === `${PROGRAM.module}.js` ? NODE + code : code));
  }
  for (const [path, text] of declarations(ts, root, entries, packages)) {
    files.set(path, encoder.encode(text));
  }
  for (const [path, contents] of await kernels()) files.set(path, contents);
  for (const [path, source] of Object.entries(COPIED)) {
    files.set(path, await readFile(new URL(source, root)));
  }
  files.set("THIRD_PARTY_LICENSES.txt", encoder.encode(await thirdPartyLicenses(packages)));
  const project: Project = JSON.parse(await readFile(new URL("deno.json", root), "utf8"));
  files.set("package.json", encoder.encode(manifest(project, entries, [...files.keys()])));
  return files;
}

/**
 * The kernels as files: for hosts that compile nothing at run time, and bundlers that take such files. They take a private
 * memory, because such hosts have no threads.
 */
async function kernels(): Promise<[path: string, contents: Uint8Array][]> {
  const [predictor, strict] = await Promise.all([
    import("../../assembly/build/predictor.js"),
    import("../../assembly/build/predictor_strict.js"),
  ]);
  return [
    ["kernels/relaxed.wasm", await kernelsToImport("relaxed")],
    ["kernels/strict.wasm", await kernelsToImport("strict")],
    ["kernels/predictor.wasm", decodeBase64(predictor.default)],
    ["kernels/predictor_strict.wasm", decodeBase64(strict.default)],
  ];
}
