/** Decodes PNG, JPEG and WebP to images that stand upright. */
// @ts-types="./codecs.d.ts"
import { jpegCode, makeJpegDecoder, makeWebpDecoder, webpCode } from "./codecs.js";
import { sniff } from "../bytes/sniff.ts";
import { WeftError } from "../errors.ts";
import { type DecodedImage, inColor, inGray, upright } from "../image/decoded_image.ts";
import { orientationOf } from "../image/exif.ts";
import { readImageHeader } from "../image/image_header.ts";
import { decodePngImage } from "../image/png.ts";
import { WasmDecoder } from "./wasm_decoder.ts";

/** JPEG and WebP of more pixels (8K) are not decoded: each takes some ten bytes meanwhile. */
const MOST_PIXELS = 2 ** 25;

/** Names of files that may be images. */
export const IMAGE_NAMES = /\.(?:png|jpe?g|webp)$/i;

/** JPEG as it is stored: whichever the kind, Exif's orientation is applied below. */
const DECODERS = {
  JPEG: new WasmDecoder(makeJpegDecoder, jpegCode, [false]),
  WebP: new WasmDecoder(makeWebpDecoder, webpCode),
};

/** How `decodeImage` decodes. */
export interface DecodeOptions {
  /** 1 for gray, 3 for colors; as the file has it by default. */
  readonly channels?: 1 | 3;
  /** The gray behind transparent pixels, black by default. */
  readonly background?: number;
}

/**
 * Decodes an image, by what its bytes are and not by its name. Exif's orientation is applied.
 *
 * @param name how messages call the file
 * @throws {WeftError} one line: it is another kind of file, damaged, too large, animated, or in colors of print
 */
export async function decodeImage(
  bytes: Uint8Array,
  name = "the image",
  options: DecodeOptions = {},
): Promise<DecodedImage> {
  const kind = kindOf(bytes);
  if (kind === null) {
    const found = sniff(bytes);
    throw new WeftError(
      `Cannot read ${name} as an image: ${
        bytes.length === 0 ? "it is empty" : `it is ${found?.what ?? "no PNG, JPEG or WebP"}`
      }; ${found?.remedy ?? "save it as PNG"}`,
    );
  }
  const image = kind === "PNG"
    ? decodePngImage(bytes, name, options)
    : await decodeCompressed(bytes, kind, name, options);
  return upright(image, orientationOf(bytes, kind));
}

function kindOf(bytes: Uint8Array): "PNG" | "JPEG" | "WebP" | null {
  const beginning = String.fromCharCode(...bytes.subarray(0, 12));
  if (beginning.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (beginning.startsWith("\xff\xd8\xff")) return "JPEG";
  return beginning.startsWith("RIFF") && beginning.endsWith("WEBP") ? "WebP" : null;
}

async function decodeCompressed(
  bytes: Uint8Array,
  kind: "JPEG" | "WebP",
  name: string,
  { channels, background = 0 }: DecodeOptions,
): Promise<DecodedImage> {
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot read ${name} as an image: ${reason}`);
  };
  const header = readImageHeader(bytes, kind);
  if (!header) return refuse("it is damaged (its header breaks off); copy it again, or remove it");
  const { height, width, components, isAnimated } = header;
  if (height * width > MOST_PIXELS) {
    refuse(
      `it is ${height} x ${width} pixels, and at most 33 million are decoded; make it smaller`,
    );
  }
  if (components === 4) refuse("it is in colors of print (CMYK); save it in RGB");
  if (isAnimated) refuse("it is animated; save one image of it");
  if (kind === "WebP" && riffBytes(bytes) > bytes.length) {
    refuse("it breaks off; copy it again, or remove it");
  }
  const { rgba, remarks } = await DECODERS[kind].decode(bytes).catch((error) => {
    if (!(error instanceof WeftError)) throw error;
    return refuse(`${error.message}; copy it again, or remove it`);
  });
  // What is missing was made up.
  if (/premature end/i.test(remarks)) refuse("it breaks off; copy it again, or remove it");
  const isGray = components === 1;
  const image = isGray
    ? { height, width, channels: 1 as const, pixels: everyFourth(rgba) }
    : { height, width, channels: 3 as const, pixels: over(rgba, background) };
  if (rgba.length !== height * width * 4) {
    refuse("it is damaged (it has another size than its header says); copy it again, or remove it");
  }
  return channels === 1 ? inGray(image) : channels === 3 ? inColor(image) : image;
}

/** How long a file of RIFF says that it is. */
function riffBytes(bytes: Uint8Array): number {
  return 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
}

function everyFourth(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < gray.length; i++) gray[i] = rgba[4 * i];
  return gray;
}

/** Colors over a background, as much as they let through. */
function over(rgba: Uint8ClampedArray, background: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(rgba.length / 4 * 3);
  for (let i = 0, j = 0; j < pixels.length; i += 4, j += 3) {
    const alpha = rgba[i + 3];
    for (let c = 0; c < 3; c++) {
      const value = rgba[i + c];
      pixels[j + c] = alpha === 255
        ? value
        : Math.round((value * alpha + background * (255 - alpha)) / 255);
    }
  }
  return pixels;
}
