// The cross-entropy of softmax_cross_entropy.ts with weights for classes and smoothed labels, as PyTorch's
// CrossEntropyLoss(weight, label_smoothing) has them. With s the smoothing, w the weights, y a row's label, O classes and
// W the sum of the batch's rows' w_y:
//
//   t_ic          = (1 - s) w_y [c = y] + s w_c / O
//   loss[i]       = min(-sum_c t_ic ln softmax(z_i)_c, -ln 1e-10 sum_c t_ic)
//   dLogits[i, :] = (softmax(z_i) sum_c t_ic - t_i) / W
import { log } from "./math/log";
import { rowExponentials, rowMaximum } from "./softmax";

/** -ln 1e-10, the largest loss of one row of weight 1, in nats. */
const LARGEST_LOSS: f32 = 23.025850929940457;

/**
 * @param dLogits      B x O float32, also the place where the exponentials are kept meanwhile; may be z. Rows begin to end
 * @param losses       B float32
 * @param z            B x O float32
 * @param labels       N bytes
 * @param order        B row numbers (uint32) into `labels`
 * @param classWeights O float32
 * @param weightSum    one float32, W
 * @param smoothed     s
 */
export function weightedCrossEntropy(
  dLogits: usize,
  losses: usize,
  z: usize,
  labels: usize,
  order: usize,
  classWeights: usize,
  weightSum: usize,
  smoothed: f64,
  outputs: i32,
  begin: i32,
  end: i32,
): void {
  const smoothing = <f32>smoothed;
  const share: f32 = <f32>1 / load<f32>(weightSum);
  const spread = smoothing / <f32>outputs;
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * outputs) << 2;
    const label = <usize>load<u8>(labels + <usize>load<u32>(order + (<usize>i << 2))) << 2;
    const maximum = rowMaximum(z + row, outputs);
    const sharp: f32 = (<f32>1 - smoothing) * load<f32>(classWeights + label);
    // The sum of t and, before z may be overwritten, that of t (z - maximum).
    let total = sharp;
    let met = sharp * (load<f32>(z + row + label) - maximum);
    if (spread != 0) {
      for (let j: usize = 0; j < <usize>outputs << 2; j += 4) {
        const t = spread * load<f32>(classWeights + j);
        total += t;
        met += t * (load<f32>(z + row + j) - maximum);
      }
    }
    const sum = rowExponentials(dLogits + row, z + row, outputs, maximum);
    store<f32>(losses + (<usize>i << 2), min(total * log(sum) - met, total * LARGEST_LOSS));
    const factor = total * share / sum;
    for (let j: usize = 0; j < <usize>outputs << 2; j += 4) {
      const at = dLogits + row + j;
      let gradient = load<f32>(at) * factor - share * (spread * load<f32>(classWeights + j));
      if (j == label) gradient -= share * sharp;
      store<f32>(at, gradient);
    }
  }
}
