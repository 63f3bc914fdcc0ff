/** Convolutions, as jobs of the team: see assembly/conv/. */
import { type ConvolutionShape, isDepthwise, tapsOf } from "../../backend/convolution.ts";
import { type Placed, SIZES } from "./buffers.ts";
import {
  forwardPass,
  isWinograd,
  type Pass,
  scratchOf,
  turnedPass,
  winogradPass,
  winogradScratch,
} from "./convolution_pass.ts";
import { type Jobs, numberOf } from "./jobs.ts";

const FLOAT = SIZES.float32;

/** Nanoseconds of a product of two numbers, of a number that is gathered, and of one that is added. */
const MULTIPLY_NS = 0.04;
const GATHER_NS = 0.1;
const ADD_NS = 0.2;

const LINE = 64;

/** Parts of a batch, each with weight gradients of its own, and numbers that they have together at most. */
const MOST_PARTS = 16;
const MOST_PARTIALS = 2 ** 21;

const PACK = numberOf("convolvePack");
const IMAGES = numberOf("convolveImages");
const WEIGHTS = numberOf("convolveWeights");
const WINOGRAD_PACK = numberOf("winogradPack");
const WINOGRAD_IMAGES = numberOf("winogradImages");
const WINOGRAD_WEIGHTS = numberOf("winogradWeights");
const SUM = numberOf("convolveSum");
const DEPTHWISE_IMAGES = numberOf("depthwiseImages");
const DEPTHWISE_WEIGHTS = numberOf("depthwiseWeights");

/** The passes of a shape: over its images, and back from its outputs. */
interface Passes {
  readonly forward: Pass;
  readonly turned: Pass;
}

/** A buffer that grows to what is needed most. */
class Room {
  at = 0;
  #bytes = 0;

  constructor(readonly jobs: Jobs) {}

  /** Its address. What was in it is lost where it grows. */
  of(bytes: number): number {
    if (bytes <= this.#bytes) return this.at;
    const { memory } = this.jobs;
    if (this.at !== 0) memory.free(this.at);
    this.at = memory.allocate(bytes);
    this.#bytes = bytes;
    return this.at;
  }
}

export class Convolutions {
  readonly #shape: number;
  readonly #packed: Room;
  readonly #scratch: Room;
  readonly #partials: Room;
  readonly #passes = new WeakMap<ConvolutionShape, Passes>();
  /** The values of a job, used anew for each. */
  readonly #values: number[] = [];

  constructor(readonly jobs: Jobs) {
    this.#shape = jobs.memory.allocate(16 * FLOAT);
    this.#packed = new Room(jobs);
    this.#scratch = new Room(jobs);
    this.#partials = new Room(jobs);
  }

  convolve(
    y: Placed,
    x: Placed | Placed<"uint8">,
    w: Placed,
    bias: Placed | null,
    shape: ConvolutionShape,
    alpha = 1,
  ): void {
    this.#run(y, x, w, bias, this.#passesOf(shape).forward, shape, alpha, false);
  }

  convolveInputGradient(dx: Placed, dy: Placed, w: Placed, shape: ConvolutionShape): void {
    this.#run(dx, dy, w, null, this.#passesOf(shape).turned, shape, 1, true);
  }

  convolveWeightGradient(
    dw: Placed,
    dbias: Placed | null,
    x: Placed | Placed<"uint8">,
    dy: Placed,
    shape: ConvolutionShape,
    alpha = 1,
  ): void {
    const { jobs } = this;
    const pass = this.#passesOf(shape).forward;
    const isPlain = isDepthwise(shape);
    const numbers = (dw.rows + 1) * dw.columns;
    const parts = Math.max(1, Math.min(MOST_PARTS, x.rows, Math.floor(MOST_PARTIALS / numbers)));
    const partials = this.#partials.of(parts * numbers * FLOAT);
    const positions = shape.outHeight * shape.outWidth;
    const isByTiles = isWinograd(shape);
    const scratchBytes = isByTiles ? winogradScratch(pass, true) : scratchOf(pass, positions);
    const scratch = this.#scratch.of(scratchBytes * jobs.team.members);
    this.#writeShape(pass);
    const values = this.#values;
    values[0] = partials;
    values[1] = x.at;
    values[2] = dy.at;
    values[3] = this.#shape;
    values[4] = scratch;
    values[5] = scratchBytes;
    values[6] = +(x.element === "uint8");
    values[7] = x.rows;
    values[8] = parts;
    values[9] = +(dbias !== null);
    const work = dy.length * (tapsOf(shape) * MULTIPLY_NS + GATHER_NS);
    const shared = work >= jobs.team.worthSharing;
    const job = isPlain ? DEPTHWISE_WEIGHTS : isByTiles ? WINOGRAD_WEIGHTS : WEIGHTS;
    jobs.runPart(job, values, parts, 1, shared);
    this.#sum(dw, partials, numbers, parts, alpha);
    if (dbias) this.#sum(dbias, partials + dw.length * FLOAT, numbers, parts, 1);
  }

