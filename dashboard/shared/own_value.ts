/**
 * The value of a key that a stranger's file has named. Such a key may be called as what every object inherits, `toString`,
 * and where this one lacks it, it has none.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
