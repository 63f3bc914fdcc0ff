/**
 * Wraps a back end so that every call's shapes are checked, once, here, as the kernel table has them. Implementations check
 * nothing: the WebAssembly kernels would write beyond a buffer, the GPU's would quietly compute something else.
 */
import { ACTIVATION_KINDS, activationGradientKernel, activationKernel } from "./activations.ts";
import type { Kernel } from "./arguments.ts";
import type { Backend, GemmOptions, Kernels } from "./backend.ts";
import { preceded, type Values } from "./calls.ts";
import { checkConvolution } from "./convolution.ts";
import { KERNELS } from "./table.ts";
import type { ByteMatrix, Matrix } from "./matrices.ts";
import { overlap } from "./overlaps.ts";
import { checkOf } from "./shapes.ts";
import {
  requireKnown,
  requireLength,
  requireRange,
  requireShape,
  requireSize,
  shape,
  ShapeError,
} from "./requirements.ts";
import { UPDATE_RULES, updateKernel, type UpdateRule, UPDATES } from "./updates.ts";

export { ShapeError };

type Check = (given: Values) => void;

const checksBy = <Kind extends string>(kinds: readonly Kind[], row: (kind: Kind) => Kernel) =>
  Object.fromEntries(kinds.map((kind) => [kind, checkOf(row(kind))])) as Record<Kind, Check>;

const ACTIVATION_CHECKS = checksBy(ACTIVATION_KINDS, activationKernel);
const GRADIENT_CHECKS = checksBy(ACTIVATION_KINDS, activationGradientKernel);
const UPDATE_CHECKS = checksBy(UPDATE_RULES, updateKernel);

/** Slots of each rule. */
const SLOTS = Object.fromEntries(
  UPDATE_RULES.map((rule) => [rule, Object.keys(UPDATES[rule].slots).length]),
) as Record<UpdateRule, number>;

/** The product's shapes depend on its options, so it is not in the table. */
function checkProduct(
  c: Matrix,
  a: Matrix | ByteMatrix,
  b: Matrix,
  { transposeA, transposeB }: GemmOptions,
): void {
  const m = transposeA ? a.columns : a.rows;
  const depth = transposeA ? a.rows : a.columns;
  const bDepth = transposeB ? b.columns : b.rows;
  const n = transposeB ? b.rows : b.columns;
  if (depth !== bDepth) {
    throw new ShapeError(
      `Cannot multiply ${shape({ rows: m, columns: depth })} by ${
        shape({ rows: bDepth, columns: n })
      }: the columns of the first are not the rows of the second`,
    );
  }
  requireShape("multiply", "the output", c, m, n);
  if (overlap(c, a) || overlap(c, b)) {
    throw new ShapeError("Cannot multiply: the output overlaps an operand, and may not");
  }
}

const NO_OPTIONS: GemmOptions = {};

/** The same back end with every call's shapes checked. */
export function checked(inner: Backend): Backend {
  const kernels = Object.entries(KERNELS).map(([name, row]) => {
    return [name, preceded(checkOf(row), inner[name as keyof typeof KERNELS])];
  });
  const given: unknown[] = [];
  const checkedKernels: Omit<Kernels, keyof typeof KERNELS> = {
    gemm(c, a, b, options = NO_OPTIONS) {
      checkProduct(c, a, b, options);
      inner.gemm(c, a, b, options);
    },
    convolve(y, x, w, bias, shape, alpha) {
      checkConvolution(y, x, w, bias, shape, [y]);
      inner.convolve(y, x, w, bias, shape, alpha);
    },
    convolveWeightGradient(dw, dbias, x, dy, shape, alpha) {
      checkConvolution(dy, x, dw, dbias, shape, [dw, dbias]);
      inner.convolveWeightGradient(dw, dbias, x, dy, shape, alpha);
    },
    convolveInputGradient(dx, dy, w, shape) {
      checkConvolution(dy, dx, w, null, shape, [dx]);
      inner.convolveInputGradient(dx, dy, w, shape);
    },
    activation(kind, y, x) {
      given[0] = y;
      given[1] = x;
      requireKnown("apply the activation", kind, ACTIVATION_CHECKS)(given);
      inner.activation(kind, y, x);
    },
    activationGradient(kind, dx, dy, saved) {
      given[0] = dx;
      given[1] = dy;
      given[2] = saved;
      requireKnown("take the gradient of", kind, GRADIENT_CHECKS)(given);
      inner.activationGradient(kind, dx, dy, saved);
    },
    update(rule, w, slots, dw, numbers, scale) {
      const check = requireKnown("update weights by the rule", rule, UPDATE_CHECKS);
      requireLength("update weights", `the slots of ${rule}`, slots.length, SLOTS[rule]);
      let at = 0;
      given[at++] = w;
      for (let s = 0; s < slots.length; s++) given[at++] = slots[s];
      given[at++] = dw;
      given[at++] = scale;
      check(given);
      inner.update(rule, w, slots, dw, numbers, scale);
    },
  };
  return {
    ...Object.fromEntries(kernels) as Pick<Backend, keyof typeof KERNELS>,
    ...checkedKernels,
    description: inner.description,
    allocate(rows, columns) {
      requireSize("a matrix with rows =", rows);
      requireSize("a matrix with columns =", columns);
      return inner.allocate(rows, columns);
    },
    allocateBytes(rows, columns) {
      requireSize("a byte matrix with rows =", rows);
      requireSize("a byte matrix with columns =", columns);
      return inner.allocateBytes(rows, columns);
    },
    allocateOrder(length) {
      requireSize("an order of length", length);
      return inner.allocateOrder(length);
    },
    view(matrix, firstRow, rows) {
      requireSize("a view with rows =", rows);
      requireRange("view", "a matrix", matrix.rows, firstRow, rows);
      return inner.view(matrix, firstRow, rows);
    },
    ...(inner.part
      ? {
        part(block: Matrix, first: number, rows: number, columns: number) {
          requireSize("a part with rows =", rows);
          requireSize("a part with columns =", columns);
          const count = rows * columns;
          requireRange("take a part", "a block", block.rows * block.columns, first, count);
          return inner.part!(block, first, rows, columns);
        },
        numbersOf: (matrix: Matrix) => inner.numbersOf!(matrix),
      }
      : {}),
    write(matrix, values) {
      const { rows, columns } = matrix;
      if (values.length !== rows * columns) {
        requireLength("write", `a ${shape(matrix)} matrix`, values.length, rows * columns);
      }
      inner.write(matrix, values);
    },
    writeOrder(order, rows) {
      requireLength("write", "an order", rows.length, order.length);
      inner.writeOrder(order, rows);
    },
    read: (matrix) => inner.read(matrix),
    settle: () => inner.settle(),
    ...(inner.takeDeviceMs ? { takeDeviceMs: () => inner.takeDeviceMs!() } : {}),
    release: (buffer) => inner.release(buffer),
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  };
}
