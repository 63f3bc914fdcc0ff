// How many of the predicted classes are the labels'.

/**
 * Counts elements `begin` to `end` into `count`, one float32 (exact up to 2^24). For one thread alone.
 * classes: B float32; labels: N bytes; order: B row numbers (uint32).
 */
export function countCorrect(count: usize, classes: usize, labels: usize, order: usize, begin: i32, end: i32): void {
  let correct = 0;
  for (let i = begin; i < end; i++) {
    const label = load<u8>(labels + <usize>load<u32>(order + (<usize>i << 2)));
    correct += i32(load<f32>(classes + (<usize>i << 2)) == <f32>label);
  }
  store<f32>(count, <f32>correct);
}
