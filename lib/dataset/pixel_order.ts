/**
 * The order in which a picture's pixels stand on a back end. A multilayer perceptron learns the same in any order, as long
 * as the rows of its first weights stand in it too. But a product leaves out the samples in which six neighbouring rows of
 * pixels are black, and in Fashion-MNIST that is 32 % where six follow each other in a line, 40 % where they are a patch
 * of 3 x 2.
 */
export class PixelOrder {
  /** For each place the pixel that stands there. */
  readonly #pixelAt: Uint32Array;

  /** Goes through a picture in bands of two lines, from left to right, and in each column of a band down. */
  constructor(height: number, width: number) {
    this.#pixelAt = new Uint32Array(height * width);
    let place = 0;
    for (let top = 0; top < height; top += 2) {
      for (let x = 0; x < width; x++) {
        this.#pixelAt[place++] = top * width + x;
        if (top + 1 < height) this.#pixelAt[place++] = (top + 1) * width + x;
      }
    }
  }

  /** Copies whole pictures with their pixels in this order. */
  arrangePixels(pictures: Uint8Array): Uint8Array<ArrayBuffer> {
    const arranged = new Uint8Array(pictures.length);
    const pixelAt = this.#pixelAt;
    const inputs = pixelAt.length;
    for (let first = 0; first < pictures.length; first += inputs) {
      for (let place = 0; place < inputs; place++) {
        arranged[first + place] = pictures[first + pixelAt[place]];
      }
    }
    return arranged;
  }

  /** Copies a matrix that has a row for every pixel, with its rows in this order. */
  arrangeRows(values: Float32Array): Float32Array<ArrayBuffer> {
    return this.#moveRows(values, (place) => [place, this.#pixelAt[place]]);
  }

  /** What `arrangeRows` was given. */
  restoreRows(values: Float32Array): Float32Array<ArrayBuffer> {
    return this.#moveRows(values, (place) => [this.#pixelAt[place], place]);
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
