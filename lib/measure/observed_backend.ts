/** A back end that counts the memory that is asked of it, and remembers the kernels that were called. */
import type { Backend, ByteMatrix, GemmOptions, Matrix, RowIndices } from "../backend/mod.ts";

/** A call that can be made again, on the operands that it was made with. */
export interface KernelCall {
  readonly kernel: string;
  /** "256x784x100 At" of a product, M x K x N; else rows and columns of what counts. */
  readonly shape: string;
  /** Operations, where arithmetic is what counts. */
  readonly flops: number | null;
  readonly run: () => void;
}

export interface ObservedBackend {
  /** What to compute with in place of the back end that is observed. */
  readonly backend: Backend;
  /** Bytes of buffers that there were at most at once. */
  peakBytes(): number;
  /** The kernels that `work` calls, in order. */
  record(work: () => void): KernelCall[];
}

type Sized = { readonly rows: number; readonly columns: number };
type Member = (...args: unknown[]) => unknown;

/** Members that are no kernels; every other one is, also those that are added later. */
const NO_KERNELS: ReadonlySet<string> = new Set(
  [
    "allocate",
    "allocateBytes",
    "allocateOrder",
    "view",
    "part",
    "numbersOf",
    "write",
    "writeOrder",
    "read",
    "settle",
    "takeDeviceMs",
    "release",
  ] satisfies (keyof Backend)[],
);

/** Which argument has the shape that a kernel's cost goes by, where it is not the first. */
const SHAPE_AT: Readonly<Record<string, number>> = {
  activation: 1,
  activationGradient: 1,
  update: 1,
  argmax: 1,
  columnSums: 1,
  rowSquares: 1,
  clipScale: 1,
};

const FLOAT = 4;

/** @param inner one that `createBackend` has made, whose members need no `this` */
export function observe(inner: Backend): ObservedBackend {
  let calls: KernelCall[] | null = null;
  const observed: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(inner)) {
    if (typeof member !== "function" || NO_KERNELS.has(name)) continue;
    observed[name] = (...args: unknown[]) => {
      const run = () => (member as Member)(...args);
      calls?.push({ kernel: nameOf(name, args), ...workOf(name, args), run });
      return run();
    };
  }
  const sizes = new Map<unknown, number>();
  let [bytes, peak] = [0, 0];
  const count = <T extends Matrix | ByteMatrix | RowIndices>(buffer: T, size: number): T => {
    sizes.set(buffer, size);
    bytes += size;
    peak = Math.max(peak, bytes);
    return buffer;
  };
  const backend: Backend = {
    ...inner,
    ...observed,
    allocate: (rows, columns) => count(inner.allocate(rows, columns), rows * columns * FLOAT),
    allocateBytes: (rows, columns) => count(inner.allocateBytes(rows, columns), rows * columns),
    allocateOrder: (length) => count(inner.allocateOrder(length), length * 4),
    release: (buffer) => {
      inner.release(buffer);
      bytes -= sizes.get(buffer) ?? 0;
      sizes.delete(buffer);
    },
  };
  return {
    backend,
    peakBytes: () => peak,
    record(work) {
      const recorded: KernelCall[] = [];
      calls = recorded;
      try {
        work();
      } finally {
        calls = null;
      }
      return recorded;
    },
  };
}

/** "sgd", "relu", "relu gradient": what an activation or an update is of; else the member's name. */
function nameOf(member: string, [kind]: readonly unknown[]): string {
  if (typeof kind !== "string") return member;
  return member === "activationGradient" ? `${kind} gradient` : kind;
}

function workOf(kernel: string, args: readonly unknown[]): Pick<KernelCall, "shape" | "flops"> {
  if (kernel !== "gemm") {
    const { rows, columns } = args[SHAPE_AT[kernel] ?? 0] as Sized;
    return { shape: `${rows}x${columns}`, flops: null };
  }
  const [c, a, , options = {}] = args as [Sized, Sized, Sized, GemmOptions?];
  const depth = options.transposeA ? a.rows : a.columns;
  const transposed = (options.transposeA ? " At" : "") + (options.transposeB ? " Bt" : "");
  return {
    shape: `${c.rows}x${depth}x${c.columns}${transposed}`,
    flops: 2 * c.rows * depth * c.columns,
  };
}
