/** p[i, :] = e^(z[i, :] - max z[i, :]) / their sum, for logits z of any size. */
import { BITS } from "./math/bits.ts";
import { divide } from "./math/divide.ts";
import { EXP } from "./math/exp.ts";
import { type Lanes, reduction, ROW_PARAMETERS, rowOfThread } from "./rows.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** The functions that `rowSum` calls. */
export function softmaxFunctions(lanes: Lanes, software: boolean): string {
  return BITS + EXP + divide(software) +
    reduction("rowMaximum", lanes, "max(mine, other)") +
    reduction("rowTotal", lanes, "mine + other");
}

/**
 * Lets `maximum` be the largest of the row, which begins at `at`, and `sum` the sum of
 * e^(z - maximum). The largest of a row with NaN may be any of it: the sum is NaN all the same.
 *
 * @param z the name of the buffer
 */
export function rowSum(z: string, lanes: Lanes): string {
  return `
  var largest = ${z}[at];
  for (var j = lane; j < p.columns; j += ${lanes}u) { largest = max(largest, ${z}[at + j]); }
  let maximum = rowMaximum(thread, lane, largest);
  var partial = 0.0;
  for (var j = lane; j < p.columns; j += ${lanes}u) { partial += expOf(${z}[at + j] - maximum); }
  let sum = rowTotal(thread, lane, partial);`;
}

/** @param inPlace whether p is the logits */
export function softmax(lanes: Lanes, inPlace: boolean, software: boolean): Shader {
  const z = inPlace ? "y" : "z";
  return shader(
    "softmax",
    `${ROW_PARAMETERS}, outputOffset: u32`,
    [["y", "f32", "write"], ...inPlace ? [] : [["z", "f32", "read"]] as const],
    `${softmaxFunctions(lanes, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  ${rowSum(z, lanes)}
  if (!inside) { return; }
  let isNumber = !isNan(bitcast<u32>(sum));
  let inverse = divide(1.0, sum);
  let output = p.outputOffset + row * p.stride;
  for (var j = lane; j < p.columns; j += ${lanes}u) {
    // The exponential once more: below the normal range a product of it would be lost.
    var e = expScaled(${z}[at + j] - maximum);
    e.fraction *= inverse;
    y[output + j] = bitcast<f32>(select(NAN_BITS, bitsOf(e), isNumber));
  }
}`,
  );
}
