// classes[i] = the column of the largest logit of row i, the first of equals. NaN is never the
// largest, unless it stands first.

/** classes: B float32 (exact up to 2^24 columns), rows `begin` to `end`; z: B x O float32. */
export function argmax(classes: usize, z: usize, outputs: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const row = z + ((<usize>i * outputs) << 2);
    let best = load<f32>(row);
    let column = 0;
    for (let j = 1; j < outputs; j++) {
      const value = load<f32>(row + (<usize>j << 2));
      if (value > best) {
        best = value;
        column = j;
      }
    }
    store<f32>(classes + (<usize>i << 2), <f32>column);
  }
}
