/**
 * What ends before a test's server does: pages that still load would complain of connections that its end resets, and
 * such a complaint is what a test looks for in a server that runs.
 */

const closers = new Set<() => Promise<void>>();

/** @returns what forgets it again */
export function beforeServersEnd(close: () => Promise<void>): () => void {
  closers.add(close);
  return () => void closers.delete(close);
}

export async function closeWhatAsks(): Promise<void> {
  await Promise.all([...closers].map((close) => close()));
}
