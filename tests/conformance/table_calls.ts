/** Calls of every kernel of the table on small operands, made from its row: for tests of what holds for all of them. */
import {
  ACTIVATION_KINDS,
  activationGradientKernel,
  activationKernel,
} from "../../lib/backend/activations.ts";
import type { Kernel, MatrixArgument, NumberArgument, Size } from "../../lib/backend/arguments.ts";
import type { Backend } from "../../lib/backend/backend.ts";
import type { Matrix } from "../../lib/backend/matrices.ts";
import { KERNELS } from "../../lib/backend/table.ts";
import {
  UPDATE_RULES,
  updateKernel,
  type UpdateNumbers,
  UPDATES,
} from "../../lib/backend/updates.ts";

export interface TableCall {
  readonly name: string;
  readonly kernel: Kernel;
  /** @param args in the order of the row */
  run(backend: Backend, args: readonly unknown[]): void;
}

/** The numbers of an update, all a quarter; a switch takes it for yes. */
function quarters(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 0.25]));
}

export const TABLE_CALLS: readonly TableCall[] = [
  ...Object.entries(KERNELS).map(([name, kernel]): TableCall => ({
    name,
    kernel,
    run: (backend, args) =>
      (backend[name as keyof typeof KERNELS] as (...args: unknown[]) => void)(...args),
  })),
  ...ACTIVATION_KINDS.flatMap((kind): TableCall[] => [
    {
      name: kind,
      kernel: activationKernel(kind),
      run: (backend, [y, x]) => backend.activation(kind, y as Matrix, x as Matrix),
    },
    {
      name: `gradient of ${kind}`,
      kernel: activationGradientKernel(kind),
      run: (backend, [dx, dy, saved]) =>
        backend.activationGradient(kind, dx as Matrix, dy as Matrix, saved as Matrix),
    },
  ]),
  ...UPDATE_RULES.map((rule): TableCall => {
    const { slots, shared, flags, own } = UPDATES[rule];
    const count = Object.keys(slots).length;
    const numbers = quarters([...shared, ...flags, ...own]) as unknown as UpdateNumbers<
      typeof rule
    >;
    return {
      name: rule,
      kernel: updateKernel(rule),
      run: (backend, args) => {
        const [w, ...rest] = args as Matrix[];
        const kept = rest.slice(0, count);
        backend.update(rule, w, kept, rest[count], numbers, rest[count + 1]);
      },
    };
  }),
];

/** Rows and columns of a matrix of a call, whose batch has three rows of `columns`. */
export function shapeOf({ rows, columns }: MatrixArgument, width: number): [number, number] {
  const sizes: Record<string, number> = {
    B: 3,
    I: width,
    O: width,
    L: 3,
    N: 3,
    M: 3,
    R: 3,
    C: width,
    S: 3,
  };
  // Every count of a call is three.
  const partOf = (part: string) => /^\d+$/.test(part) ? Number(part) : sizes[part] ?? 3;
  const sizeOf = (size: Size) =>
    typeof size === "number" ? size : size.replace("=", "").split("*").reduce((product, factor) => {
      const [dividend, divisor] = factor.split("/");
      return product * Math.floor(partOf(dividend) / (divisor ? partOf(divisor) : 1));
    }, 1);
  return [sizeOf(rows), sizeOf(columns)];
}

/** The arguments of a call but for float32 matrices, which `matrix` makes. */
export function argumentsOf(
  backend: Backend,
  { args }: Kernel,
  width: number,
  matrix: (argument: MatrixArgument, at: number) => Matrix,
): unknown[] {
  return args.map((argument, at) => {
    switch (argument.kind) {
      case "float32":
        return matrix(argument as MatrixArgument, at);
      case "uint8":
        return backend.allocateBytes(...shapeOf(argument as MatrixArgument, width));
      case "order":
        return backend.allocateOrder(3 * width);
      case "start":
        return 0;
      case "count":
        return 3;
      case "uint32":
        return Math.min(7, (argument as NumberArgument).most!);
      case "number":
      case "fraction":
        return 0.25;
    }
  });
}
