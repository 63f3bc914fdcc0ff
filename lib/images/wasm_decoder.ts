/**
 * Decoders of JPEG and WebP that were compiled to WebAssembly: mozjpeg's and libwebp's, as the packages of jSquash have them.
 * They come with a program for browsers that looks for its code by itself; here it is handed over, so nothing is fetched.
 */
import { WeftError } from "../errors.ts";
import type { DecoderInstance, MakeDecoder } from "./codecs.d.ts";

/** More memory than this is given back before the next image: it never shrinks by itself. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

/** Decodes one image after the other. */
export class WasmDecoder {
  #instance: DecoderInstance | null = null;
  /** What the decoder said of the image at hand. */
  #said: string[] = [];

  /** @param more what `decode` is given besides the bytes */
  constructor(
    readonly make: MakeDecoder,
    readonly code: () => Promise<WebAssembly.Module>,
    readonly more: readonly boolean[] = [],
  ) {}

  /**
   * @returns red, green, blue and alpha of each pixel, and what the decoder remarked
   * @throws {WeftError} a sentence's end: why it cannot be decoded
   */
  async decode(bytes: Uint8Array): Promise<{ rgba: Uint8ClampedArray; remarks: string }> {
    const instance = this.#instance ??= await this.#instantiate();
    this.#said = [];
    let image: ImageData | null = null;
    try {
      image = instance.decode(bytes, ...this.more);
    } catch (error) {
      // It has left in the middle, by an exit of a program; what memory it holds is unknown.
      this.#instance = null;
      if (!isExit(error)) throw error;
    }
    const remarks = this.#said.join("; ").replace(/\s+/g, " ").trim();
    if (instance.HEAPU8.length > MOST_KEPT_BYTES) this.#instance = null;
    if (image) return { rgba: image.data as Uint8ClampedArray, remarks };
    throw new WeftError(`it is damaged (${remarks || "its pixels cannot be decoded"})`);
  }

  async #instantiate(): Promise<DecoderInstance> {
    const code = await this.code();
    const say = (text: string) => void this.#said.push(text);
    return await this.make({
      noInitialRun: true,
      print: say,
      printErr: say,
      instantiateWasm: (
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance) => void,
      ) => {
        const instance = new WebAssembly.Instance(code, imports);
        receive(instance);
        return instance.exports;
      },
    });
  }
}

/** How the program ends where the decoder gives up, or has no memory left. */
function isExit(error: unknown): boolean {
  return (error as { name?: unknown }).name === "ExitStatus" ||
    error instanceof WebAssembly.RuntimeError;
}
