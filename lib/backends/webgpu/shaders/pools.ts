/** Windows of images, the largest of each or the mean, and their gradients: a thread a number that is written. */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** Strides and offsets count numbers; of the images (x), of the windows (y), and of the third matrix, the images again. */
const PARAMETERS =
  `images: u32, height: u32, width: u32, channels: u32, down: u32, across: u32, xOffset: u32,
  xStride: u32, yOffset: u32, yStride: u32, otherOffset: u32, otherStride: u32, share: f32`;

/** A number of the windows' matrix: image `b`, channel `c`, and where the window begins in the image. */
const WINDOW = `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let number = workgroup * ${THREADS}u + thread;
  let columns = p.width / p.across;
  let numbers = p.height / p.down * columns * p.channels;
  if (number >= p.images * numbers) { return; }
  let b = number / numbers;
  let at = number % numbers;
  let place = at / p.channels;
  let corner = (place / columns * p.down * p.width + place % columns * p.across) * p.channels + at % p.channels;
  let begin = p.xOffset + b * p.xStride + corner;
  let to = p.yOffset + b * p.yStride + at;`;

/** A number of the images' matrix, 0 where it is in no window: which is \`window\`, in its matrix. */
const PIXEL = `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let number = workgroup * ${THREADS}u + thread;
  let columns = p.width / p.across;
  let numbers = p.height * p.width * p.channels;
  if (number >= p.images * numbers) { return; }
  let b = number / numbers;
  let at = number % numbers;
  let c = at % p.channels;
  let row = at / p.channels / p.width;
  let column = at / p.channels % p.width;
  let to = p.xOffset + b * p.xStride + at;
  let place = vec2u(row / p.down, column / p.across);
  if (place.x >= p.height / p.down || place.y >= columns) { dx[to] = 0.0; return; }
  let window = p.yOffset + b * p.yStride + (place.x * columns + place.y) * p.channels + c;`;

export function maxPoolForward(): Shader {
  return shader(
    "max_pool_forward",
    PARAMETERS,
    [["y", "f32", "write"], ["x", "f32", "read"]],
    `${WINDOW}
  var most = x[begin];
  for (var k = 0u; k < p.down; k++) {
    for (var l = 0u; l < p.across; l++) { most = max(most, x[begin + (k * p.width + l) * p.channels]); }
  }
  y[to] = most;
}`,
  );
}

/** dx = dy where no number before it in its window is as large, and none after it larger. */
export function maxPoolBackward(): Shader {
  return shader(
    "max_pool_backward",
    PARAMETERS,
    [["dx", "f32", "write"], ["dy", "f32", "read"], ["x", "f32", "read"]],
    `${PIXEL}
  let image = p.otherOffset + b * p.otherStride;
  let own = x[image + at];
  var isLargest = true;
  for (var k = 0u; k < p.down; k++) {
    for (var l = 0u; l < p.across; l++) {
      let other = ((place.x * p.down + k) * p.width + place.y * p.across + l) * p.channels + c;
      let value = x[image + other];
      if (value > own || (value == own && other < at)) { isLargest = false; }
    }
  }
  dx[to] = select(0.0, dy[window], isLargest);
}`,
  );
}

export function averagePoolForward(): Shader {
  return shader(
    "average_pool_forward",
    PARAMETERS,
    [["y", "f32", "write"], ["x", "f32", "read"]],
    `${WINDOW}
  var sum = 0.0;
  for (var k = 0u; k < p.down; k++) {
    for (var l = 0u; l < p.across; l++) { sum += x[begin + (k * p.width + l) * p.channels]; }
  }
  y[to] = sum * p.share;
}`,
  );
}

export function averagePoolBackward(): Shader {
  return shader(
    "average_pool_backward",
    PARAMETERS,
    [["dx", "f32", "write"], ["dy", "f32", "read"]],
    `${PIXEL}
  dx[to] = dy[window] * p.share;
}`,
  );
}
