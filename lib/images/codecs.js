/**
 * Decoders that were compiled to WebAssembly, with the programs that run them. TypeScript does not know `import source` yet:
 * so a module comes compiled, without a permission to read it.
 */
export { default as makeJpegDecoder } from "@jsquash/jpeg/mozjpeg_dec.js";
export { default as makeWebpDecoder } from "@jsquash/webp/webp_dec.js";
import source jpegCode from "@jsquash/jpeg/mozjpeg_dec.wasm";
import source webpCode from "@jsquash/webp/webp_dec.wasm";

export { jpegCode, webpCode };
