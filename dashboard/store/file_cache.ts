/** What was made of files, kept until they change, so that none is parsed twice; bounded, the latest is always kept. */

import { type FileStat, isSame, lookAt, readWhole } from "./log_file.ts";

interface CacheSettings<T> {
  /** The file's name in its folder. */
  readonly file: string;
  /** Bytes; a longer file is not read. */
  readonly most: number;
  readonly parse: (bytes: Uint8Array) => T;
  /** Makes the same of a file that cannot be read; `problem` is a sentence without a full stop. */
  readonly refuse: (problem: string) => T;
  /** Bytes of all files of which something is kept, and how many those are. */
  readonly keptBytes: number;
  readonly keptFiles: number;
}

interface Kept<T> {
  readonly stat: FileStat;
  readonly value: T;
}

export class FileCache<T> {
  /** By path, the one that was asked for last at the end. */
  readonly #kept = new Map<string, Kept<T>>();

  constructor(readonly settings: CacheSettings<T>) {}

  /** Whether `get` would have to read and parse it. */
  isKept(root: string, name: string): boolean {
    const { stat } = lookAt(root, name, this.settings.file);
    const kept = this.#kept.get(`${root}/${name}`);
    return stat !== null && kept !== undefined && isSame(kept.stat, stat);
  }

  /** @param name one that `isFolderName` accepts */
  get(root: string, name: string): T {
    const { file, most, parse, refuse } = this.settings;
    const path = `${root}/${name}`;
    const { stat, problem } = lookAt(root, name, file);
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    if (!stat) return refuse(problem);
    if (kept && isSame(kept.stat, stat)) {
      this.#kept.set(path, kept);
      return kept.value;
    }
    const read = readWhole(root, name, file, most);
    // May be another time what it is not now: no memory, too many open files.
    if (!read.bytes) return refuse(read.problem);
    const value = parse(read.bytes);
    this.#kept.set(path, { stat, value });
    this.#trim();
    return value;
  }

  #trim(): void {
    const { keptBytes, keptFiles } = this.settings;
    let bytes = 0;
    for (const { stat } of this.#kept.values()) bytes += stat.size;
    for (const [path, { stat }] of this.#kept) {
      const isLatest = this.#kept.size === 1;
      if (isLatest || (bytes <= keptBytes && this.#kept.size <= keptFiles)) return;
      this.#kept.delete(path);
      bytes -= stat.size;
    }
  }
}
