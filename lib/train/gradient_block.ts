/**
 * What processes sum in a step, in one block of memory: every gradient, what layers average, and a few words of agreement.
 */
import type { Backend, Matrix } from "../backend/mod.ts";
import { UsageError } from "../errors.ts";
import type { Network } from "../nn/network.ts";
import { ownerOf } from "../nn/owned_buffers.ts";
import type { SummedBlock } from "./process_group.ts";

/** One that computes in this process's memory. */
type HostBackend = Backend & Required<Pick<Backend, "part" | "numbersOf">>;

/** Numbers of a cache line: threads that write neighboring matrices do not share one. */
const LINE = 16;

const padded = (length: number) => Math.ceil(length / LINE) * LINE;

/** What processes wish for, and whether one does. */
export interface Wishes {
  /** To end after this batch. */
  readonly stop: boolean;
  /** To leave a state after this batch. */
  readonly checkpoint: boolean;
}

export class GradientBlock implements SummedBlock, Disposable {
  readonly length: number;
  readonly #backend: HostBackend;
  readonly #block: Matrix;
  readonly #received: Matrix;
  readonly #owned: DisposableStack;
  #taken = 0;

  /** @throws {UsageError} where the back end's memory is not this process's */
  constructor(backend: Backend, network: Network) {
    if (!backend.part || !backend.numbersOf) {
      throw new UsageError(
        `Cannot train in several processes with --backend ${backend.description.backend}: their gradients are added in the ` +
          "memory of the processor; use --backend wasm",
      );
    }
    this.#backend = backend as HostBackend;
    const lengths = network.layers.flatMap(({ name, layer }) =>
      Object.entries(layer.matrices)
        .filter(([key, matrix]) =>
          matrix.averaged || network.isTrained({ name: `${name}.${key}`, matrix })
        )
        .map(([, { columns, tensors }]) => padded(columns * sum(tensors.map(({ rows }) => rows))))
    );
    this.length = sum(lengths) + LINE;
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    this.#block = own(backend.allocate(1, this.length));
    this.#received = own(backend.allocate(1, this.length));
    this.#owned = owned.move();
  }

  /** The next part of the block, as a matrix. */
  take(rows: number, columns: number): Matrix {
    const matrix = this.#backend.part(this.#block, this.#taken, rows, columns);
    this.#taken += padded(rows * columns);
    return matrix;
  }

  /** Before a sum. */
  wish({ stop, checkpoint }: Wishes): void {
    this.#words().set([+stop, +checkpoint]);
  }

  /** After it. */
  agreed(): Wishes {
    const [stop, checkpoint] = this.#words();
    return { stop: stop > 0, checkpoint: checkpoint > 0 };
  }

  numbers(): Float32Array<ArrayBufferLike> {
    return this.#backend.numbersOf(this.#block);
  }

  part(first: number, count: number): Matrix {
    return this.#backend.part(this.#block, first, 1, count);
  }

  received(): Float32Array<ArrayBufferLike> {
    return this.#backend.numbersOf(this.#received);
  }

  receivedPart(first: number, count: number): Matrix {
    return this.#backend.part(this.#received, first, 1, count);
  }

  add(y: Matrix, a: Matrix, b: Matrix): void {
    this.#backend.add(y, a, b, 1);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  #words(): Float32Array<ArrayBufferLike> {
    return this.numbers().subarray(this.length - LINE);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
