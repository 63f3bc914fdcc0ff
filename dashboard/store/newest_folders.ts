/**
 * Which folders below the folder of runs are listed, where there are more than a list can hold: the ones that were changed
 * last. When a folder was changed is looked up once, and again now and then, a few folders at a time.
 */

import { isFolderName } from "./log_file.ts";

/** Folders that are looked up again in one go, a millisecond or two. */
const AT_ONCE = 200;

export class NewestFolders {
  /** When each was changed, in milliseconds since 1970; the one that was looked up last at the end. */
  readonly #changedAt = new Map<string, number>();
  /** Folders that were not listed the last time. */
  left = 0;

  /** @param most names that are listed */
  constructor(readonly root: string, readonly most: number) {}

  /** @throws as `Deno.readDirSync` does */
  list(): Set<string> {
    const names = new Set<string>();
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(this.root)) {
      if (isFolderName(name) && (isDirectory || isSymlink)) names.add(name);
    }
    this.left = Math.max(0, names.size - this.most);
    if (this.left === 0) {
      this.#changedAt.clear();
      return names;
    }
    this.#lookUp(names);
    const changedAt = (name: string) => this.#changedAt.get(name) ?? 0;
    const newest = [...names].sort((a, b) => changedAt(b) - changedAt(a) || (a < b ? 1 : -1));
    return new Set(newest.slice(0, this.most));
  }

  #lookUp(names: ReadonlySet<string>): void {
    for (const name of this.#changedAt.keys()) if (!names.has(name)) this.#changedAt.delete(name);
    const again = [...this.#changedAt.keys()].slice(0, AT_ONCE);
    for (const name of again) this.#changedAt.delete(name);
    for (const name of names) {
      if (this.#changedAt.has(name)) continue;
      this.#changedAt.set(name, changeOf(`${this.root}/${name}`));
    }
  }
}

/** 0 if it is gone, or may not be looked at. */
function changeOf(path: string): number {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
