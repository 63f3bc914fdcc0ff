/**
 * Which color a run has: the same on every page and every day, because it follows from the run's name. A color is a
 * number; theme.css says what it looks like in light and in dark (`--series-0`, ...).
 */

/** How many colors there are that color-blind readers tell apart. */
export const COLORS = 8;

/** What tells apart more runs than there are colors: how their lines are broken, in pixels. */
export const DASHES: readonly (readonly number[])[] = [[], [10, 5], [3, 4], [12, 4, 3, 4]];

export interface RunColor {
  /** From 0 to `COLORS - 1`. */
  readonly color: number;
  /** Into `DASHES`. */
  readonly dash: number;
}

/** The color that a run has where nothing else wants it. */
export function ownColor(name: string): number {
  return hash(name) % COLORS;
}

/**
 * Colors for runs that are shown together. Each gets its own color where that is free, else the next one that is free;
 * names decide who comes first, so that the order of the runs does not matter.
 */
export function assignColors(names: readonly string[]): Map<string, RunColor> {
  const colors = new Map<string, RunColor>();
  const taken = new Array<number>(COLORS).fill(0);
  for (const name of [...new Set(names)].sort()) {
    const uses = Math.min(...taken);
    let color = ownColor(name);
    while (taken[color] > uses) color = (color + 1) % COLORS;
    colors.set(name, { color, dash: taken[color] % DASHES.length });
    taken[color]++;
  }
  return colors;
}

/** FNV-1a over UTF-16 units, with a last mixing, because the lowest bits alone pick the color. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}
