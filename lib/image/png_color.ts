/** From the samples of a PNG image to bytes of red, green and blue. */

import { WeftError } from "../errors.ts";
import type { PngHeader } from "./png_chunks.ts";
import { over, type PngSamples, transparentAt, unpack } from "./png_gray.ts";

/**
 * @param background The gray behind transparent pixels.
 * @param source What to call the file in errors.
 * @returns `height * width * 3` bytes
 * @throws {WeftError} If a pixel names a color that the palette does not have.
 */
export function colorOf(
  { samples, palette = [], transparency }: PngSamples,
  header: PngHeader,
  background: number,
  source: string,
): Uint8Array<ArrayBuffer> {
  const { width, height, depth, channels, usesPalette } = header;
  const whole = depth < 8 ? unpack(samples, header) : samples;
  const pixels = new Uint8Array(width * height * 3);
  if (usesPalette) {
    const colors = palette.map(([red, green, blue, alpha = 255]) =>
      [red, green, blue].map((part) => over(part, alpha / 255, background))
    );
    for (let pixel = 0; pixel < width * height; pixel++) {
      const color = colors[whole[pixel]];
      if (!color) {
        throw new WeftError(
          `Cannot read ${source} as a PNG image: it is damaged (color ${
            whole[pixel]
          } of ${colors.length}).`,
        );
      }
      pixels.set(color, 3 * pixel);
    }
    return pixels;
  }
  const most = 2 ** depth - 1;
  const colors = channels < 3 ? 1 : 3;
  const hasAlpha = channels > colors;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const first = pixel * channels;
    const alpha = hasAlpha
      ? whole[first + colors] / most
      : transparentAt(whole, first, transparency)
      ? 0
      : 1;
    for (let c = 0; c < 3; c++) {
      const light = whole[first + (colors === 3 ? c : 0)];
      pixels[3 * pixel + c] = over((light / most) * 255, alpha, background);
    }
  }
  return pixels;
}
