// Copies an image of float32 or bytes into a larger one of float32 with zeros around it and, where it is spread, between its
// pixels: windows then need not know where an image ends.
import {
  channelsOf,
  paddedBytes,
  paddedHeight,
  paddedWidth,
  padLeft,
  padTop,
  sourceHeight,
  sourceWidth,
  spreadOf,
} from "./shape";

/** Zeros where `padImage` does not write. */
export function clearPadded(padded: usize, shape: usize): void {
  memory.fill(padded, 0, paddedBytes(shape));
}

/** Rows and columns that no window reaches are left out. */
export function padImage(padded: usize, image: usize, shape: usize, bytes: bool): void {
  const channels = channelsOf(shape);
  const spread = spreadOf(shape);
  const top = padTop(shape), left = padLeft(shape);
  const rows = min(sourceHeight(shape), (paddedHeight(shape) - top + spread - 1) / spread);
  const columns = min(sourceWidth(shape), (paddedWidth(shape) - left + spread - 1) / spread);
  const line = sourceWidth(shape) * channels;
  const size: usize = bytes ? 0 : 2;
  for (let r = 0; r < rows; r++) {
    let from = image + (<usize>(r * line) << size);
    let to = padded + (<usize>(((top + r * spread) * paddedWidth(shape) + left) * channels) << 2);
    if (spread == 1) copyNumbers(to, from, columns * channels, bytes);
    else {
      for (let c = 0; c < columns; c++) {
        copyNumbers(to, from, channels, bytes);
        from += <usize>channels << size;
        to += <usize>(spread * channels) << 2;
      }
    }
  }
}

function copyNumbers(to: usize, from: usize, count: i32, bytes: bool): void {
  let i = 0;
  if (bytes) {
    for (; i + 4 <= count; i += 4) {
      const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from + i)));
      v128.store(to + (<usize>i << 2), f32x4.convert_i32x4_s(wide));
    }
    for (; i < count; i++) store<f32>(to + (<usize>i << 2), <f32>load<u8>(from + i));
    return;
  }
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)));
  for (; i < count; i++) store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>i << 2)));
}
