/** The types of codecs.js, of which Deno itself finds out nothing. */

/** A decoder with its memory. */
export interface DecoderInstance {
  readonly HEAPU8: Uint8Array;
  /** Red, green, blue and alpha; null where it cannot. @param more of JPEG: whether Exif's orientation is applied */
  decode(bytes: Uint8Array, ...more: boolean[]): ImageData | null;
}

/** Instantiates a decoder, as programs of Emscripten do. */
export type MakeDecoder = (options: Readonly<Record<string, unknown>>) => Promise<DecoderInstance>;

export declare const makeJpegDecoder: MakeDecoder;
export declare const makeWebpDecoder: MakeDecoder;
export declare const jpegCode: () => Promise<WebAssembly.Module>;
export declare const webpCode: () => Promise<WebAssembly.Module>;
