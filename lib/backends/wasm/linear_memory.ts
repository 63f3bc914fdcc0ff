/**
 * Places buffers in a WebAssembly memory: first fit among the gaps, then growth. Offsets and sizes are in bytes.
 */
import { WeftError } from "../../errors.ts";

/** Bytes of a WebAssembly page. */
const PAGE = 65536;
/** Buffers start at a cache line, so that threads that write neighboring buffers do not share one. */
const ALIGNMENT = 64;
/** The most that 32-bit offsets reach: 4 GiB. */
const MAXIMUM_PAGES = 65536;

interface Span {
  readonly start: number;
  readonly end: number;
}

export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  /** All of the memory; made anew when it grows, which replaces its buffer. */
  ints!: Int32Array;
  floats!: Float32Array;
  doubles!: Float64Array;
  /** Gaps between buffers, by address; neighbors are always joined. */
  #gaps: Span[] = [];
  readonly #used = new Map<number, number>();
  /** Above, nothing has been written yet: memory comes as zeros. */
  #fresh = 0;

  /**
   * @param reserved bytes at the bottom that belong to the module
   * @param shared   whether threads share the memory
   */
  constructor(reserved: number, shared = false) {
    const initial = Math.ceil(reserved / PAGE);
    this.memory = new WebAssembly.Memory({ initial, maximum: MAXIMUM_PAGES, shared });
    this.#look();
    this.#free(align(reserved), initial * PAGE);
  }

  /** Reserves zeroed bytes and returns their offset. */
  allocate(bytes: number): number {
    const size = align(Math.max(bytes, 1));
    let index = this.#gaps.findIndex((gap) => gap.end - gap.start >= size);
    if (index < 0) {
      this.#grow(size);
      index = this.#gaps.length - 1;
    }
    const { start, end } = this.#gaps[index];
    const rest = start + size < end ? [{ start: start + size, end }] : [];
    this.#gaps.splice(index, 1, ...rest);
    this.#used.set(start, size);
    const stale = Math.min(size, this.#fresh - start);
    if (stale > 0) new Uint8Array(this.memory.buffer, start, stale).fill(0);
    this.#fresh = Math.max(this.#fresh, start + size);
    return start;
  }

  /** Gives back what `allocate` returned. */
  free(offset: number): void {
    const size = this.#used.get(offset);
    if (size === undefined) {
      throw new Error(`No buffer starts at ${offset}: freed twice, or a view`);
    }
    this.#used.delete(offset);
    this.#free(offset, offset + size);
  }

  #free(start: number, end: number): void {
    if (start >= end) return;
    const spans = [...this.#gaps, { start, end }].sort((a, b) => a.start - b.start);
    this.#gaps = [];
    for (const span of spans) {
      const last = this.#gaps.at(-1);
      if (last?.end === span.start) this.#gaps[this.#gaps.length - 1] = { ...last, end: span.end };
      else this.#gaps.push(span);
    }
  }

  /** Grows until the last gap has `size` bytes. */
  #grow(size: number): void {
    const top = this.memory.buffer.byteLength;
    const last = this.#gaps.at(-1);
    const open = last?.end === top ? top - last.start : 0;
    const pages = Math.ceil((size - open) / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
      throw new WeftError(
        `Cannot allocate ${megabytes(size)} for a buffer: the WebAssembly memory holds ${
          megabytes(top)
        } and can grow to 4096 MiB at most, or the system has no more. ` +
          "Use a smaller network, batch or data set.",
      );
    }
    this.#look();
    this.#free(top, top + pages * PAGE);
  }

  #look(): void {
    const { buffer } = this.memory;
    this.ints = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
