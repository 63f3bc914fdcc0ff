/** From the samples of a PNG image to bytes of gray. */

import { WeftError } from "../errors.ts";
import { luma } from "./decoded_image.ts";
import type { PngHeader } from "./png_chunks.ts";

/** An image of `height * width` bytes, row-major from the top left; 0 is black and 255 white. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array<ArrayBuffer>;
}

/** A decoded image: what its pixels are made of. */
export interface PngSamples {
  /**
   * Row-major, `channels` a pixel, unfiltered. Of fewer than 8 bits, several share a byte, and every
   * row begins with a new one.
   */
  readonly samples: ArrayLike<number>;
  /** Red, green, blue and, where there is transparency, alpha, from 0 to 255; where it is used. */
  readonly palette?: readonly (readonly number[])[];
  /** The samples of the one color that is transparent, where there is one. */
  readonly transparency?: ArrayLike<number>;
}

/**
 * @param background The gray behind transparent pixels.
 * @param source What to call the file in errors.
 * @throws {WeftError} If a pixel names a color that the palette does not have.
 */
export function grayOf(
  { samples, palette = [], transparency }: PngSamples,
  header: PngHeader,
  background: number,
  source: string,
): GrayImage {
  const whole = header.depth < 8 ? unpack(samples, header) : samples;
  const gray = header.usesPalette
    ? grayOfIndices(whole, paletteGrays(palette, background), source)
    : grayOfSamples(whole, header, background, transparency);
  return { width: header.width, height: header.height, gray };
}

/**
 * Samples of 1, 2 or 4 bits, the leftmost in the highest bits; every row begins with a new byte.
 */
export function unpack(packed: ArrayLike<number>, { width, height, depth }: PngHeader): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = (1 << depth) - 1;
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)];
      samples[y * width + x] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return samples;
}

/** @param palette Red, green, blue and, where there is transparency, alpha; from 0 to 255. */
function paletteGrays(palette: readonly (readonly number[])[], background: number): Uint8Array {
  return Uint8Array.from(
    palette,
    ([red, green, blue, alpha = 255]) => over(luma(red, green, blue), alpha / 255, background),
  );
}

function grayOfIndices(
  indices: ArrayLike<number>,
  grays: Uint8Array,
  source: string,
): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(indices.length);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel];
    if (index >= grays.length) {
      throw new WeftError(
        `Cannot read ${source} as a PNG image: it is damaged ` +
          `(color ${index} of ${grays.length}).`,
      );
    }
    gray[pixel] = grays[index];
  }
  return gray;
}

/** @param transparent The samples of the one color that is transparent, where there is one. */
function grayOfSamples(
  samples: ArrayLike<number>,
  { width, height, depth, channels }: PngHeader,
  background: number,
  transparent: ArrayLike<number> | undefined,
): Uint8Array<ArrayBuffer> {
  const most = 2 ** depth - 1;
  const colors = channels < 3 ? 1 : 3;
  const hasAlpha = channels > colors;
  const gray = new Uint8Array(width * height);
  for (let pixel = 0; pixel < gray.length; pixel++) {
    const first = pixel * channels;
    const light = colors === 1
      ? samples[first]
      : luma(samples[first], samples[first + 1], samples[first + 2]);
    let alpha = 1;
    if (hasAlpha) alpha = samples[first + colors] / most;
    else if (transparentAt(samples, first, transparent)) alpha = 0;
    gray[pixel] = over((light / most) * 255, alpha, background);
  }
  return gray;
}

/** Whether a pixel has the one color that is transparent, where there is one. */
export function transparentAt(
  samples: ArrayLike<number>,
  first: number,
  color: ArrayLike<number> | undefined,
): boolean {
  if (color === undefined) return false;
  for (let channel = 0; channel < color.length; channel++) {
    if (samples[first + channel] !== color[channel]) return false;
  }
  return true;
}

export function over(light: number, alpha: number, background: number): number {
  return Math.round(light * alpha + background * (1 - alpha));
}
