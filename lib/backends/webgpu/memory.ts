/** The device's memory: allocation within its limits, and release. */
import { WeftError } from "../../errors.ts";
import type { OpenDevice } from "./device.ts";
import { forgetGroups, GpuBytes, GpuMatrix, GpuOrder, type Part, Storage } from "./storage.ts";

export class Memory {
  readonly #live = new Set<Storage>();
  /** Wanted no more, but by calls that are not submitted yet. */
  #retired: Storage[] = [];

  constructor(readonly open: OpenDevice) {}

  matrix(rows: number, columns: number): GpuMatrix {
    const bytes = rows * Math.ceil(columns / 4) * 16;
    return new GpuMatrix(this.#fitting(bytes, `a ${rows} x ${columns} matrix`), 0, rows, columns);
  }

  /** Rows are spread over several storages where one would be too large for a kernel. */
  bytes(rows: number, columns: number): GpuBytes {
    const rowBytes = Math.ceil(columns / 4) * 4;
    const partRows = Math.max(1, Math.floor(this.open.largestBinding / rowBytes));
    const parts: Part[] = [];
    for (let firstRow = 0; firstRow < rows; firstRow += partRows) {
      const count = Math.min(partRows, rows - firstRow);
      const storage = this.#fitting(count * rowBytes, `${count} rows of ${columns} bytes`);
      parts.push({ storage, firstRow, rows: count });
    }
    return new GpuBytes(parts, 0, rows, columns);
  }

  order(length: number): GpuOrder {
    return new GpuOrder(this.#fitting(length * 4, `an order of ${length} rows`), length);
  }

  /** So many bytes, a multiple of 4, all zero. */
  storage(bytes: number): Storage {
    const { device } = this.open;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: bytes, usage });
    const storage = new Storage(buffer, bytes);
    this.#live.add(storage);
    return storage;
  }

  /** Frees a storage, once only. */
  free(storage: Storage): void {
    if (!this.#live.delete(storage)) {
      throw new Error("Cannot release a buffer twice: it was released before");
    }
    forgetGroups(storage);
    storage.buffer.destroy();
  }

  /** Frees a storage when the calls so far, the one being recorded included, are submitted. */
  retire(storage: Storage): void {
    this.#retired.push(storage);
  }

  /** Frees what was retired. */
  freeRetired(): void {
    if (this.#retired.length === 0) return;
    for (const storage of this.#retired) this.free(storage);
    this.#retired = [];
  }

  /** Frees everything that is left. */
  [Symbol.dispose](): void {
    for (const storage of this.#live) this.free(storage);
  }

  #fitting(bytes: number, what: string): Storage {
    const { largestBinding, description: { name } } = this.open;
    if (bytes <= largestBinding) return this.storage(bytes);
    throw new WeftError(
      `Cannot make ${what} on ${name}: it takes ${bytes} bytes, and the adapter gives a kernel at ` +
        `most ${largestBinding} at a time; use a smaller layer or batch, or give --backend wasm`,
    );
  }
}
