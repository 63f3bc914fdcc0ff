/** Which arguments of a call share memory: two may where both are only read, or where their row says so. */
import type { Kernel, MatrixArgument } from "./arguments.ts";
import type { Values } from "./calls.ts";
import type { ByteMatrix, Matrix } from "./matrices.ts";
import { ShapeError } from "./requirements.ts";

type Buffer = Matrix | ByteMatrix;

/** Whether two matrices have memory in common. */
export function overlap(a: Buffer, b: Buffer): boolean {
  return a.allocation === b.allocation && a.firstRow < b.firstRow + b.rows &&
    b.firstRow < a.firstRow + a.rows;
}

/** Two arguments, one of them written, by their places in a call. */
interface Pair {
  readonly written: number;
  readonly other: number;
  /** Whether they may be the same rows. */
  readonly mayBeSame: boolean;
  readonly line: string;
}

/** The check that no output of a call overlaps another argument that it may not. */
export function overlapCheckOf({ does, args }: Kernel): (given: Values) => void {
  const pairs: Pair[] = [];
  args.forEach((argument, written) => {
    if (!isWritten(argument)) return;
    args.forEach((other, at) => {
      if (other.kind !== argument.kind || at === written || at < written && isWritten(other)) {
        return;
      }
      const mayBeSame = argument.mayBe === other.name;
      const line = `Cannot ${does}: ${argument.label} overlaps ${other.label}, and may ${
        mayBeSame ? "only be the same rows" : "not"
      }`;
      pairs.push({ written, other: at, mayBeSame, line });
    });
  });
  return (given) => {
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i];
      const a = given[pair.written] as Buffer;
      const b = given[pair.other] as Buffer | null | undefined;
      if (!b || a.allocation !== b.allocation || !overlap(a, b)) continue;
      if (pair.mayBeSame && a.firstRow === b.firstRow && a.rows === b.rows) continue;
      throw new ShapeError(pair.line);
    }
  };
}

function isWritten(argument: Kernel["args"][number]): argument is MatrixArgument {
  return "access" in argument && argument.access !== "in";
}
