/** Features and targets on a back end, from which batches are gathered. */
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../backend/mod.ts";
import {
  type Augmentation,
  epochKey,
  transformCount,
  transformTables,
} from "../dataset/augmentation.ts";
import { LikenessOrder } from "../dataset/layout/zero_row_order.ts";
import type { PixelOrder } from "../dataset/layout/pixel_layout.ts";
import { isGrayImage, sampleChunks, type Samples } from "../dataset/samples.ts";
import { imageSize } from "../model/model.ts";
import { sizeOf } from "../nn/layer.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { uploadTargets } from "../task/mod.ts";
import type { TargetMap, UploadedTargets } from "../task/task.ts";

export class UploadedSamples implements Disposable {
  /** N x I, images in the back end's order of pixels. */
  readonly features: Matrix | ByteMatrix;
  /** What is to be learned of them. */
  readonly targets: UploadedTargets;
  /** Sorts row numbers so that images that look alike stand together; null where rows are none. */
  readonly #zeroRowOrder: LikenessOrder | null = null;
  /** Tables of source places, one a transform; null where images stay as they are. */
  readonly #sources: RowIndices | null = null;
  /** Decides which row goes through which of them in this epoch. */
  #key = 0;
  readonly #owned: DisposableStack;

  /**
   * @param map          what targets are standardized by
   * @param pixelOrder   of images of one channel
   * @param augmentation how images are mirrored and shifted; null for not at all
   */
  constructor(
    readonly backend: Backend,
    samples: Samples,
    map: TargetMap | null,
    pixelOrder: PixelOrder,
    augmentation: Augmentation | null,
  ) {
    const { rows, element, shape, targets, weights } = samples;
    const isImage = isGrayImage(samples);
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.features = element === "float32"
      ? own(backend.allocate(rows, sizeOf(shape)))
      : own(backend.allocateBytes(rows, sizeOf(shape)));
    // A few at a time: all of them would be in memory three times.
    for (const { first, rows, values } of sampleChunks(samples)) {
      const arranged = isImage ? pixelOrder.arrangePixels(values as Uint8Array) : values;
      backend.write(backend.view(this.features, first, rows), arranged as Uint8Array<ArrayBuffer>);
    }
    this.targets = uploadTargets(backend, own, rows, targets, weights, map);
    if (augmentation && transformCount(augmentation) > 1) {
      const [height, width, channels = 1] = shape;
      const tables = transformTables(height, width, augmentation, channels);
      this.#sources = own(backend.allocateOrder(tables.length));
      backend.writeOrder(this.#sources, pixelOrder.arrangeSources(tables));
    }
    if (isImage) {
      const pixels = samples.values as Uint8Array<ArrayBuffer>;
      this.#zeroRowOrder = new LikenessOrder({ rows, ...imageSize(samples.shape), pixels });
    }
    this.#owned = owned.move();
  }

  /** Puts the rows of a batch into an order that is good for products, in place. */
  sort(rows: Uint32Array): void {
    this.#zeroRowOrder?.sort(rows);
  }

  /** Decides how images are mirrored and shifted from now on. */
  beginEpoch(seed: number, epoch: number): void {
    this.#key = epochKey(seed, epoch);
  }

  /** Fills a batch with the rows of `order` from `start` on. x: B x I. */
  gather(x: Matrix | ByteMatrix, order: RowIndices, start: number): void {
    const { backend, features } = this;
    const sources = this.#sources;
    if (!sources) return gatherRows(backend, x, features, order, start);
    // Only bytes are mirrored and shifted.
    const [to, from] = [x, features] as [ByteMatrix, ByteMatrix];
    backend.gatherTransformed(to, from, order, start, sources, this.#key);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** x[i, :] = data[order[start + i], :], both of bytes or both of float32. */
export function gatherRows(
  backend: Backend,
  x: Matrix | ByteMatrix,
  data: Matrix | ByteMatrix,
  order: RowIndices,
  start: number,
): void {
  if (x.element === "uint8") backend.gather(x, data as ByteMatrix, order, start);
  else backend.gatherFloats(x, data as Matrix, order, start);
}