  #sum(to: Placed, partials: number, numbers: number, parts: number, alpha: number): void {
    const values = this.#values;
    values[0] = to.at;
    values[1] = partials;
    values[2] = numbers;
    values[3] = parts;
    values[4] = alpha;
    const shared = to.length * parts * ADD_NS >= this.jobs.team.worthSharing;
    this.jobs.runPart(SUM, values, to.length, LINE / FLOAT, shared);
  }

  #run(
    y: Placed,
    x: Placed | Placed<"uint8">,
    w: Placed,
    bias: Placed | null,
    pass: Pass,
    shape: ConvolutionShape,
    alpha: number,
    turned: boolean,
  ): void {
    const { jobs, jobs: { team } } = this;
    const isPlain = isDepthwise(shape);
    const [channels, outputs] = [pass[2], pass[13]];
    const taps = shape.kernelHeight * shape.kernelWidth;
    const steps = taps * channels / shape.groups;
    const panels = shape.groups * Math.ceil(outputs / shape.groups / team.constants.NR);
    const isByTiles = isWinograd(shape);
    const scratchBytes = isByTiles ? winogradScratch(pass, false) : scratchOf(pass, steps);
    const scratch = this.#scratch.of(scratchBytes * team.members);
    const values = this.#values;
    let weights = w.at;
    if (!isPlain) {
      // Tiles have sixteen components in place of nine taps.
      const packedSteps = isByTiles ? 16 * channels : steps;
      const packedNumbers = panels * packedSteps * team.constants.NR;
      weights = this.#packed.of(packedNumbers * FLOAT);
      this.#writeShape(pass);
      values[0] = weights;
      values[1] = w.at;
      values[2] = this.#shape;
      values[3] = alpha;
      values[4] = +turned;
      const packs = packedNumbers * GATHER_NS * 10 >= team.worthSharing;
      jobs.runPart(isByTiles ? WINOGRAD_PACK : PACK, values, panels, 1, packs);
    } else this.#writeShape(pass);
    values[0] = y.at;
    values[1] = x.at;
    values[2] = weights;
    values[3] = bias?.at ?? 0;
    values[4] = this.#shape;
    values[5] = scratch;
    values[6] = scratchBytes;
    values[7] = +(x.element === "uint8");
    if (isPlain) {
      values[8] = alpha;
      values[9] = +turned;
    }
    const work = y.length * (steps * MULTIPLY_NS + GATHER_NS) + x.length * GATHER_NS;
    const job = isPlain ? DEPTHWISE_IMAGES : isByTiles ? WINOGRAD_IMAGES : IMAGES;
    jobs.runPart(job, values, x.rows, 1, work >= team.worthSharing);
  }

  #writeShape(pass: Pass): void {
    const { ints } = this.jobs.memory;
    const first = this.#shape / 4;
    for (let i = 0; i < pass.length; i++) ints[first + i] = pass[i];
  }

  #passesOf(shape: ConvolutionShape): Passes {
    const known = this.#passes.get(shape);
    if (known) return known;
    const tiled = isWinograd(shape) ? winogradPass : (pass: Pass) => pass;
    const passes = { forward: tiled(forwardPass(shape)), turned: tiled(turnedPass(shape)) };
    this.#passes.set(shape, passes);
    return passes;
  }
}
