// The mean of each window of `down` x `across` pixels, and its gradient. Windows lie side by side; a rest at the right and below
// is left out. Of images `begin` to `end`; x: B x (height width channels), y: B x (height / down  width / across  channels).
import { loadUpTo, storeUpTo } from "./simd";

export function averagePoolForward(
  y: usize,
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  down: i32,
  across: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const rows = height / down, columns = width / across;
  const share = f32x4.splat(<f32>1 / <f32>(down * across));
  let to = y + <usize>(begin * rows * columns) * pixel;
  for (let b = begin; b < end; b++) {
    const image = x + <usize>(b * height) * line;
    for (let p = 0; p < rows; p++) {
      for (let q = 0; q < columns; q++) {
        const window = image + <usize>(p * down) * line + <usize>(q * across) * pixel;
        for (let c = 0; c < channels; c += 4) {
          const count = min(channels - c, 4);
          const at = <usize>c << 2;
          let sum = f32x4.splat(0);
          for (let k = 0; k < down; k++) {
            let place = window + at + <usize>k * line;
            for (let l = 0; l < across; l++) {
              sum = f32x4.add(sum, loadUpTo(place, count));
              place += pixel;
            }
          }
          storeUpTo(to + at, f32x4.mul(sum, share), count);
        }
        to += pixel;
      }
    }
  }
}

/** dx = dy / (down across) of its window, 0 where there is none. */
export function averagePoolBackward(
  dx: usize,
  dy: usize,
  height: i32,
  width: i32,
  channels: i32,
  down: i32,
  across: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const rows = height / down, columns = width / across;
  const share = f32x4.splat(<f32>1 / <f32>(down * across));
  let from = dy + <usize>(begin * rows * columns) * pixel;
  const hasRest = rows * down < height || columns * across < width;
  for (let b = begin; b < end; b++) {
    const image = dx + <usize>(b * height) * line;
    if (hasRest) memory.fill(image, 0, <usize>height * line);
    for (let p = 0; p < rows; p++) {
      for (let q = 0; q < columns; q++) {
        const window = image + <usize>(p * down) * line + <usize>(q * across) * pixel;
        for (let c = 0; c < channels; c += 4) {
          const count = min(channels - c, 4);
          const at = <usize>c << 2;
          const gradient = f32x4.mul(loadUpTo(from + at, count), share);
          for (let k = 0; k < down; k++) {
            let place = window + at + <usize>k * line;
            for (let l = 0; l < across; l++) {
              storeUpTo(place, gradient, count);
              place += pixel;
            }
          }
        }
        from += pixel;
      }
    }
  }
}
