/** Pictures and labels on a back end, from which batches are gathered. */
import type { Backend, ByteMatrix, RowOrder } from "../backend.ts";
import {
  type Augmentation,
  epochKey,
  transformCount,
  transformTables,
} from "../dataset/augmentation.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { LikenessOrder } from "../dataset/likeness.ts";
import { pictureChunks, type PictureSource } from "../dataset/picture_source.ts";
import type { PixelOrder } from "../dataset/pixel_order.ts";
import { ownerOf } from "../nn/owned_buffers.ts";

export class UploadedImages implements Disposable {
  /** N x I, in the back end's order of pixels; N x 1. */
  readonly pixels: ByteMatrix;
  readonly labels: ByteMatrix;
  /** The labels, N bytes. */
  readonly labelValues: Uint8Array;
  /** Sorts row numbers so that rows that look alike stand together. */
  readonly likeness: LikenessOrder;
  /** Tables of source places, one a transform; null where pictures stay as they are. */
  readonly #sources: RowOrder | null = null;
  /** Decides which row goes through which of them in this epoch. */
  #key = 0;
  readonly #owned: DisposableStack;

  /** @param augmentation how pictures are mirrored and shifted; null for not at all */
  constructor(
    readonly backend: Backend,
    images: LabelledImages | PictureSource,
    pixelOrder: PixelOrder,
    augmentation: Augmentation | null,
  ) {
    const { rows, height, width, labels } = images;
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.pixels = own(backend.allocateBytes(rows, height * width));
    // A few at a time: all of them would be in memory three times.
    for (const { first, rows, pixels } of pictureChunks(images)) {
      backend.write(backend.view(this.pixels, first, rows), pixelOrder.arrangePixels(pixels));
    }
    this.labels = own(backend.allocateBytes(rows, 1));
    backend.write(this.labels, labels);
    this.labelValues = labels;
    if (augmentation && transformCount(augmentation) > 1) {
      const tables = transformTables(height, width, augmentation);
      this.#sources = own(backend.allocateOrder(tables.length));
      backend.writeOrder(this.#sources, pixelOrder.arrangeSources(tables));
    }
    this.likeness = new LikenessOrder(images);
    this.#owned = owned.move();
  }

  /** Decides how pictures are mirrored and shifted from now on. */
  beginEpoch(seed: number, epoch: number): void {
    this.#key = epochKey(seed, epoch);
  }

  /** Fills a batch with the rows of `order` from `start` on. x: B x I. */
  gather(x: ByteMatrix, order: RowOrder, start: number): void {
    const { backend, pixels } = this;
    const sources = this.#sources;
    if (!sources) backend.gather(x, pixels, order, start);
    else backend.gatherTransformed(x, pixels, order, start, sources, this.#key);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
