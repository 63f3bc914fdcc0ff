/**
 * Shards: parts of a batch whose gradients are taken one by one and added along one binary tree, so that the sum has the same
 * bits whichever process takes which shard.
 *
 * Glossary: B rows of a batch, S shards of a batch; a process has shards `first` to `end` of each.
 */

export interface Shards {
  /** S, a power of two. */
  readonly count: number;
  readonly first: number;
  readonly end: number;
}

/** A batch that is not cut. */
export const UNCUT: Shards = { count: 1, first: 0, end: 1 };

export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** The rows of shard `shard` of a batch of `rows`; none where there are fewer rows than shards, and others have them. */
export function shardRange(rows: number, shard: number, count: number): RowRange {
  return {
    start: Math.floor(rows * shard / count),
    end: Math.floor(rows * (shard + 1) / count),
  };
}

/** The rows of a batch that are a process's; `start` is `end` where none are. */
export function ownRange(rows: number, { count, first, end }: Shards): RowRange {
  return {
    start: shardRange(rows, first, count).start,
    end: shardRange(rows, end - 1, count).end,
  };
}

/** A step of adding up: a shard's part goes to a place, or the place after is added to one. */
export type TreeStep =
  | { readonly place: number; readonly shard: number }
  | { readonly place: number; readonly shard: null };

/**
 * The steps that leave the sum over shards `first` to `end` in place 0, in their order: neighbors are added first, then
 * neighboring pairs, and so on. Places are as few as can be: log2 of the shards, and one. Empty shards are skipped; without
 * any row there is no step.
 *
 * @param rows B
 */
export function treeSteps(rows: number, { count, first, end }: Shards): TreeStep[] {
  const steps: TreeStep[] = [];
  /** Returns whether there is a sum. */
  const add = (first: number, end: number, place: number): boolean => {
    if (end - first === 1) {
      const range = shardRange(rows, first, count);
      if (range.start === range.end) return false;
      steps.push({ place, shard: first });
      return true;
    }
    const middle = (first + end) / 2;
    const left = add(first, middle, place);
    const right = add(middle, end, left ? place + 1 : place);
    if (left && right) steps.push({ place, shard: null });
    return left || right;
  };
  add(first, end, 0);
  return steps;
}
