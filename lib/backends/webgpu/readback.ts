/**
 * Brings bytes back from the device, through buffers that the processor can see and that are used
 * again and again.
 */
import type { Recorder } from "./recorder.ts";

/**
 * Whether `mapAsync` waits for the device before it returns, and resolves its promise only 10 ms
 * later. Deno 2.9 does. What was mapped is there at once then, so that a read need not take those
 * 10 ms, once the buffer has been waited for a first time (before that, asking for its range ends
 * the process). Other versions are not relied upon to be the same.
 */
const WAITS_AT_CALL =
  (globalThis as { Deno?: { version: { deno: string } } }).Deno?.version.deno.startsWith("2.9.") ??
    false;

const SMALLEST_STAGING = 1 << 16;

/** Beyond this a buffer is not kept for later reads. */
const LARGEST_KEPT = 1 << 24;

interface Staging {
  readonly buffer: GPUBuffer;
  /** Whether it has been mapped before. */
  used: boolean;
}

export class Readback {
  readonly #free: Staging[] = [];
  /** What is read when only the waiting counts. */
  readonly #any: GPUBuffer;

  constructor(readonly recorder: Recorder) {
    this.#any = recorder.device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC });
  }

  /**
   * A copy of `bytes` bytes of `source`, as they are after everything recorded until now, which is
   * submitted with it.
   *
   * @throws {DeviceError} where the device failed, now or at a call before
   */
  async read(source: GPUBuffer, at: number, bytes: number): Promise<ArrayBuffer> {
    const { faults } = this.recorder;
    const staging = this.#take(bytes);
    const { buffer } = staging;
    this.recorder.copy(source, at, buffer, 0, bytes);
    this.recorder.flush();
    try {
      const copy = await map(staging, bytes);
      await faults.settled();
      this.#give(staging);
      return copy;
    } catch (error) {
      buffer.destroy();
      await faults.settled();
      throw faults.lost((error as Error).message);
    }
  }

  /**
   * Resolves when everything recorded so far has run.
   *
   * @throws {DeviceError} where the device failed
   */
  async settle(): Promise<void> {
    await this.read(this.#any, 0, 4);
  }

  /** Frees the buffers. */
  [Symbol.dispose](): void {
    this.#any.destroy();
    for (const { buffer } of this.#free) buffer.destroy();
  }

  #take(bytes: number): Staging {
    const fitting = this.#free.findIndex(({ buffer }) => buffer.size >= bytes);
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0];
    const buffer = this.recorder.device.createBuffer({
      label: "staging",
      size: Math.max(SMALLEST_STAGING, 2 ** Math.ceil(Math.log2(bytes))),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    return { buffer, used: false };
  }

  #give(staging: Staging): void {
    if (staging.buffer.size > LARGEST_KEPT) return staging.buffer.destroy();
    this.#free.push(staging);
    this.#free.sort((a, b) => a.buffer.size - b.buffer.size);
  }
}

async function map(staging: Staging, bytes: number): Promise<ArrayBuffer> {
  const { buffer } = staging;
  const mapped = buffer.mapAsync(GPUMapMode.READ, 0, bytes);
  let range: ArrayBuffer | null = null;
  if (WAITS_AT_CALL && staging.used) range = rangeOf(buffer, bytes);
  if (range) mapped.catch(() => {}); // It is unmapped before the promise is kept.
  else {
    await mapped;
    staging.used = true;
    range = buffer.getMappedRange(0, bytes);
  }
  const copy = range.slice(0);
  buffer.unmap();
  return copy;
}

/** What is mapped; null where nothing is. */
function rangeOf(buffer: GPUBuffer, bytes: number): ArrayBuffer | null {
  try {
    return buffer.getMappedRange(0, bytes);
  } catch {
    return null;
  }
}
