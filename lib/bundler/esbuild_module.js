/**
 * The compiled module of esbuild, in a file of its own, because loading it takes longer than finding nothing to do. In
 * JavaScript, because TypeScript does not know `import source` yet.
 *
 * @type {WebAssembly.Module}
 */
// @ts-ignore See above.
import source esbuild from "esbuild-wasm/esbuild.wasm";

export default esbuild;
