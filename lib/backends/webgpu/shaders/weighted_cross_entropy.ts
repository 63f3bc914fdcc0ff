/**
 * The cross-entropy with weights for classes and smoothed labels: see assembly/weighted_cross_entropy.ts.
 * Like softmax_cross_entropy.ts it can write the predicted classes in the same pass.
 */
import { bestColumnFunctions, predictClass } from "./argmax.ts";
import { LOG } from "./math/log.ts";
import { type Lanes, reduction, ROW_PARAMETERS, rowOfThread } from "./rows.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";
import { rowSum, softmaxFunctions } from "./softmax.ts";

/**
 * @param inPlace     whether dLogits is the logits
 * @param withClasses whether to write the predicted classes
 */
export function weightedCrossEntropy(
  lanes: Lanes,
  inPlace: boolean,
  withClasses: boolean,
  software: boolean,
): Shader {
  const z = inPlace ? "dz" : "z";
  return shader(
    "weighted_cross_entropy",
    `${ROW_PARAMETERS}, outputOffset: u32, lossesOffset: u32, labelsOffset: u32, start: u32,
  smoothing: f32, classesOffset: u32, spread: f32, weightsOffset: u32, sumOffset: u32`,
    [
      ["dz", "f32", "write"],
      ["losses", "f32", "write"],
      ["labels", "u32", "read"],
      ["order", "u32", "read"],
      ["weights", "f32", "read"],
      ["weightSum", "f32", "read"],
      ...inPlace ? [] : [["z", "f32", "read"]] as const,
      ...withClasses ? [["classes", "f32", "write"]] as const : [],
    ],
    `${softmaxFunctions(lanes, software)}${LOG}
${reduction("rowTargets", lanes, "mine + other")}
${reduction("rowMet", lanes, "mine + other")}
${withClasses ? bestColumnFunctions(lanes) : ""}
/** -ln 1e-10. */
const LARGEST_LOSS = 23.025850929940457;

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  ${rowSum(z, lanes)}
  ${withClasses ? predictClass(z, lanes) : ""}
  let label = labels[p.labelsOffset + order[p.start + min(row, p.rows - 1u)]] & 255u;
  let sharp = (1.0 - p.smoothing) * weights[p.weightsOffset + label];
  // This lane's part of the sum of t, and of that of t (z - maximum).
  var targets = 0.0;
  var met = 0.0;
  if (p.spread != 0.0) {
    for (var j = lane; j < p.columns; j += ${lanes}u) {
      let t = p.spread * weights[p.weightsOffset + j];
      targets += t;
      met += t * (${z}[at + j] - maximum);
    }
  }
  let total = sharp + rowTargets(thread, lane, targets);
  let metOfAll = rowMet(thread, lane, met);
  if (!inside) { return; }
  let share = divide(1.0, weightSum[p.sumOffset]);
  let factor = divide(total * share, sum);
  let output = p.outputOffset + row * p.stride;
  for (var j = lane; j < p.columns; j += ${lanes}u) {
    let shifted = ${z}[at + j] - maximum;
    var gradient = expOf(shifted) * factor - share * (p.spread * weights[p.weightsOffset + j]);
    if (j == label) {
      gradient -= share * sharp;
      let loss = total * logOf(sum) - (metOfAll + sharp * shifted);
      let isLarge = loss > total * LARGEST_LOSS && !isNan(bitcast<u32>(loss));
      losses[4u * (p.lossesOffset + row)] = select(loss, total * LARGEST_LOSS, isLarge);
    }
    dz[output + j] = gradient;
  }
}`,
  );
}
