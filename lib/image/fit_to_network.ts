/** Makes what a network expects of an image that has been decoded. */

import type { DecodedImage } from "./decoded_image.ts";
import type { GrayImage } from "./png_gray.ts";
import { invertGray, resizeGray, resizeImage } from "./resize.ts";

/** The size that a network was trained on, and what to do to get there. */
export interface NetworkInput {
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** For an image that is dark on a light ground; networks see light on dark. */
  readonly invert: boolean;
}

/** The gray that transparent parts must have when an image is decoded, to be background in the end. */
export function groundOf({ invert }: NetworkInput): number {
  return invert ? 255 : 0;
}

/**
 * Inverts where asked, and resizes with the proportions kept.
 *
 * @returns `height * width` bytes, row-major: one row of a data set.
 */
export function fitToNetwork(
  image: GrayImage,
  { height, width, invert }: NetworkInput,
): Uint8Array<ArrayBuffer> {
  return resizeGray(invert ? invertGray(image) : image, height, width).gray;
}

/** The same for an image with as many channels as the network takes: `height * width * channels` bytes. */
export function fitImageToNetwork(
  image: DecodedImage,
  { height, width, invert }: NetworkInput,
): Uint8Array<ArrayBuffer> {
  const pixels = invert ? image.pixels.map((value) => 255 - value) : image.pixels;
  return resizeImage({ ...image, pixels }, height, width).pixels;
}
