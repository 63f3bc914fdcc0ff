/**
 * classes[start + i] = the column of the largest logit of row i, the first of equals. NaN is never
 * the largest, unless it stands first.
 */
import { BITS } from "./math/bits.ts";
import { type Lanes, ROW_PARAMETERS, rowOfThread } from "./rows.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Lets the lanes of a row agree on the best column. Needs BITS. */
export function bestColumnFunctions(lanes: Lanes): string {
  const steps = [];
  for (let half = lanes / 2; half >= 1; half /= 2) {
    steps.push(`
  workgroupBarrier();
  if (lane < ${half}u) {
    let mine = bestLanes[thread];
    let other = bestLanes[thread + ${half}u];
    let better = other.key > mine.key || (other.key == mine.key && other.column < mine.column);
    if (better) { bestLanes[thread] = other; }
  }`);
  }
  return `
struct Best { key: i32, column: u32 }
var<workgroup> bestLanes: array<Best, ${THREADS}>;

/** The place of a logit in the order: NaN first or, in column 0, last. */
fn rank(bits: u32, column: u32) -> i32 {
  if (!isNan(bits)) { return orderOf(bits); }
  return select(-0x7fffffff, 0x7fffffff, column == 0u);
}

fn bestColumn(thread: u32, lane: u32, best: Best) -> u32 {
  bestLanes[thread] = best;${steps.join("")}
  workgroupBarrier();
  return bestLanes[thread - lane].column;
}`;
}

/** Writes the class of the row, which begins at `at`. @param z the name of the buffer */
export function predictClass(z: string, lanes: Lanes): string {
  return `
  var best = Best(-0x7fffffff, lane);
  for (var j = lane; j < p.columns; j += ${lanes}u) {
    let key = rank(bitcast<u32>(${z}[at + j]), j);
    if (key > best.key) { best = Best(key, j); }
  }
  let column = bestColumn(thread, lane, best);
  if (inside && lane == 0u) { classes[4u * (p.classesOffset + row)] = f32(column); }`;
}

export function argmax(lanes: Lanes): Shader {
  return shader(
    "argmax",
    `${ROW_PARAMETERS}, classesOffset: u32`,
    [["classes", "f32", "write"], ["z", "f32", "read"]],
    `${BITS}${bestColumnFunctions(lanes)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  ${predictClass("z", lanes)}
}`,
  );
}
