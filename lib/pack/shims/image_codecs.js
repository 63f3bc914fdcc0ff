/**
 * Takes the place of lib/images/codecs.js in the package: no engine but Deno's has `import source` yet. The code is inside of
 * the module instead, packed, and compiled when the first image of its kind is decoded.
 */
import { unzlibSync } from "fflate";
import jpegBytes from "@jsquash/jpeg/mozjpeg_dec.wasm";
import webpBytes from "@jsquash/webp/webp_dec.wasm";
import { decodeBase64 } from "../../bytes/base64.ts";

export { default as makeJpegDecoder } from "@jsquash/jpeg/mozjpeg_dec.js";
export { default as makeWebpDecoder } from "@jsquash/webp/webp_dec.js";

const compile = (text) => WebAssembly.compile(unzlibSync(decodeBase64(text)));

export const jpegCode = () => compile(jpegBytes);
export const webpCode = () => compile(webpBytes);
