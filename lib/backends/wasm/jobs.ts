/** Makes jobs of calls: writes a call's arguments where the WebAssembly kernels read them, and runs it. */
import type { Kernel, Sharing } from "../../backend/arguments.ts";
import type { Values } from "../../backend/calls.ts";
import { sizeIn, type SizeSource } from "../../backend/shapes.ts";
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

/** Where a word goes: its place in the job, and the view of memory that has its type. */
interface Target {
  readonly slot: number;
  readonly view: 0 | 1 | 2;
}

const [INTS, FLOATS, DOUBLES] = [0, 1, 2] as const;

function targetOf({ kind, slot }: Word): Target {
  return { slot, view: kind === "float" ? FLOATS : kind === "double" ? DOUBLES : INTS };
}

const TARGETS = JOBS.map(({ words }) => words.map(targetOf));

export class Jobs {
  /** Of the job's first word, in units of four bytes. */
  readonly #first: number;

  constructor(readonly memory: LinearMemory, readonly team: Team) {
    this.#first = (team.job + team.constants.JOB_ARGUMENTS) / 4;
  }

  /** Runs a job with `values` in the order of its words, all numbers: of parts of a product. */
  runPart(
    number: number,
    values: readonly number[],
    extent: number,
    grain: number,
    shared: boolean,
  ): void {
    this.#write(TARGETS[number], values);
    this.team.run(number, extent, grain, shared);
  }

  /** A function that runs a job on the arguments of a call, which are in the order of its row. */
  runner({ words, kernel }: Job, number: number): (given: Values) => void {
    const { by, of, cost, per = of, grain = GRAIN } = kernel!.sharing;
    const argument = (wanted: string) => kernel!.args.findIndex(({ name }) => name === wanted);
    const [whole, worked] = [argument(of), argument(per)];
    const extent = extentIn(kernel!, by, whole);
    const targets = TARGETS[number];
    const values: number[] = words.map(() => 0);
    return (given) => {
      for (let i = 0; i < words.length; i++) values[i] = valueOf(words[i], given);
      this.#write(targets, values);
      if (by === "alone") return this.team.run(number, sizeIn(given, extent), GRAIN, false);
      const { length } = given[worked] as AnyBuffer;
      const shared = length * cost >= this.team.worthSharing;
      this.team.run(number, sizeIn(given, extent), grain, shared);
    };
  }

  #write(targets: readonly Target[], values: readonly number[]): void {
    const { ints, floats, doubles } = this.memory;
    const first = this.#first;
    for (let i = 0; i < targets.length; i++) {
      const { slot, view } = targets[i];
      if (view === INTS) ints[first + slot] = values[i];
      else if (view === FLOATS) floats[first + slot] = values[i];
      else doubles[(first + slot) / 2] = values[i];
    }
  }
}

/** Where a call says how many rows, columns or elements there are to share out. */
function extentIn({ args }: Kernel, by: Sharing["by"], argument: number): SizeSource {
  if (by === "rows" || by === "columns") return { argument, of: by };
  return { argument, of: args[argument].kind === "count" ? "value" : "length" };
}

/** The value of a word in a call; 0 stands for an optional buffer that is not given. */
function valueOf({ kind, source, from }: Word, given: Values): number {
  if (kind !== "address") return sizeIn(given, source!);
  const buffer = given[source!.argument] as AnyBuffer | null | undefined;
  if (!buffer) return 0;
  return from === null ? buffer.at : buffer.at + (given[from] as number) * buffer.rowBytes;
}
