/** Buffers of a back end in the kernels' memory. */
import type { Device } from "../../backend/backend.ts";
import type { ByteMatrix, ElementsOf, Matrix, RowIndices } from "../../backend/matrices.ts";
import { Placed, SIZES } from "./buffers.ts";
import type { LinearMemory } from "./linear_memory.ts";
import type { Team } from "./team.ts";

type AnyMatrix = Placed | Placed<"uint8">;
type AnyBuffer = Placed<"float32" | "uint8" | "uint32">;

export function wasmMemory(linear: LinearMemory, team: Team): Device {
  /** Buffers that have not been released. */
  const live = new WeakSet<object>();

  function place<E extends keyof typeof SIZES>(element: E, rows: number, columns: number) {
    team.check();
    const at = linear.allocate(rows * columns * SIZES[element]);
    const buffer = new Placed(element, at, rows, columns);
    live.add(buffer);
    return buffer;
  }

  /** Made anew for each use: growth replaces a memory's buffer. */
  function elements({ element, at, length }: AnyMatrix): Float32Array | Uint8Array {
    team.check();
    const { buffer } = linear.memory;
    return element === "uint8"
      ? new Uint8Array(buffer, at, length)
      : new Float32Array(buffer, at, length);
  }

  return {
    description: {
      backend: "wasm",
      threads: team.members,
      simd: team.constants.RELAXED ? "relaxed" : "strict",
      adapter: null,
      ...(team.refusal ? { refusedThreads: team.refusal } : {}),
    },
    allocate: (rows, columns) => place("float32", rows, columns),
    allocateBytes: (rows, columns) => place("uint8", rows, columns),
    allocateOrder: (length) => place("uint32", length, 1),
    view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M {
      return (matrix as unknown as Placed).view(firstRow, rows) as unknown as M;
    },
    part(block, first, rows, columns) {
      const { at } = block as unknown as Placed;
      const part = new Placed("float32", at + first * SIZES.float32, rows, columns, 0, {});
      return part as unknown as Matrix;
    },
    numbersOf: (matrix) => elements(matrix as unknown as Placed) as Float32Array,
    write(matrix, values) {
      elements(matrix as unknown as AnyMatrix).set(values);
    },
    writeOrder(order, rows) {
      team.check();
      const { at, length } = order as Placed<"uint32">;
      new Uint32Array(linear.memory.buffer, at, length).set(rows);
    },
    // deno-lint-ignore require-await -- what it throws is to be a rejection
    async read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>> {
      return elements(matrix as unknown as AnyMatrix).slice() as ElementsOf<M>;
    },
    // deno-lint-ignore require-await -- what it throws is to be a rejection
    async settle(): Promise<void> {
      team.check();
    },
    release(given: Matrix | ByteMatrix | RowIndices) {
      const buffer = given as unknown as AnyBuffer;
      // Its first rows begin where the buffer does, so the memory alone cannot tell.
      if (buffer.isView) throw new Error("Cannot release a view: release the matrix that it is of");
      if (team.ended) return;
      // Another buffer may begin there by now, so the memory alone cannot tell.
      if (!live.delete(buffer)) {
        throw new Error("Cannot release a buffer twice: it was released before");
      }
      linear.free(buffer.at);
    },
    /** Ends the threads. The memory is the garbage collector's. */
    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}
