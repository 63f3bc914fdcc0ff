/**
 * The order in which an image's pixels stand on a back end. A multilayer perceptron learns the same in any order, as long
 * as the rows of its first weights stand in it too. But a product leaves out the samples in which six neighboring rows of
 * pixels are black, and in Fashion-MNIST that is 32 % where six follow each other in a line, 38 % where they are a patch
 * of 2 x 3.
 */

/** Lines of a band: of an even width, six pixels in turn are then always a patch. */
const BAND = 3;

export class PixelOrder {
  /** For each place the pixel that stands there. */
  readonly #pixelAt: Uint32Array;
  readonly #width: number;

  /** Goes through an image in bands of three lines, from left to right, and in each column of a band down. */
  constructor(height: number, width: number) {
    this.#pixelAt = new Uint32Array(height * width);
    this.#width = width;
    let place = 0;
    for (let top = 0; top < height; top += BAND) {
      for (let x = 0; x < width; x++) {
        for (let y = top; y < Math.min(top + BAND, height); y++) {
          this.#pixelAt[place++] = y * width + x;
        }
      }
    }
  }

  /** Copies whole images with their pixels in this order. */
  arrangePixels(images: Uint8Array): Uint8Array<ArrayBuffer> {
    const arranged = new Uint8Array(images.length);
    const pixelAt = this.#pixelAt;
    const inputs = pixelAt.length;
    const words = this.#width % 4 === 0 && images.byteOffset % 4 === 0;
    // Pixels from this place on stand one by one: all of them, or those of the lines that are left below the last band.
    const rest = words ? inputs - inputs % (BAND * this.#width) : 0;
    if (words) this.#arrangeWords(arranged, images, rest);
    for (let first = 0; first < images.length; first += inputs) {
      for (let place = rest; place < inputs; place++) {
        arranged[first + place] = images[first + pixelAt[place]];
      }
    }
    return arranged;
  }

  /** The same for the first `count` pixels of each image, four columns of a band at a time: five times as fast. */
  #arrangeWords(arranged: Uint8Array<ArrayBuffer>, images: Uint8Array, count: number): void {
    const from = new Int32Array(images.buffer, images.byteOffset, images.length / 4);
    const to = new Int32Array(arranged.buffer);
    const line = this.#width / 4;
    const inputs = this.#pixelAt.length / 4;
    for (let first = 0; first < from.length; first += inputs) {
      let place = first;
      for (let top = first; place < first + count / 4; top += BAND * line) {
        for (let column = top; column < top + line; column++) {
          // The leftmost pixel is in a word's lowest byte, on all processors that Deno runs on.
          const a = from[column];
          const b = from[column + line];
          const c = from[column + 2 * line];
          to[place++] = a & 0xff | (b & 0xff) << 8 | (c & 0xff) << 16 | (a & 0xff00) << 16;
          to[place++] = b >>> 8 & 0xff | c & 0xff00 | a & 0xff0000 | (b & 0xff0000) << 8;
          to[place++] = c >>> 16 & 0xff | a >>> 24 << 8 | b >>> 24 << 16 | c & 0xff000000;
        }
      }
    }
  }

  /** Copies a matrix that has a row for every pixel, with its rows in this order. */
  arrangeRows(values: Float32Array): Float32Array<ArrayBuffer> {
    return this.#moveRows(values, (place) => [place, this.#pixelAt[place]]);
  }

  /** What `arrangeRows` was given. */
  restoreRows(values: Float32Array): Float32Array<ArrayBuffer> {
    return this.#moveRows(values, (place) => [this.#pixelAt[place], place]);
  }

  /**
   * Tables of source pixels, T x I, as tables of source places; what is no pixel stays as it is.
   */
  arrangeSources(tables: Uint32Array): Uint32Array<ArrayBuffer> {
    const inputs = this.#pixelAt.length;
    const placeOf = new Uint32Array(inputs);
    this.#pixelAt.forEach((pixel, place) => placeOf[pixel] = place);
    return Uint32Array.from(tables, (_, at) => {
      const place = at % inputs;
      const source = tables[at - place + this.#pixelAt[place]];
      return source < inputs ? placeOf[source] : source;
    });
  }

  #moveRows(
    values: Float32Array,
    rowsOf: (place: number) => [to: number, from: number],
  ): Float32Array<ArrayBuffer> {
    const moved = new Float32Array(values.length);
    const columns = values.length / this.#pixelAt.length;
    for (let place = 0; place < this.#pixelAt.length; place++) {
      const [to, from] = rowsOf(place);
      moved.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
    }
    return moved;
  }
}
