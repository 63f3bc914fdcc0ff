/**
 * Which color a run has: that of its slot. Runs take slots in the order in which they are picked, a slot that becomes free goes
 * to the next one, and the address of a comparison has them, so that a run keeps its color while others come and go. A color
 * is a number; theme.css says what it looks like in light and in dark (`--series-0`, ...).
 */

/** How many there are. Each two can be told apart by readers without red, green or blue cones: see palette_test.ts. */
export const COLORS = 6;

/** What tells apart more runs than there are colors: how their lines are broken, in pixels. */
export const DASHES: readonly (readonly number[])[] = [[], [10, 5], [3, 4], [12, 4, 3, 4]];

export interface RunColor {
  /** From 0 to `COLORS - 1`. */
  readonly color: number;
  /** Into `DASHES`. */
  readonly dash: number;
}

/** The look of the runs in a slot, from 0. */
export function slotColor(slot: number): RunColor {
  return { color: slot % COLORS, dash: Math.floor(slot / COLORS) % DASHES.length };
}

/** @param slots of the names; their places without */
export function assignColors(
  names: readonly string[],
  slots: readonly number[] = names.map((_, i) => i),
): Map<string, RunColor> {
  return new Map(names.map((name, i) => [name, slotColor(slots[i] ?? i)]));
}

/** The lowest slot that none has. */
export function freeSlot(taken: Iterable<number>): number {
  const set = new Set(taken);
  let slot = 0;
  while (set.has(slot)) slot++;
  return slot;
}
