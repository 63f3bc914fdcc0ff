// How many of the predicted classes are the labels'.

/** Returns the count over elements `begin` to `end`. classes: B float32; labels: N bytes; order: B row numbers (uint32). */
export function countCorrect(classes: usize, labels: usize, order: usize, begin: i32, end: i32): i32 {
  let count = 0;
  for (let i = begin; i < end; i++) {
    const label = load<u8>(labels + <usize>load<u32>(order + (<usize>i << 2)));
    count += i32(load<f32>(classes + (<usize>i << 2)) == <f32>label);
  }
  return count;
}
