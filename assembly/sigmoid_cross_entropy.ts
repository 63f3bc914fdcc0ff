// The loss of each row and the gradient of the mean loss for targets that are yes or no, each by itself, from the logits. With
// y = targets[row] and softplus(z) = ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), which cannot overflow:
//
//   l_ij          = w_j y_j softplus(-z_ij) + (1 - y_j) softplus(z_ij)
//   loss[i]       = r_i sum_j l_ij / O
//   dLogits[i, j] = r_i (w_j y_j (sigmoid(z_ij) - 1) + (1 - y_j) sigmoid(z_ij)) / (B O)
import { expCalled } from "./math/exp";
import { log1p } from "./math/log";

/**
 * @param dLogits         B x O float32; may be z. Rows begin to end
 * @param losses          B float32
 * @param z               B x O float32
 * @param targets         N x O bytes, 0 or 1
 * @param order           B row numbers (uint32) into `targets` and `rowWeights`
 * @param positiveWeights O float32, w
 * @param rowWeights      N float32, r; 0 where all count alike
 * @param rows            B
 */
export function sigmoidCrossEntropy(
  dLogits: usize,
  losses: usize,
  z: usize,
  targets: usize,
  order: usize,
  positiveWeights: usize,
  rowWeights: usize,
  rows: i32,
  outputs: i32,
  begin: i32,
  end: i32,
): void {
  const share = <f32>(1.0 / (<f64>rows * outputs));
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * outputs) << 2;
    const source = <usize>load<u32>(order + (<usize>i << 2));
    const weight: f32 = rowWeights ? load<f32>(rowWeights + (source << 2)) : 1;
    let total: f32 = 0;
    for (let j: usize = 0; j < <usize>outputs; j++) {
      const at = row + (j << 2);
      const logit = load<f32>(z + at);
      const e = f32x4.extract_lane(expCalled(f32x4.splat(-abs(logit))), 0);
      // Sigmoid of |z| and of -|z|.
      const large = <f32>1 / (<f32>1 + e);
      const small = e * large;
      const isYes = load<u8>(targets + source * outputs + j) != 0;
      // The loss as if the target were no, of the logit with that sign.
      const signed = isYes ? -logit : logit;
      const factor: f32 = isYes ? load<f32>(positiveWeights + (j << 2)) : 1;
      total += factor * (max(signed, <f32>0) + log1p(e));
      const gradient = factor * (signed >= 0 ? large : small);
      store<f32>(dLogits + at, (isYes ? -gradient : gradient) * (weight * share));
    }
    store<f32>(losses + (<usize>i << 2), weight * (total / <f32>outputs));
  }
}
