// What a convolution is, as the host writes it (lib/backends/wasm/convolutions.ts): whole numbers of four bytes, in the order
// of the functions here. A convolution goes over a source image that is spread (its pixels `spread` apart, zeros between)
// and padded with zeros; that of an input's gradient over the gradient of the outputs, which is how strides are undone.

// @ts-ignore: decorator
@inline
export function sourceHeight(shape: usize): i32 {
  return load<i32>(shape);
}

// @ts-ignore: decorator
@inline
export function sourceWidth(shape: usize): i32 {
  return load<i32>(shape, 4);
}

// @ts-ignore: decorator
@inline
export function channelsOf(shape: usize): i32 {
  return load<i32>(shape, 8);
}

// @ts-ignore: decorator
@inline
export function spreadOf(shape: usize): i32 {
  return load<i32>(shape, 12);
}

// @ts-ignore: decorator
@inline
export function padTop(shape: usize): i32 {
  return load<i32>(shape, 16);
}

// @ts-ignore: decorator
@inline
export function padLeft(shape: usize): i32 {
  return load<i32>(shape, 20);
}

// @ts-ignore: decorator
@inline
export function paddedHeight(shape: usize): i32 {
  return load<i32>(shape, 24);
}

// @ts-ignore: decorator
@inline
export function paddedWidth(shape: usize): i32 {
  return load<i32>(shape, 28);
}

// @ts-ignore: decorator
@inline
export function kernelHeight(shape: usize): i32 {
  return load<i32>(shape, 32);
}

// @ts-ignore: decorator
@inline
export function kernelWidth(shape: usize): i32 {
  return load<i32>(shape, 36);
}

// @ts-ignore: decorator
@inline
export function strideOf(shape: usize): i32 {
  return load<i32>(shape, 40);
}

// @ts-ignore: decorator
@inline
export function outHeight(shape: usize): i32 {
  return load<i32>(shape, 44);
}

// @ts-ignore: decorator
@inline
export function outWidth(shape: usize): i32 {
  return load<i32>(shape, 48);
}

// @ts-ignore: decorator
@inline
export function outputsOf(shape: usize): i32 {
  return load<i32>(shape, 52);
}

// @ts-ignore: decorator
@inline
export function groupsOf(shape: usize): i32 {
  return load<i32>(shape, 56);
}

/** Bytes of a padded image, with room for a vector that begins at its last number. */
// @ts-ignore: decorator
@inline
export function paddedBytes(shape: usize): usize {
  const numbers = paddedHeight(shape) * paddedWidth(shape) * channelsOf(shape);
  return (<usize>(numbers << 2) + 64 + 63) & ~63;
}

/** Steps of a group's product: one for each tap of the window and channel of the group. */
// @ts-ignore: decorator
@inline
export function stepsOf(shape: usize): i32 {
  return kernelHeight(shape) * kernelWidth(shape) * (channelsOf(shape) / groupsOf(shape));
}

/**
 * Steps that lie side by side in a padded image: of one group a row of the window, as channels follow each other, else the
 * group's channels at one tap.
 */
// @ts-ignore: decorator
@inline
export function runOf(shape: usize): i32 {
  const groups = groupsOf(shape);
  return groups == 1 ? kernelWidth(shape) * channelsOf(shape) : channelsOf(shape) / groups;
}

/** Bytes from the first pixel of a window, in a padded image, to step `step` of a group. */
export function offsetOf(shape: usize, group: i32, step: i32): usize {
  const channels = channelsOf(shape);
  const run = runOf(shape);
  const line = step / run;
  const inside = step - line * run;
  const width = paddedWidth(shape);
  const across = kernelWidth(shape);
  const number = groupsOf(shape) == 1
    ? line * width * channels + inside
    : (line / across * width + line % across) * channels + group * run + inside;
  return <usize>number << 2;
}
