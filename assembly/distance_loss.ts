// The loss of each row and the gradient of the mean loss for targets that are numbers, with d = z - t:
//
//   l_ij          = d^2                                                    squared
//                 = d^2 / 2, or delta (|d| - delta / 2) beyond delta       huber
//   loss[i]       = r_i sum_j l_ij / O
//   dLogits[i, j] = r_i dl_ij/dz / (B O)

/** Numbers of distances: see DISTANCES in lib/backend/distances.ts. */
const HUBER: i32 = 1;

/**
 * @param dLogits    B x O float32; may be z. Rows begin to end
 * @param losses     B float32
 * @param z          B x O float32
 * @param targets    N x O float32, t
 * @param order      B row numbers (uint32) into `targets` and `rowWeights`
 * @param distance   a number of those above
 * @param delta      of Huber's: above 0
 * @param rowWeights N float32, r; 0 where all count alike
 * @param rows       B
 */
export function distanceLoss(
  dLogits: usize,
  losses: usize,
  z: usize,
  targets: usize,
  order: usize,
  distance: i32,
  delta: f32,
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
    const target = targets + ((source * outputs) << 2);
    let total: f32 = 0;
    for (let j: usize = 0; j < <usize>outputs << 2; j += 4) {
      const d = load<f32>(z + row + j) - load<f32>(target + j);
      let slope = d + d;
      let loss = d * d;
      if (distance == HUBER) {
        slope = min(max(d, -delta), delta);
        // Not a number is beyond delta, too.
        loss = abs(d) <= delta ? <f32>0.5 * loss : delta * (abs(d) - <f32>0.5 * delta);
      }
      total += loss;
      store<f32>(dLogits + row + j, slope * (weight * share));
    }
    store<f32>(losses + (<usize>i << 2), weight * (total / <f32>outputs));
  }
}
