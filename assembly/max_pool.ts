// The largest of each window of size x size pixels, and its gradient. Windows lie side by side; a rest at the right and below is
// left out. Of images `begin` to `end`; x: B x (height width channels), y: B x (height / size  width / size  channels).
import { loadUpTo, storeUpTo } from "./simd";

export function maxPoolForward(
  y: usize,
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const down = height / size, across = width / size;
  let to = y + <usize>(begin * down * across) * pixel;
  for (let b = begin; b < end; b++) {
    const image = x + <usize>(b * height) * line;
    for (let p = 0; p < down; p++) {
      for (let q = 0; q < across; q++) {
        const window = image + <usize>(p * size) * line + <usize>(q * size) * pixel;
        let c = 0;
        if (size == 2) {
          for (; c + 4 <= channels; c += 4) {
            const at = window + (<usize>c << 2);
            const above = f32x4.max(v128.load(at), v128.load(at + pixel));
            const below = f32x4.max(v128.load(at + line), v128.load(at + line + pixel));
            v128.store(to + (<usize>c << 2), f32x4.max(above, below));
          }
        }
        for (; c < channels; c += 4) {
          const count = min(channels - c, 4);
          const at = <usize>c << 2;
          storeUpTo(to + at, largest(window + at, line, pixel, size, count), count);
        }
        to += pixel;
      }
    }
  }
}

/** dx = dy where x is the first of the largest in its window, row by row, else 0; dx is as x. */
export function maxPoolBackward(
  dx: usize,
  dy: usize,
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
  begin: i32,
  end: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>width * pixel;
  const down = height / size, across = width / size;
  let from = dy + <usize>(begin * down * across) * pixel;
  const hasRest = down * size < height || across * size < width;
  for (let b = begin; b < end; b++) {
    const image = <usize>(b * height) * line;
    if (hasRest) memory.fill(dx + image, 0, <usize>height * line);
    for (let p = 0; p < down; p++) {
      for (let q = 0; q < across; q++) {
        const window = image + <usize>(p * size) * line + <usize>(q * size) * pixel;
        let c = 0;
        if (size == 2) {
          for (; c + 4 <= channels; c += 4) {
            const at = window + (<usize>c << 2);
            const x0 = v128.load(x + at), x1 = v128.load(x + at + pixel);
            const x2 = v128.load(x + at + line), x3 = v128.load(x + at + line + pixel);
            const most = f32x4.max(f32x4.max(x0, x1), f32x4.max(x2, x3));
            let gradient = v128.load(from + (<usize>c << 2));
            gradient = give(dx + at, gradient, x0, most);
            gradient = give(dx + at + pixel, gradient, x1, most);
            gradient = give(dx + at + line, gradient, x2, most);
            give(dx + at + line + pixel, gradient, x3, most);
          }
        }
        for (; c < channels; c += 4) {
          const count = min(channels - c, 4);
          const at = <usize>c << 2;
          const most = largest(x + window + at, line, pixel, size, count);
          // Becomes zero where it has been given away.
          let gradient = loadUpTo(from + at, count);
          for (let k = 0; k < size; k++) {
            let place = window + at + <usize>k * line;
            for (let l = 0; l < size; l++) {
              const isMost = f32x4.eq(loadUpTo(x + place, count), most);
              storeUpTo(dx + place, v128.and(gradient, isMost), count);
              gradient = v128.andnot(gradient, isMost);
              place += pixel;
            }
          }
        }
        from += pixel;
      }
    }
  }
}

/** Writes the gradient where x is the largest, and returns what is left for those after it. */
// @ts-ignore: decorator
@inline
function give(to: usize, gradient: v128, x: v128, most: v128): v128 {
  const isMost = f32x4.eq(x, most);
  v128.store(to, v128.and(gradient, isMost));
  return v128.andnot(gradient, isMost);
}

// @ts-ignore: decorator
@inline
function largest(window: usize, line: usize, pixel: usize, size: i32, count: i32): v128 {
  let most = loadUpTo(window, count);
  for (let k = 0; k < size; k++) {
    let place = window + <usize>k * line;
    for (let l = 0; l < size; l++) {
      most = f32x4.max(most, loadUpTo(place, count));
      place += pixel;
    }
  }
  return most;
}
