/**
 * Prepares what the server serves, in `dashboard/build/`: the modules that run in a browser (one that brings islands to
 * life, one an island, and what they share), and `site.ts`, which lists the routes and the islands with their modules, so
 * that the server imports them without looking for files. Does nothing where no source has changed since the last time.
 */

import type { Metafile } from "esbuild-wasm";
import { fileURLToPath } from "node:url";
import { buildFailure } from "../../lib/bundler/build_failure.ts";
import { bundle } from "../../lib/bundler/bundler.ts";
import { printError, printErrorLine } from "../../lib/cli/output.ts";
import { filesBelow } from "./assets.ts";
import { type Bundle, siteModule } from "./site_module.ts";

const dashboard = new URL("../", import.meta.url);
const output = new URL("build/", dashboard);

/** What the output depends on, besides the packages' versions. */
const SOURCES = [
  dashboard,
  new URL("../lib/bundler/", dashboard),
  new URL("../lib/run_log/", dashboard),
];

/** Paths of the modules below a folder of the dashboard, from there. */
function modulesBelow(folder: string): string[] {
  const paths = [...filesBelow(new URL(folder, dashboard).pathname)];
  return paths.filter((path) => /\.tsx?$/.test(path) && !/_test\.tsx?$/.test(path)).sort();
}

/** A digest of all that the output depends on: the sources, this script among them, and the packages' versions. */
async function fingerprint(): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../imports.json", dashboard)));
  const texts: string[] = [];
  for (const folder of SOURCES) {
    for (const path of modulesBelow(folder.href)) {
      if (!path.startsWith("build/")) {
        texts.push(path, await Deno.readTextFile(new URL(path, folder)));
      }
    }
  }
  const text = new TextEncoder().encode(JSON.stringify([imports, texts]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
}

/** The bundle of each module in `paths`, by its path, and all files that they are made of, by name. */
async function bundleClient(paths: readonly string[]) {
  const { files, metafile } = await bundle({
    entryPoints: paths.map((path) => new URL(path, dashboard).href),
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "shared-[hash]",
  });
  const bundles = new Map<string, Bundle>();
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    const path = entryPoint?.replace("source:dashboard/", "");
    if (!path) continue;
    const [own, ...imports] = [...importedBy(metafile, file)].map((name) =>
      name.replace(/^\//, "")
    );
    bundles.set(path, { file: own, imports });
  }
  return {
    bundles,
    files: files.map(({ path, contents }) => ({ name: path.slice(1), contents })),
  };
}

/** A file, and all that it imports, and what those import. */
function importedBy({ outputs }: Metafile, file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path } of outputs[file].imports) importedBy({ outputs, inputs: {} }, path, found);
  return found;
}

/** Two builds at once must not leave half a file: each writes its own and renames it. */
async function replaceFile(name: string, contents: Uint8Array): Promise<void> {
  const temporary = new URL(`${name}.${Deno.pid}`, output);
  await Deno.writeFile(temporary, contents);
  await Deno.rename(temporary, new URL(name, output));
}

async function prepare(): Promise<void> {
  const site = new URL("site.ts", output);
  const firstLine = `// ${await fingerprint()}\n`;
  if ((await Deno.readTextFile(site).catch(() => "")).startsWith(firstLine)) return;

  const startedAt = performance.now();
  const islands = modulesBelow("islands/").map((path) => `islands/${path}`);
  const { bundles, files } = await bundleClient(["host/client.ts", ...islands]);
  await Deno.mkdir(output, { recursive: true });
  for (const { name, contents } of files) await replaceFile(name, contents);
  // Last, because it says that the others are there.
  const text = firstLine + siteModule(modulesBelow("routes/"), bundles);
  await replaceFile("site.ts", new TextEncoder().encode(text));
  const names = new Set(files.map(({ name }) => name));
  for await (const { name } of Deno.readDir(output)) {
    if (name.endsWith(".js") && !names.has(name)) await Deno.remove(new URL(name, output));
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  printErrorLine(`Built the dashboard's client in ${seconds} s.`);
}

if (import.meta.main) {
  const stranger = Deno.args.find((argument) => argument !== "--debug");
  if (stranger !== undefined) {
    printErrorLine(
      `error: Cannot build ${stranger}: there is the dashboard's client alone; leave it out`,
    );
    Deno.exit(2);
  }
  try {
    await prepare();
  } catch (error) {
    printErrorLine(buildFailure("the dashboard's client", fileURLToPath(output), error));
    if (Deno.args.includes("--debug")) printError(Deno.inspect(error));
    Deno.exit(1);
  }
}
