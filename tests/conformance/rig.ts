/**
 * Runs a program of kernel calls on a back end, with every matrix fenced in, and compares what
 * comes out.
 *
 * A fenced matrix is a view inside a larger one, between two rows that hold a NaN with bits of its
 * own: a kernel that lets them into its result taints it, and one that writes them is found out.
 * Outputs start as NaN, so that an element which is left out, or read before it is written, shows.
 * What is not an output must stay as it was, bit for bit.
 */
import assert from "node:assert/strict";
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../../lib/backend/mod.ts";
import { createReference } from "../../lib/backends/reference/reference_backend.ts";
import type { Bound } from "./tolerance.ts";

/** Bytes of the fence: as a float32 a quiet NaN that no arithmetic makes. */
const FENCE = [0xa5, 0xa5, 0xc5, 0x7f];

interface Fenced<M extends Matrix | ByteMatrix = Matrix | ByteMatrix> {
  readonly whole: M;
  readonly inside: M;
  /** What the whole of it should hold, byte by byte. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes the buffers of one program, and frees them. */
export class Rig implements Disposable {
  readonly #fenced: Fenced[] = [];
  readonly #buffers = new DisposableStack();

  constructor(readonly backend: Backend) {}

  /** A matrix that holds `values`, row-major. */
  matrix(rows: number, columns: number, values: ArrayLike<number>): Matrix {
    const bytes = fence((rows + 2) * columns * 4);
    const contents = new Float32Array(bytes.buffer);
    contents.set(values, columns);
    const whole = this.#own(this.backend.allocate(rows + 2, columns));
    this.backend.write(whole, contents);
    return this.#fence({ whole, inside: this.backend.view(whole, 1, rows), bytes });
  }

  /** A matrix of NaN, for a kernel to overwrite. */
  output(rows: number, columns: number): Matrix {
    return this.matrix(rows, columns, new Float32Array(rows * columns).fill(NaN));
  }

  bytes(rows: number, columns: number, values: ArrayLike<number>): ByteMatrix {
    const bytes = fence((rows + 2) * columns);
    bytes.set(values, columns);
    const whole = this.#own(this.backend.allocateBytes(rows + 2, columns));
    this.backend.write(whole, bytes);
    return this.#fence({ whole, inside: this.backend.view(whole, 1, rows), bytes });
  }

  /** Bytes that no test data has, for a kernel to overwrite. */
  byteOutput(rows: number, columns: number): ByteMatrix {
    return this.bytes(rows, columns, new Uint8Array(rows * columns).fill(0xee));
  }

  order(rows: readonly number[]): RowIndices {
    const order = this.#own(this.backend.allocateOrder(rows.length));
    this.backend.writeOrder(order, Uint32Array.from(rows));
    return order;
  }

  /** The contents of `outputs` as numbers, once it is sure that nothing else has changed. */
  async finish(outputs: readonly (Matrix | ByteMatrix)[]): Promise<Float32Array<ArrayBuffer>[]> {
    const results = new Map<Matrix | ByteMatrix, Float32Array<ArrayBuffer>>();
    for (const { whole, inside, bytes } of this.#fenced) {
      const after = await this.backend.read(whole);
      const afterBytes = new Uint8Array(after.buffer);
      const { columns } = whole;
      const rowBytes = columns * after.BYTES_PER_ELEMENT;
      if (outputs.includes(inside)) {
        results.set(inside, Float32Array.from(after.subarray(columns, -columns)));
        bytes.set(afterBytes.subarray(rowBytes, -rowBytes), rowBytes);
      }
      const changed = afterBytes.findIndex((value, i) => value !== bytes[i]);
      assert.equal(
        changed,
        -1,
        `a kernel wrote to row ${Math.floor(changed / rowBytes) - 1} of a matrix ` +
          `of ${inside.rows} rows${outputs.includes(inside) ? "" : ", which is an input"}`,
      );
    }
    return outputs.map((matrix) => results.get(matrix)!);
  }

  [Symbol.dispose](): void {
    this.#buffers.dispose();
  }

  #fence<M extends Matrix | ByteMatrix>(fenced: Fenced<M>): M {
    this.#fenced.push(fenced);
    return fenced.inside;
  }

  #own<T extends Matrix | ByteMatrix | RowIndices>(buffer: T): T {
    return this.#buffers.adopt(buffer, () => this.backend.release(buffer));
  }
}

function fence(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => FENCE[i % 4]);
}

/** Makes its inputs, calls kernels, and names the outputs. */
export type Program = (rig: Rig) => (Matrix | ByteMatrix)[];

/** What `program` computes on `backend`. */
export async function run(
  backend: Backend,
  program: Program,
): Promise<Float32Array<ArrayBuffer>[]> {
  using rig = new Rig(backend);
  return await rig.finish(program(rig));
}

/** What `program` computes on the reference: the definition. */
export function runReference(program: Program): Promise<Float32Array<ArrayBuffer>[]> {
  return run(createReference(), program);
}

/**
 * Requires that `program` computes the same on `backend` as on the reference; a bound for each
 * output.
 */
export async function agree(backend: Backend, program: Program, ...bounds: Bound[]): Promise<void> {
  await yields(backend, program, await runReference(program), ...bounds);
}

/** Requires that the outputs of `program` on `backend` are `expected`; a bound for each output. */
export async function yields(
  backend: Backend,
  program: Program,
  expected: readonly ArrayLike<number>[],
  ...bounds: Bound[]
): Promise<void> {
  assert.equal(bounds.length, expected.length, "a bound for each output");
  const actual = await run(backend, program);
  expected.forEach((values, output) => assertClose(actual[output], values, bounds[output], output));
}

/** Infinities and NaN must be where they are expected; zeros may differ in sign. */
function assertClose(
  actual: Float32Array,
  expected: ArrayLike<number>,
  bound: Bound,
  output: number,
): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [is, wanted] = [actual[i], expected[i]];
    if (is === wanted || (Number.isNaN(is) && Number.isNaN(wanted))) continue;
    const off = Math.abs(is - wanted);
    const allowed = bound(wanted, i);
    if (!Number.isFinite(wanted) || !(off <= allowed)) {
      assert.fail(
        `output ${output}, element ${i}: ${is} for ${wanted}, ` +
          `off by ${off} where ${allowed} is allowed`,
      );
    }
  }
}
