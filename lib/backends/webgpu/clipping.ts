/** The norm of gradients, and the scale that clips it. */
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { clipScale } from "./shaders/clip_scale.ts";
import { rowSquares } from "./shaders/row_squares.ts";
import { laneClass, LANES, rowsPerGroup } from "./shaders/rows.ts";
import type { GpuMatrix } from "./storage.ts";

export class ClippingKernels {
  /** Variants by the lanes of a row. */
  readonly #rowSquares: Variants;
  /** A kernel of one variant. */
  readonly #clipScale: Variants;

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
  ) {
    const { device } = recorder;
    this.#rowSquares = new Variants(device, (number) => rowSquares(LANES[number]));
    this.#clipScale = new Variants(device, clipScale);
  }

  rowSquares(sums: GpuMatrix, x: GpuMatrix, start: number): void {
    const input = this.aliases.apart(x.storage, sums.storage);
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.columns;
    words[at + 2] = 4 * x.stride;
    words[at + 3] = 4 * x.offset;
    words[at + 4] = sums.firstRow + start;
    const lanes = laneClass(x.columns);
    const kernel = this.#rowSquares.get(lanes);
    const group = this.groups.find(kernel, sums.storage, input);
    const groups = Math.ceil(x.rows / rowsPerGroup(LANES[lanes]));
    this.recorder.dispatchLinear(kernel.pipeline, group, groups);
  }

  clipScale(scale: GpuMatrix, sums: GpuMatrix, maxNorm: number): void {
    const input = this.aliases.apart(sums.storage, scale.storage);
    const { words, floats } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = sums.rows;
    words[at + 1] = scale.offset;
    words[at + 2] = sums.offset;
    floats[at + 3] = maxNorm;
    const kernel = this.#clipScale.get(0);
    this.recorder.dispatch(
      kernel.pipeline,
      this.groups.find(kernel, scale.storage, input),
      1,
    );
  }
}
