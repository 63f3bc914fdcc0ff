/** Images that travel as bytes in base64: to colors that a canvas shows. */

/** Red, green and blue of -1, 0 and +1: blue and orange, which color-blind readers tell apart. */
const NEGATIVE = [5, 80, 160];
const ZERO = [245, 245, 245];
const POSITIVE = [190, 75, 0];

/**
 * The red, green, blue and alpha of each pixel.
 *
 * @param kind "gray": 0 is black, 255 white. "signed": 128 is zero, below it is negative.
 * @returns Null where the text is no base64 of so many pixels.
 */
export function toRgba(
  base64: string,
  pixels: number,
  kind: "gray" | "signed",
): Uint8ClampedArray<ArrayBuffer> | null {
  const bytes = decodeBase64(base64);
  if (bytes?.length !== pixels) return null;
  const rgba = new Uint8ClampedArray(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i++) {
    const byte = bytes.charCodeAt(i);
    const weight = Math.max(-1, (byte - 128) / 127);
    const end = weight < 0 ? NEGATIVE : POSITIVE;
    for (let c = 0; c < 3; c++) {
      rgba[4 * i + c] = kind === "gray" ? byte : ZERO[c] + Math.abs(weight) * (end[c] - ZERO[c]);
    }
  }
  return rgba;
}

/** Bytes as the units of a string; null where it is no base64. */
function decodeBase64(base64: string): string | null {
  try {
    return atob(base64);
  } catch {
    return null;
  }
}
