/**
 * Images that a network has not seen: mirrored and shifted ones of those that it has. A transform is a table that says for
 * each pixel where it comes from; the kernel `gatherTransformed` picks one of them for every row and epoch, by a hash of the
 * seed, the epoch and the row's number. So what a row becomes depends neither on threads nor on where training was cut.
 *
 * Glossary: I numbers of an image, T transforms.
 */
import { lowbias32 } from "../random/hashes.ts";

export interface Augmentation {
  /** Mirrors every other image, left to right. */
  readonly flip: boolean;
  /** Pixels by which images are shifted at most, in both directions; what comes in from outside is black. */
  readonly shift: number;
}

/** Number of transforms, T: each shift, mirrored or not. All are equally likely. */
export function transformCount({ flip, shift }: Augmentation): number {
  return (2 * shift + 1) ** 2 * (flip ? 2 : 1);
}

/**
 * The tables of all transforms.
 *
 * @param channels numbers of a pixel, side by side, which stay together
 * @returns T x I source numbers, I where the source is outside the image
 */
export function transformTables(
  height: number,
  width: number,
  { flip, shift }: Augmentation,
  channels = 1,
): Uint32Array<ArrayBuffer> {
  const inputs = height * width * channels;
  const tables = new Uint32Array(transformCount({ flip, shift }) * inputs);
  let at = 0;
  for (const mirrored of flip ? [false, true] : [false]) {
    for (let down = -shift; down <= shift; down++) {
      for (let right = -shift; right <= shift; right++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const [fromY, fromX] = [y - down, x - right];
            const isInside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
            const column = mirrored ? width - 1 - fromX : fromX;
            const pixel = (fromY * width + column) * channels;
            for (let c = 0; c < channels; c++) tables[at++] = isInside ? pixel + c : inputs;
          }
        }
      }
    }
  }
  return tables;
}

/**
 * What decides, with a row's number, which transform the row goes through in an epoch.
 *
 * @param epoch from 0
 */
export function epochKey(seed: number, epoch: number): number {
  return lowbias32(lowbias32(seed ^ 0x9e3779b9) + epoch);
}
