/**
 * The compiled module of esbuild. In JavaScript, because TypeScript does not know `import.source` yet; named by a
 * variable, as in bundler.ts.
 */
const [ESBUILD_WASM] = ["esbuild-wasm/esbuild.wasm"];

/** @type {WebAssembly.Module} */
export default await import.source(ESBUILD_WASM);
