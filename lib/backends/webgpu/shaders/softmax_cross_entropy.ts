/**
 * The loss of each row and the gradient of the mean loss, from the logits:
 *
 *     losses[start + i] = min(ln(sum_j e^(z_ij - m_i)) - (z_iy - m_i), -ln 1e-10)
 *     dLogits[i, :]     = (softmax(z_i) - onehot(y)) / B
 *
 * m_i is the row's maximum, y its label. In the same pass it can write the predicted classes, which
 * training asks for at the same time.
 */
import { LOG } from "./math/log.ts";
import { bestColumnFunctions, predictClass } from "./argmax.ts";
import { type Lanes, ROW_PARAMETERS, rowOfThread } from "./rows.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";
import { rowSum, softmaxFunctions } from "./softmax.ts";

/**
 * @param inPlace     whether dLogits is the logits
 * @param withClasses whether to write the predicted classes
 */
export function softmaxCrossEntropy(
  lanes: Lanes,
  inPlace: boolean,
  withClasses: boolean,
  software: boolean,
): Shader {
  const z = inPlace ? "dz" : "z";
  return shader(
    "softmax_cross_entropy",
    `${ROW_PARAMETERS}, outputOffset: u32, lossesOffset: u32, labelsOffset: u32, start: u32,
  weight: f32, classesOffset: u32`,
    [
      ["dz", "f32", "write"],
      ["losses", "f32", "write"],
      ["labels", "u32", "read"],
      ["order", "u32", "read"],
      ...inPlace ? [] : [["z", "f32", "read"]] as const,
      ...withClasses ? [["classes", "f32", "write"]] as const : [],
    ],
    `${softmaxFunctions(lanes, software)}${LOG}
${withClasses ? bestColumnFunctions(lanes) : ""}
/** -ln 1e-10. */
const LARGEST_LOSS = 23.025850929940457;

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  ${rowOfThread(lanes)}
  ${rowSum(z, lanes)}
  ${withClasses ? predictClass(z, lanes) : ""}
  if (!inside) { return; }
  let label = labels[p.labelsOffset + order[p.start + row]] & 255u;
  let factor = divide(p.weight, sum);
  let output = p.outputOffset + row * p.stride;
  for (var j = lane; j < p.columns; j += ${lanes}u) {
    let shifted = ${z}[at + j] - maximum;
    var gradient = expOf(shifted) * factor;
    if (j == label) {
      gradient -= p.weight;
      let loss = logOf(sum) - shifted;
      let isLarge = loss > LARGEST_LOSS && !isNan(bitcast<u32>(loss));
      losses[4u * (p.lossesOffset + row)] = select(loss, LARGEST_LOSS, isLarge);
    }
    dz[output + j] = gradient;
  }
}`,
  );
}
