/**
 * Compiles the kernels of this folder to WebAssembly: `strict` (128-bit SIMD) and `relaxed` (with fused multiply-add) for
 * training, and `predictor` (relaxed) and `predictor_strict`, those of the forward pass alone, for the edge. Its arguments
 * name the builds, the first two where it has none. Run by the tasks that need kernels; does nothing when neither a source, this file nor the compiler's
 * version has changed since the last build.
 *
 * Each build becomes a module that exports its bytes in base64, because importing a module needs no permission and
 * reading a file does: a library user trains without granting anything.
 */
import { fileURLToPath } from "node:url";
import { buildFailure } from "../lib/bundler/build_failure.ts";
import { generatedSources } from "./generated_sources.ts";

const here = new URL("./", import.meta.url);
const output = new URL("build/", here);

const COMPILER = "assemblyscript/asc";

/** How the builds differ: what they export, whether multiply-adds are fused, whether threads share the memory. */
const BUILDS = {
  strict: { entry: "index.ts", relaxed: false, shared: true },
  relaxed: { entry: "index.ts", relaxed: true, shared: true },
  predictor: { entry: "predictor.ts", relaxed: true, shared: false },
  predictor_strict: { entry: "predictor.ts", relaxed: false, shared: false },
} as const;
type BuildName = keyof typeof BUILDS;

/** Every AssemblyScript source below this folder, by its path from here. */
async function readSources(folder = ""): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder || ".", here)));
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = folder + entry.name;
    if (entry.isDirectory && path !== "build") {
      for (const [name, text] of await readSources(path + "/")) sources.set(name, text);
    } else if (entry.isFile && entry.name.endsWith(".ts")) {
      sources.set(path, await Deno.readTextFile(new URL(path, here)));
    }
  }
  return sources;
}

/** A digest of all that the output depends on: the sources, this script, and the compiler's version in imports.json. */
async function fingerprint(sources: Map<string, string>): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../imports.json", here)));
  const parts = JSON.stringify([imports[COMPILER], ...sources]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return new Uint8Array(digest).toHex();
}

async function compile(sources: Map<string, string>, name: BuildName): Promise<Uint8Array> {
  const { entry, relaxed, shared } = BUILDS[name];
  // Imported here and by a variable, so that a build that is up to date neither fetches nor loads the compiler.
  const { default: asc }: typeof import("assemblyscript/asc") = await import(COMPILER);
  let wasm: Uint8Array | undefined;
  const options = [
    entry,
    "--outFile=kernels.wasm",
    "--runtime=stub",
    "--importMemory",
    // V8 leaves out half of a bounds check where an access ends within the smallest size that the memory can have.
    "--initialMemory=2",
    "--maximumMemory=65536",
    // Above -O1 Binaryen moves products between unrolled steps, and V8 then spills (see gemm/microkernel_6x8.ts).
    "-O1",
    "--noAssert",
    "--enable=simd",
    "--enable=threads",
  ];
  if (shared) options.push("--sharedMemory");
  if (relaxed) options.push("--enable=relaxed-simd");
  const { error, stderr } = await asc.main(options, {
    readFile: (name: string) => sources.get(name) ?? null,
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (contents instanceof Uint8Array) wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`they do not compile: ${error?.message}\n${stderr}`);
  return wasm;
}

/** A build says what it was made from, and is whole if it also has its end. */
function firstLine(fingerprint: string): string {
  return `// ${fingerprint}\n`;
}
const LAST_LINE = '";\n';

async function isCurrent(name: string, fingerprint: string): Promise<boolean> {
  const text = await Deno.readTextFile(new URL(`${name}.js`, output)).catch(() => "");
  return text.startsWith(firstLine(fingerprint)) && text.endsWith(LAST_LINE);
}

async function build(names: readonly BuildName[]): Promise<void> {
  const generated = generatedSources();
  const sources = new Map([...await readSources(), ...generated]);
  const wanted = await fingerprint(sources);
  const current = await Promise.all(names.map((name) => isCurrent(name, wanted)));
  if (!current.includes(false)) return;

  const startedAt = performance.now();
  await Deno.mkdir(output, { recursive: true });
  for (const [path, text] of generated) {
    await Deno.writeTextFile(new URL(path.replace("/", "_"), output), text);
  }
  const sizes: string[] = [];
  for (const name of names) {
    const wasm = await compile(sources, name);
    sizes.push(`${name} ${wasm.length} bytes`);
    const text = `${firstLine(wanted)}export default "${wasm.toBase64()}${LAST_LINE}`;
    await replaceFile(new URL(`${name}.js`, output), text);
  }
  const elapsed = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.error(`Built the kernels in ${elapsed} s: ${sizes.join(", ")}.`);
}

/** Two builds at once must not leave half a file: each writes its own and renames it. */
async function replaceFile(to: URL, text: string): Promise<void> {
  const temporary = new URL(`${to.href}.${Deno.pid}`);
  try {
    await Deno.writeTextFile(temporary, text);
    await Deno.rename(temporary, to);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // It may never have been made.
    throw error;
  }
}

if (import.meta.main) {
  const isBuild = (name: string): name is BuildName => Object.hasOwn(BUILDS, name);
  const named = Deno.args.filter(isBuild);
  const stranger = Deno.args.find((name) => !isBuild(name) && name !== "--debug");
  if (stranger !== undefined) {
    const names = Object.keys(BUILDS).join(", ");
    console.error(`error: Cannot build ${stranger.replace(/\p{Cc}/gu, "?")}: builds are ${names}`);
    Deno.exit(2);
  }
  try {
    await build(named.length > 0 ? named : ["strict", "relaxed"]);
  } catch (error) {
    console.error(buildFailure("the kernels", fileURLToPath(output), error));
    if (Deno.args.includes("--debug")) console.error(error);
    Deno.exit(1);
  }
}
