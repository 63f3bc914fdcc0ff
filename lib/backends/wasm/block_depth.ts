/**
 * Depth of the blocks that the `steps` of a product are cut into: as few blocks as `largest` allows, all but the last of
 * equal depth, a multiple of four. The bits of a product depend on it: each block is added to the sum of those before.
 */
export function blockDepth(steps: number, largest: number): number {
  const blocks = Math.ceil(steps / largest);
  return Math.ceil(steps / blocks / 4) * 4;
}
