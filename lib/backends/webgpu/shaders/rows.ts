/**
 * The frame of kernels that go by rows of logits: `lanes` threads of a workgroup share a row, each
 * with every lanes-th column, and put together what they found in a fixed order.
 */
import { THREADS } from "./shader.ts";

/** Threads that can share a row: powers of two. */
export const LANES = [1, 4, 16, 64] as const;
export type Lanes = typeof LANES[number];

/** Index into LANES: so many that each has a few columns. */
export function laneClass(columns: number): number {
  if (columns <= 4) return 0;
  if (columns <= 16) return 1;
  return columns <= 128 ? 2 : 3;
}

/** Rows of a workgroup. */
export function rowsPerGroup(lanes: Lanes): number {
  return THREADS / lanes;
}

/** Parameters that such kernels share: O columns, rows of `stride` float32. */
export const ROW_PARAMETERS = "rows: u32, columns: u32, stride: u32, inputOffset: u32";

/** `row`, whether it is `inside`, this thread's `lane`, and `at`, where the logits of it begin. */
export function rowOfThread(lanes: Lanes): string {
  return `
  let row = workgroup * ${rowsPerGroup(lanes)}u + thread / ${lanes}u;
  let inside = row < p.rows;
  let lane = thread % ${lanes}u;
  let at = p.inputOffset + min(row, p.rows - 1u) * p.stride;`;
}

/**
 * Combines the lanes' values with `combine`, a WGSL expression of `mine` and `other`; every lane
 * gets the result. All threads of the workgroup have to call it.
 */
export function reduction(name: string, lanes: Lanes, combine: string): string {
  const steps = [];
  for (let half = lanes / 2; half >= 1; half /= 2) {
    steps.push(`
  workgroupBarrier();
  if (lane < ${half}u) {
    let mine = ${name}Lanes[thread];
    let other = ${name}Lanes[thread + ${half}u];
    ${name}Lanes[thread] = ${combine};
  }`);
  }
  return `
var<workgroup> ${name}Lanes: array<f32, ${THREADS}>;

fn ${name}(thread: u32, lane: u32, value: f32) -> f32 {
  ${name}Lanes[thread] = value;${steps.join("")}
  workgroupBarrier();
  return ${name}Lanes[thread - lane];
}`;
}
