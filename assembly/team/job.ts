// What the host and its team share: one block of memory that says what to do next. Offsets in bytes from its start.
//
//     0  generation   counts jobs; a change is the signal to start one
//    64  pending      members that have not finished
//   128  sleepers     members that stopped spinning and wait for a signal
//   192  asleep       whether the host has
//   256  kernel, extent, grain, then up to MOST_ARGUMENTS arguments of four bytes each
//   384  taken        for each of up to MOST_MEMBERS members: how much of its share has been taken
//
// What several threads write has a cache line of its own.

export const PENDING: usize = 64;
export const SLEEPERS: usize = 128;
export const ASLEEP: usize = 192;
const WORK: usize = 256;
const ARGUMENTS: usize = WORK + 16;
const MOST_ARGUMENTS: usize = 16;
const TAKEN: usize = 384;

/** Members that a team can have. */
export const MOST_MEMBERS: i32 = 64;

/** Bytes of the block, and the places that the host writes, for its own use. */
export const JOB_BYTES: i32 = <i32>TAKEN + (MOST_MEMBERS << 6);
export const JOB_WORK: i32 = <i32>WORK;
export const JOB_ARGUMENTS: i32 = <i32>ARGUMENTS;

/** Which kernel to run; see dispatch.ts. */
// @ts-ignore: decorator
@inline
export function kernelOf(job: usize): i32 {
  return load<i32>(job, WORK);
}

/** How many rows, columns or elements there are to do. */
// @ts-ignore: decorator
@inline
export function extentOf(job: usize): i32 {
  return load<i32>(job, WORK + 4);
}

/** Parts begin at multiples of this. */
// @ts-ignore: decorator
@inline
export function grainOf(job: usize): i32 {
  return load<i32>(job, WORK + 8);
}

/** Where the pieces of a member's share are counted off. */
// @ts-ignore: decorator
@inline
export function takenOf(job: usize, member: i32): usize {
  return job + TAKEN + (<usize>member << 6);
}

/** Argument `index` as an address, a whole number, a float, or (with the one after it, `index` even) a double. */
// @ts-ignore: decorator
@inline
export function at(job: usize, index: i32): usize {
  return <usize>load<u32>(job + (<usize>index << 2), ARGUMENTS);
}

// @ts-ignore: decorator
@inline
export function int(job: usize, index: i32): i32 {
  return load<i32>(job + (<usize>index << 2), ARGUMENTS);
}

// @ts-ignore: decorator
@inline
export function float(job: usize, index: i32): f32 {
  return load<f32>(job + (<usize>index << 2), ARGUMENTS);
}

// @ts-ignore: decorator
@inline
export function double(job: usize, index: i32): f64 {
  return load<f64>(job + (<usize>index << 2), ARGUMENTS);
}
