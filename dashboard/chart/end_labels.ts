/** Where the labels of lines stand at their ends: beside them, as far apart as they are high. */

/**
 * @param ys where they should be, in pixels from the top
 * @param apart the least distance of two
 * @param height of the chart: none leaves it as long as there is room
 * @returns where they are
 */
export function spreadOut(ys: readonly number[], apart: number, height: number): number[] {
  const order = ys.map((_, i) => i).sort((a, b) => ys[a] - ys[b]);
  const placed = [...ys];
  order.forEach((i, at) => {
    const least = at === 0 ? apart / 2 : placed[order[at - 1]] + apart;
    placed[i] = Math.max(ys[i], least);
  });
  // Those that were pushed out below come back up, and push in their turn.
  let most = height - apart / 2;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], most);
    most = placed[i] - apart;
  }
  return placed;
}
