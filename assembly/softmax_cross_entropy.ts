// The loss of each row and the gradient of the mean loss, from the logits:
//
//   loss[i]       = min(ln(sum_j e^(z_ij - m_i)) - (z_iy - m_i), -ln 1e-10)      m_i the row's maximum, y its label
//   dLogits[i, :] = (softmax(z_i) - onehot(y)) / B
//
// The minimum clips probabilities to 1e-10; it bounds the loss and leaves the gradient alone.
import { log } from "./math/log";
import { rowExponentials, rowMaximum, rowScale } from "./softmax";

/** -ln 1e-10, the largest loss of one row, in nats. */
const LARGEST_LOSS: f32 = 23.025850929940457;

/**
 * @param dLogits B x O float32, also the place where the exponentials are kept meanwhile; may be z. Rows begin to end
 * @param losses  B float32
 * @param z       B x O float32
 * @param labels  N bytes
 * @param order   B row numbers (uint32) into `labels`
 * @param rows    B
 */
export function softmaxCrossEntropy(
  dLogits: usize,
  losses: usize,
  z: usize,
  labels: usize,
  order: usize,
  rows: i32,
  outputs: i32,
  begin: i32,
  end: i32,
): void {
  const weight = <f32>(1.0 / <f64>rows);
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * outputs) << 2;
    const label = <usize>load<u8>(labels + <usize>load<u32>(order + (<usize>i << 2)));
    const maximum = rowMaximum(z + row, outputs);
    const margin = load<f32>(z + row + (label << 2)) - maximum;
    const sum = rowExponentials(dLogits + row, z + row, outputs, maximum);
    store<f32>(losses + (<usize>i << 2), min(log(sum) - margin, LARGEST_LOSS));
    rowScale(dLogits + row, outputs, weight / sum);
    const at = dLogits + row + (label << 2);
    store<f32>(at, load<f32>(at) - weight);
  }
}
