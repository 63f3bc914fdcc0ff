/** Matrix products, block by block: the outer loops of assembly/gemm/gemm.ts. */
import type { GemmOptions } from "../../backend/backend.ts";
import { blockDepth } from "./block_depth.ts";
import { type Placed, SIZES } from "./buffers.ts";
import { type Jobs, numberOf } from "./jobs.ts";

const FLOAT = SIZES.float32;

/** Nanoseconds of an element of a block of B that is packed, and of a product of two numbers. */
const PACK_NS = 0.25;
const MULTIPLY_NS = 0.04;

const PACK_B = numberOf("gemmPackB");
const BLOCK = numberOf("gemmBlock");
const NARROW_BLOCK = numberOf("gemmNarrow");

const PLAIN: GemmOptions = {};

export class Products {
  /** The packed block of B, which the threads share, and a packed block of A for each. */
  readonly #packedB: number;
  readonly #scratch: number;
  /** The values of a job, used anew for each. */
  readonly #values: number[] = [];

  constructor(readonly jobs: Jobs) {
    const { memory, team } = jobs;
    this.#packedB = memory.allocate(team.constants.GEMM_PACKED_B);
    this.#scratch = memory.allocate(team.constants.GEMM_SCRATCH * team.members);
  }

  gemm(c: Placed, a: Placed | Placed<"uint8">, b: Placed, options: GemmOptions = PLAIN): void {
    const { transposeA = false, transposeB = false, accumulate = false, alpha = 1 } = options;
    const { constants: { KC, NC, MR, NR }, worthSharing } = this.jobs.team;
    const depth = transposeA ? a.rows : a.columns;
    const block = blockDepth(depth, KC);
    const values = this.#values;
    for (let j = 0; j < c.columns; j += NC) {
      const width = Math.min(NC, c.columns - j);
      // Packing A leaves out steps of zeros, of which bytes have many.
      const isNarrow = width <= 2 * NR && a.element === "float32";
      for (let k = 0; k < depth; k += block) {
        const steps = Math.min(block, depth - k);
        // A word that says whether the block is finite.
        this.jobs.memory.ints[this.#packedB / 4] = 0;
        values[0] = this.#packedB;
        values[1] = b.at;
        values[2] = b.columns;
        values[3] = +transposeB;
        values[4] = alpha;
        values[5] = j;
        values[6] = k;
        values[7] = steps;
        const packShared = width * steps * PACK_NS >= worthSharing;
        this.jobs.runPart(PACK_B, values, width, NR, packShared);
        values[0] = c.at + j * FLOAT;
        values[1] = c.columns;
        values[2] = width;
        values[3] = a.at;
        values[4] = a.columns;
        let at = 5;
        if (!isNarrow) values[at++] = +(a.element === "uint8");
        values[at++] = +transposeA;
        values[at++] = this.#packedB;
        if (!isNarrow) values[at++] = this.#scratch;
        values[at++] = k;
        values[at++] = steps;
        values[at] = +(accumulate || k > 0);
        const part = isNarrow ? NARROW_BLOCK : BLOCK;
        const shared = c.rows * width * steps * MULTIPLY_NS >= worthSharing;
        this.jobs.runPart(part, values, c.rows, MR, shared);
      }
    }
  }
}
