/** Images once they are decoded, with one channel or three. */

/** Bytes from the top left, row by row, the channels of a pixel side by side; 0 is dark and 255 light. */
export interface DecodedImage {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 is gray; 3 are red, green and blue. */
  readonly channels: 1 | 3;
  /** Height x width x channels bytes. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/**
 * The share of red, green and blue in how bright a color looks: ITU-R BT.601, as Pillow's `convert("L")`.
 */
const LUMA = [0.299, 0.587, 0.114] as const;

/** How bright a color looks, in the unit of its parts. */
export function luma(red: number, green: number, blue: number): number {
  return LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
}

/** The same image with one channel. */
export function inGray(image: DecodedImage): DecodedImage {
  const { channels, pixels } = image;
  if (channels === 1) return image;
  const gray = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < gray.length; i++) {
    gray[i] = Math.round(luma(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]));
  }
  return { ...image, channels: 1, pixels: gray };
}

/** The same image with three channels. */
export function inColor(image: DecodedImage): DecodedImage {
  const { channels, pixels } = image;
  if (channels === 3) return image;
  const color = new Uint8Array(pixels.length * 3);
  for (let i = 0; i < color.length; i++) color[i] = pixels[Math.floor(i / 3)];
  return { ...image, channels: 3, pixels: color };
}

/** Whether each pixel is as red as it is green and blue. */
export function isGray({ channels, pixels }: DecodedImage): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  }
  return true;
}

/**
 * The image as a camera meant it: `orientation` says what to do, as Exif has it.
 *
 * @param orientation 1 to 8: 2 is mirrored left to right, 3 upside down, 4 both of these, 5 to 8 have rows for columns
 */
export function upright(image: DecodedImage, orientation: number): DecodedImage {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const { height, width, channels, pixels } = image;
  const swaps = orientation >= 5;
  const [toHeight, toWidth] = swaps ? [width, height] : [height, width];
  const turned = new Uint8Array(pixels.length);
  // Whether rows, or columns, of the result run against those of the file that they come from.
  const isBackwardsY = [3, 4, 7, 8].includes(orientation);
  const isBackwardsX = [2, 3, 6, 7].includes(orientation);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const [u, v] = [
        isBackwardsY ? toHeight - 1 - y : y,
        isBackwardsX ? toWidth - 1 - x : x,
      ];
      const from = (swaps ? v * width + u : u * width + v) * channels;
      const to = (y * toWidth + x) * channels;
      for (let c = 0; c < channels; c++) turned[to + c] = pixels[from + c];
    }
  }
  return { height: toHeight, width: toWidth, channels, pixels: turned };
}
