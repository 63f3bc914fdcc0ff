/**
 * Decoded images of one size, one after the other, in one piece of memory.
 *
 * Glossary: N images, I bytes of each.
 */
import { WeftError } from "../errors.ts";
import { type DecodedImage, inColor, inGray, isGray } from "../image/decoded_image.ts";

/** Arrays of bytes are no longer everywhere. */
const MOST_BYTES = 2 ** 31 - 1;

export class ImageStore {
  /** N x I bytes. */
  #pixels: Uint8Array<ArrayBuffer> | null = null;
  /** Of the images that are stored: as asked for, or 1 until one has colors. */
  #channels: 1 | 3;
  #rows = 0;

  /**
   * @param most     images that may come
   * @param channels of all; 3 if one image has colors, by default
   */
  constructor(
    readonly most: number,
    readonly height: number,
    readonly width: number,
    readonly channels?: 1 | 3,
  ) {
    this.#channels = channels ?? 1;
  }

  /**
   * Stores an image of that size.
   *
   * @throws {WeftError} if there would be too many bytes
   */
  add(image: DecodedImage): void {
    if (this.channels === undefined && this.#channels === 1 && !isGray(image)) this.#spread();
    const { pixels } = this.#channels === 3 ? inColor(image) : inGray(image);
    const all = this.#pixels ??= this.#allocate();
    all.set(pixels, this.#rows++ * pixels.length);
  }

  /** What has been stored. */
  take(): {
    readonly rows: number;
    readonly channels: 1 | 3;
    readonly pixels: Uint8Array<ArrayBuffer>;
  } {
    const size = this.height * this.width * this.#channels;
    const pixels = (this.#pixels ?? new Uint8Array()).subarray(0, this.#rows * size);
    return { rows: this.#rows, channels: this.#channels, pixels };
  }

  /** Makes what is gray have three channels. */
  #spread(): void {
    const size = this.height * this.width;
    const gray = this.#pixels;
    this.#channels = 3;
    if (!gray) return;
    const color = this.#allocate();
    for (let i = 0; i < this.#rows * size; i++) color.fill(gray[i], 3 * i, 3 * i + 3);
    this.#pixels = color;
  }

  #allocate(): Uint8Array<ArrayBuffer> {
    const { most, height, width } = this;
    const bytes = most * height * width * this.#channels;
    if (bytes <= MOST_BYTES) return new Uint8Array(bytes);
    const side = Math.max(1, Math.floor(Math.sqrt(MOST_BYTES / most / this.#channels)));
    throw new WeftError(
      `Cannot use these images: ${most} of ${height} x ${width} pixels and ${this.#channels} channels take ${bytes} bytes, ` +
        `and at most ${MOST_BYTES} are possible; make them smaller, with --size ${side}x${side} at most`,
    );
  }
}
