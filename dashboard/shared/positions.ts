/**
 * How far logs have been read, as a text: `a@120,b@64`. It is the query of the live stream and the id of each of its
 * events, so that a page that connects and one that comes back say the same thing. A name is percent-encoded in it,
 * because a folder may be called anything.
 */

/** A run and how many bytes of its log are known; null: none, and all shall be sent. */
export interface Position {
  readonly name: string;
  readonly offset: number | null;
}

/** `a@120,b` of positions. */
export function formatPositions(positions: readonly Position[]): string {
  return positions.map(({ name, offset }) =>
    encodeURIComponent(name) + (offset === null ? "" : `@${offset}`)
  ).join(",");
}

/** The positions in a text; what cannot be understood is left out. Each name comes once. */
export function parsePositions(text: string): Position[] {
  const positions = new Map<string, Position>();
  for (const part of text.split(",")) {
    const [, encoded, digits] = /^([^@]+)(?:@(\d{1,15}))?$/.exec(part) ?? [];
    const name = encoded === undefined ? null : decode(encoded);
    if (name === null) continue;
    positions.set(name, { name, offset: digits === undefined ? null : Number(digits) });
  }
  return [...positions.values()];
}

/** The address of the live stream that follows runs from where `details` end. */
export function liveAddress(details: readonly Position[] = []): string {
  if (details.length === 0) return "/api/events";
  return `/api/events?runs=${encodeURIComponent(formatPositions(details))}`;
}

/**
 * The address of the comparison of runs.
 *
 * @param slots that the runs' colors follow from; their places without
 */
export function compareAddress(names: readonly string[], slots?: readonly number[]): string {
  const positions = names.map((name) => ({ name, offset: null }));
  const address = `/compare?runs=${encodeURIComponent(formatPositions(positions))}`;
  return !slots || slots.every((slot, i) => slot === i) ? address : `${address}&slots=${slots}`;
}

/** The slots in an address, each once; null where it has none that can be used. */
export function parseSlots(text: string | null): number[] | null {
  if (text === null || !/^\d{1,3}(,\d{1,3})*$/.test(text)) return null;
  const slots = text.split(",").map(Number);
  return new Set(slots).size === slots.length ? slots : null;
}

/** The address of the model that a run has saved. */
export function modelAddress(name: string): string {
  return `/api/runs/${encodeURIComponent(name)}/model`;
}

/** The address of a run's page. */
export function runAddress(name: string): string {
  return `/runs/${encodeURIComponent(name)}`;
}

/** The address of a search's page. */
export function searchAddress(name: string): string {
  return `/searches/${encodeURIComponent(name)}`;
}

/** The address of the page of runs that differ by their seed or fold. */
export function seriesAddress(name: string): string {
  return `/series/${encodeURIComponent(name)}`;
}

/** The address of a run's whole curves (curves.ts). */
export function curvesAddress(name: string): string {
  return `/api/runs/${encodeURIComponent(name)}/curves`;
}

/** Null where the text is no percent-encoding. */
function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
