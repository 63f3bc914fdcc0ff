/**
 * Decoders that were compiled to WebAssembly, with the programs that run them. TypeScript does not know `import source` yet:
 * so a module comes compiled, without a permission to read it.
 */
export { default as makeJpegDecoder } from "@jsquash/jpeg/mozjpeg_dec.js";
export { default as makeWebpDecoder } from "@jsquash/webp/webp_dec.js";
import source jpegCode from "@jsquash/jpeg/mozjpeg_dec.wasm";
import source webpCode from "@jsquash/webp/webp_dec.wasm";

// Functions, because packages for other engines compile the code only now; see lib/pack/shims/image_codecs.js.
const compiledJpegCode = () => Promise.resolve(jpegCode);
const compiledWebpCode = () => Promise.resolve(webpCode);
export { compiledJpegCode as jpegCode, compiledWebpCode as webpCode };
