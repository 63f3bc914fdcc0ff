/**
 * Brings an image to the size that a network was trained on. Every new pixel is the mean of the
 * area of the old image that it covers, so thin lines fade instead of vanishing.
 */

import type { DecodedImage } from "./decoded_image.ts";
import type { GrayImage } from "./png_gray.ts";

/**
 * Resizes an image, keeping its proportions: it becomes as large as fits, stands in the middle,
 * and has bars of `background` beside or above and below it. An image of the right size comes out
 * as it went in.
 *
 * @param image H' x W' bytes of gray.
 * @param height H, the new height in pixels; likewise `width`, W.
 * @param background The gray of the bars; 0 is the background of Fashion-MNIST.
 * @returns H x W bytes.
 */
export function resizeGray(
  image: GrayImage,
  height: number,
  width: number,
  background = 0,
): GrayImage {
  const decoded = { ...image, channels: 1, pixels: image.gray } as const;
  return { width, height, gray: resizeImage(decoded, height, width, background).pixels };
}

/** The same for each channel of an image. */
export function resizeImage(
  image: DecodedImage,
  height: number,
  width: number,
  background = 0,
): DecodedImage {
  const { channels } = image;
  if (image.height === height && image.width === width) return image;
  const scale = Math.min(height / image.height, width / image.width);
  const innerHeight = Math.max(1, Math.round(image.height * scale));
  const innerWidth = Math.max(1, Math.round(image.width * scale));
  const top = Math.floor((height - innerHeight) / 2);
  const left = Math.floor((width - innerWidth) / 2);
  const rows = coverage(image.height, innerHeight);
  const columns = coverage(image.width, innerWidth);
  const pixels = new Uint8Array(height * width * channels).fill(background);
  for (let y = 0; y < innerHeight; y++) {
    for (let x = 0; x < innerWidth; x++) {
      const to = ((top + y) * width + left + x) * channels;
      for (let c = 0; c < channels; c++) {
        pixels[to + c] = Math.round(mean(image, c, rows[y], columns[x]));
      }
    }
  }
  return { height, width, channels, pixels };
}

/**
 * The negative: what was dark on a light ground becomes light on a dark one, as in Fashion-MNIST.
 */
export function invertGray(image: GrayImage): GrayImage {
  return { ...image, gray: image.gray.map((value) => 255 - value) };
}

/**
 * The old pixels that one new pixel covers along one axis, and how much of each. One unit is the
 * part of an old pixel that makes all of this whole: sums are exact, and a mirrored image gives
 * the mirrored result.
 */
interface Covered {
  readonly first: number;
  readonly weights: readonly number[];
}

/** @returns `to` entries, whose weights add up to `from` each. */
function coverage(from: number, to: number): Covered[] {
  return Array.from({ length: to }, (_, index) => {
    const begin = index * from;
    const end = begin + from;
    const first = Math.floor(begin / to);
    const weights: number[] = [];
    for (let pixel = first; pixel * to < end; pixel++) {
      weights.push(Math.min(end, (pixel + 1) * to) - Math.max(begin, pixel * to));
    }
    return { first, weights };
  });
}

function mean(
  { pixels, width, height, channels }: DecodedImage,
  channel: number,
  rows: Covered,
  columns: Covered,
): number {
  let total = 0;
  for (let i = 0; i < rows.weights.length; i++) {
    let at = ((rows.first + i) * width + columns.first) * channels + channel;
    let rowTotal = 0;
    for (let j = 0; j < columns.weights.length; j++, at += channels) {
      rowTotal += columns.weights[j] * pixels[at];
    }
    total += rows.weights[i] * rowTotal;
  }
  return total / (height * width);
}
