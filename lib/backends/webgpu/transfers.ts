/** Matrices to the device's memory and back: padded on the way there, unpadded on the way back. */
import type { Readback } from "./readback.ts";
import { type GpuBytes, GpuMatrix, padRows, runsOf, unpadRows } from "./storage.ts";

/** Copies row-major `values` into `matrix`. */
export function writeMatrix(
  queue: GPUQueue,
  matrix: GpuMatrix | GpuBytes,
  values: Float32Array | Uint8Array,
): void {
  const { columns, rowBytes } = matrix;
  for (const { storage, at, first, rows } of runsOf(matrix)) {
    const run = values.subarray(first * columns, (first + rows) * columns);
    upload(queue, storage.buffer, at, padRows(run, rows, rowBytes));
  }
}

/** Copies `values` to byte `at` of `buffer`. */
export function upload(
  queue: GPUQueue,
  buffer: GPUBuffer,
  at: number,
  values: Float32Array | Uint8Array | Uint32Array,
): void {
  // Memory that threads share is copied first: WebGPU takes none.
  const own = values.buffer instanceof ArrayBuffer ? values : values.slice();
  queue.writeBuffer(buffer, at, own as typeof own & ArrayBufferView<ArrayBuffer>);
}

/** A copy of `matrix`, row-major, as it is after everything recorded until the call. */
export async function readMatrix(
  readback: Readback,
  matrix: GpuMatrix | GpuBytes,
): Promise<Float32Array | Uint8Array> {
  // All that is before the first await happens at the call, and so in order.
  const { rows, columns, rowBytes } = matrix;
  const runs = runsOf(matrix);
  const copies = await Promise.all(
    runs.map((run) => readback.read(run.storage.buffer, run.at, run.rows * rowBytes)),
  );
  const Elements = matrix instanceof GpuMatrix ? Float32Array : Uint8Array;
  const values = new Elements(rows * columns);
  runs.forEach(({ first, rows }, i) => {
    const part = values.subarray(first * columns, (first + rows) * columns);
    unpadRows(part, new Elements(copies[i]), columns);
  });
  return values;
}
