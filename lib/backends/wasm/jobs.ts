/** Makes jobs of calls: writes a call's arguments where the WebAssembly kernels read them, and runs it. */
import type { Values } from "../../backend/calls.ts";
import { sizeIn } from "../../backend/shapes.ts";
import type { Placed } from "./buffers.ts";
import { type Job, JOBS, type Word } from "./job_table.ts";
import type { LinearMemory } from "./linear_memory.ts";
import type { Team } from "./team.ts";

type AnyBuffer = Placed<"float32" | "uint8" | "uint32">;

/** Elements of a cache line: parts that threads write begin at one. */
const GRAIN = 16;

const NUMBERS: ReadonlyMap<string, number> = new Map(JOBS.map(({ name }, i) => [name, i]));

/** The number of a job by its name. */
export function numberOf(name: string): number {
  return NUMBERS.get(name)!;
}

export class Jobs {
  readonly #words: number;

  constructor(readonly memory: LinearMemory, readonly team: Team) {
    this.#words = (team.job + team.constants.JOB_ARGUMENTS) / 4;
  }

  /** Runs a job with `values` in the order of its words, all numbers: of parts of a product. */
  runPart(number: number, values: readonly number[], extent: number, grain: number, ns: number) {
    const { words } = JOBS[number];
    for (let i = 0; i < words.length; i++) this.#set(words[i], values[i]);
    this.team.run(number, extent, grain, ns);
  }

  /** A function that runs a job on the arguments of a call, which are in the order of its row. */
  runner({ words, kernel }: Job, number: number): (given: Values) => void {
    const { by, of, cost } = kernel!.sharing;
    const shared = kernel!.args.findIndex(({ name }) => name === of);
    return (given) => {
      for (let i = 0; i < words.length; i++) this.#set(words[i], valueOf(words[i], given));
      const matrix = given[shared] as AnyBuffer;
      switch (by) {
        case "rows":
          return this.team.run(number, matrix.rows, GRAIN, matrix.length * cost);
        case "columns":
          return this.team.run(number, matrix.columns, GRAIN, matrix.length * cost);
        case "elements":
          return this.team.run(number, matrix.length, GRAIN, matrix.length * cost);
        case "alone": {
          const extent = typeof matrix === "number" ? matrix : matrix.length;
          return this.team.run(number, extent, GRAIN, 0);
        }
      }
    };
  }

  #set({ kind, slot }: Word, value: number): void {
    const at = this.#words + slot;
    const { ints, floats, doubles } = this.memory;
    if (kind === "float") floats[at] = value;
    else if (kind === "double") doubles[at / 2] = value;
    else ints[at] = value;
  }
}

/** The value of a word in a call; 0 stands for an optional buffer that is not given. */
function valueOf({ kind, source, from }: Word, given: Values): number {
  if (kind !== "address") return sizeIn(given, source!);
  const buffer = given[source!.argument] as AnyBuffer | null | undefined;
  if (!buffer) return 0;
  return from === null ? buffer.at : buffer.at + (given[from] as number) * buffer.rowBytes;
}
