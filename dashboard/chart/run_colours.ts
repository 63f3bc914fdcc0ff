/**
 * Which colour a run has: the same on every page and every day, because it follows from the run's name. A colour is a
 * number; theme.css says what it looks like in light and in dark (`--series-0`, ...).
 */

/** How many colours there are that colour-blind readers tell apart. */
export const COLOURS = 8;

/** What tells apart more runs than there are colours: how their lines are broken, in pixels. */
export const DASHES: readonly (readonly number[])[] = [[], [10, 5], [3, 4], [12, 4, 3, 4]];

export interface RunColour {
  /** From 0 to `COLOURS - 1`. */
  readonly colour: number;
  /** Into `DASHES`. */
  readonly dash: number;
}

/** The colour that a run has where nothing else wants it. */
export function ownColour(name: string): number {
  return hash(name) % COLOURS;
}

/**
 * Colours for runs that are shown together. Each gets its own colour where that is free, else the next one that is free;
 * names decide who comes first, so that the order of the runs does not matter.
 */
export function assignColours(names: readonly string[]): Map<string, RunColour> {
  const colours = new Map<string, RunColour>();
  const taken = new Array<number>(COLOURS).fill(0);
  for (const name of [...new Set(names)].sort()) {
    const uses = Math.min(...taken);
    let colour = ownColour(name);
    while (taken[colour] > uses) colour = (colour + 1) % COLOURS;
    colours.set(name, { colour, dash: taken[colour] % DASHES.length });
    taken[colour]++;
  }
  return colours;
}

/** FNV-1a over UTF-16 units, with a last mixing, because the lowest bits alone pick the colour. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}
