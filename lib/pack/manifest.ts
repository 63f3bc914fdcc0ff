/** The package's package.json. */

import { declarationOf } from "./declarations.ts";
import { type Entry, PROGRAM } from "./entries.ts";

/** The oldest that CI tests; older ones lack `Array.prototype.toSorted` or more. */
const ENGINES = { node: ">=20" };

/** What deno.json says of the package. */
export interface Project {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * @param files all others of the package, by path: npm packs no others, and a later `deno task pack` removes these
 */
export function manifest(
  project: Project,
  entries: readonly Entry[],
  files: readonly string[],
): string {
  const exports = entries.map(({ name, source, module }) => [
    name,
    { types: `./types/${declarationOf(source)}`, default: `./${module}.js` },
  ]);
  const fields = {
    name: project.name,
    version: project.version,
    description:
      "Trains small neural networks where JavaScript runs: WebAssembly SIMD kernels, threads, WebGPU",
    keywords: ["neural-network", "machine-learning", "training", "webassembly", "simd", "webgpu"],
    license: project.license,
    type: "module",
    // For tools that know no `exports`.
    main: "./index.js",
    types: `./types/${declarationOf(entries[0].source)}`,
    exports: {
      ...Object.fromEntries(exports),
      "./kernels/*.wasm": "./kernels/*.wasm",
      "./package.json": "./package.json",
    },
    bin: { [PROGRAM.name]: `./${PROGRAM.module}.js` },
    engines: ENGINES,
    sideEffects: false,
    files: [...files].sort(),
  };
  return JSON.stringify(fields, null, 2) + "\n";
}
