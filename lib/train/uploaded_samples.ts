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
import { type FeatureReader, isGrayImage, sampleChunks, type Samples } from "../dataset/samples.ts";
import { imageSize } from "../model/model.ts";
import { sizeOf } from "../nn/layer.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import { uploadTargets } from "../task/mod.ts";
import type { TargetMap, UploadedTargets } from "../task/task.ts";

/** Features of more float32 (512 MiB) are read a batch at a time, if that costs little. */
const MOST_UPLOADED = 2 ** 27;

/** Where batches take their rows from. */
export interface RowFeatures {
  /**
   * Fills a batch with the rows of `order` from `start` on. x: B x I.
   *
   * @param rows what `order` holds
   */
  gather(x: Matrix | ByteMatrix, order: RowIndices, start: number, rows: Uint32Array): void;
}

export class UploadedSamples implements Disposable, RowFeatures {
  /** The rows as they are: neither mirrored nor shifted. */
  readonly asTheyAre: RowFeatures;
  /** N x I, images in the back end's order of pixels; null where features are read a batch at a time. */
  readonly #features: Matrix | ByteMatrix | null = null;
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
    const size = sizeOf(shape);
    const reader = batchReader(backend, samples);
    if (reader) this.asTheyAre = reader;
    else {
      const features = element === "float32"
        ? own(backend.allocate(rows, size))
        : own(backend.allocateBytes(rows, size));
      // A few at a time: all of them would be in memory three times.
      for (const { first, rows, values } of sampleChunks(samples)) {
        const arranged = isImage ? pixelOrder.arrangePixels(values as Uint8Array) : values;
        backend.write(backend.view(features, first, rows), arranged as Uint8Array<ArrayBuffer>);
      }
      this.#features = features;
      this.asTheyAre = rowsOf(backend, features);
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

  gather(x: Matrix | ByteMatrix, order: RowIndices, start: number, rows: Uint32Array): void {
    const { backend } = this;
    const features = this.#features;
    const sources = this.#sources;
    if (!features || !sources) return this.asTheyAre.gather(x, order, start, rows);
    // Only bytes are mirrored and shifted.
    const [to, from] = [x, features] as [ByteMatrix, ByteMatrix];
    backend.gatherTransformed(to, from, order, start, sources, this.#key);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

/** What reads features a batch at a time; null where all of them belong on the back end: up to `most` numbers do. */
export function batchReader(
  backend: Backend,
  { rows, shape, values, isAnyOrder }: Pick<Samples, "rows" | "shape" | "values" | "isAnyOrder">,
  most = MOST_UPLOADED,
): RowFeatures | null {
  const size = sizeOf(shape);
  if (!isAnyOrder || rows * size <= most) return null;
  const read = values as FeatureReader;
  let batch = new Float32Array(0);
  return {
    gather(x, _, start, rows) {
      if (batch.length !== x.rows * size) batch = new Float32Array(x.rows * size);
      for (let i = 0; i < x.rows; i++) batch.set(read(rows[start + i], 1), i * size);
      backend.write(x as Matrix, batch);
    },
  };
}

/** Rows of features that are on a back end. */
export function rowsOf(backend: Backend, features: Matrix | ByteMatrix): RowFeatures {
  return { gather: (x, order, start) => gatherRows(backend, x, features, order, start) };
}

/** x[i, :] = data[order[start + i], :], both of bytes or both of float32. */
function gatherRows(
  backend: Backend,
  x: Matrix | ByteMatrix,
  data: Matrix | ByteMatrix,
  order: RowIndices,
  start: number,
): void {
  if (x.element === "uint8") backend.gather(x, data as ByteMatrix, order, start);
  else backend.gatherFloats(x, data as Matrix, order, start);
}
