/** Numbers of threads to measure with: 1, 2, 3, 4, then doubling, up to as many as there are processors. */
export function threadCounts(processors: number): number[] {
  const counts = [1, 2, 3, 4].filter((count) => count < processors);
  for (let count = 8; count < processors; count *= 2) counts.push(count);
  return [...counts, processors];
}
