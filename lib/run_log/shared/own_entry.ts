/** The entry of an object that came from a file, where keys may have any name. */

/** Undefined where there is none: also under names that every object has by birth, such as `toString`. */
export function ownEntry<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
