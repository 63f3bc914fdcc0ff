/** Notices pixels that have been divided by 255 already: bytes go from 0 to 255, and networks scale them themselves. */

/**
 * @param pixels bytes of one image or many
 * @param what they are, such as "the training images"
 * @returns a line to show beside the result, where every pixel is 0 or 1 and some are 1: no image of bytes is that dark
 */
export function noteOnPixels(pixels: Uint8Array, what: string): string | null {
  let largest = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] > 1) return null;
    if (pixels[i] > largest) largest = pixels[i];
  }
  if (largest === 0) return null;
  return `all pixels of ${what} are 0 or 1, and pixels go from 0 (black) to 255 (white); ` +
    "where 1 is to be white, multiply them by 255";
}
