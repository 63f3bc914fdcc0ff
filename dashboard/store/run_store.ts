/**
 * All runs below one folder, as far as they have been read. Looks at the folder when it is asked, and regularly while
 * somebody listens; reads logs in small pieces in between, so that it can always answer; keeps a bounded part of them.
 */

import {
  COMPARISON_FILE,
  LOG_FILE,
  MODEL_FILE,
  SEARCH_FILE,
  SUMMARY_FILE,
} from "../../lib/run_log/shared/file_names.ts";
import type { RunDetail, RunSummary } from "../shared/types.ts";
import { isFolderName, lookAt, whyUnreadable } from "./log_file.ts";
import { NewestFolders } from "./newest_folders.ts";
import { RunEntry } from "./run_entry.ts";
import { MAX_ROWS, RunTable } from "./run_table.ts";
import { turn } from "./turn.ts";

/** Between two looks at the folder while somebody listens. */
const LOOK_MS = 250;

/** After a look that took long, as with very many folders, so many times as long passes before the next. */
const REST = 5;

/** Reading in one go: a frame of somebody who waits for an answer. */
const PIECE_MS = 12;

/** A page that was asked for is drawn within this time, and needs the processor itself: reading continues, but slowly. */
const DRAWING_MS = 700;
const DRAWING_PAUSE_MS = 10 * PIECE_MS;

/** For the part of a log that an answer waits for; the rest follows by the live stream. */
const ANSWER_MS = 300;

/** Runs that are listed: the ones whose folders were changed last. */
export const MAX_RUNS = 2000;

/** Runs whose curves are kept, and rows of all of them together, 22 MB. */
const MAX_TABLES = 24;
const MAX_ALL_ROWS = 2 * MAX_ROWS;

/** A run that was not asked for during this time is watched by nobody. */
const IDLE_MS = 10_000;

/** A run in the list, with the number of the change: each is larger than the one before. */
interface Listed {
  readonly entry: RunEntry;
  readonly change: number;
  /** When it was found, in milliseconds since 1970. */
  readonly changedAt: number;
}

export class RunStore {
  readonly #runs = new Map<string, Listed>();
  readonly #tables = new Map<string, RunTable>();
  readonly #listeners = new Set<() => void>();
  #change = 0;
  #others: readonly string[] = [];
  #lookedAt = -Infinity;
  /** What the last look took. */
  #lookMs = 0;
  readonly #folders: NewestFolders;
  #isReading = false;
  /** When a page was last asked for. */
  #askedAt = -Infinity;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Why there are no runs, in a sentence, where the folder cannot be read. */
  problem: string | null = null;

  /** @param root the folder of runs; it need not exist yet */
  constructor(readonly root: string) {
    this.#folders = new NewestFolders(root, MAX_RUNS);
  }

  /** Folders that are older than those in the list, which has no room for them. */
  get left(): number {
    return this.#folders.left;
  }

  /** The number of the last change. */
  get change(): number {
    return this.#change;
  }

  /** Names of folders that are no runs, but have a file of a search, a series or a comparison. */
  get others(): readonly string[] {
    this.#look();
    return this.#others;
  }

  /** The runs, in no order; summaries of long logs that have not been read whole are made of a few places. */
  list(): Listed[] {
    this.#look();
    return [...this.#runs.values()];
  }

  /** Summaries, the run that started last first. */
  summaries(): RunSummary[] {
    this.#askedAt = performance.now();
    const summaries = this.list().map(({ entry }) => entry.summary);
    const key = ({ startedAt, name }: RunSummary) => `${startedAt ?? ""} ${name}`;
    return summaries.sort((a, b) => key(a) < key(b) ? 1 : -1);
  }

  /** Whether there is a run of that name, readable or not, and in the list or not. */
  has(name: string): boolean {
    if (!isFolderName(name)) return false;
    if (this.#runs.has(name)) return true;
    return isFolder(`${this.root}/${name}`) && !this.#isNoRun(name);
  }

  /** A run's log as far as it can be read soon; null where there is no such run. */
  async table(name: string): Promise<RunTable | null> {
    if (!this.has(name)) return null;
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, table = new RunTable(this.root, name));
    const giveUpAt = performance.now() + ANSWER_MS;
    do {
      table.usedAt = performance.now();
      table.refresh(performance.now() + PIECE_MS);
      if (table.isComplete) break;
      this.#trim();
      await turn();
    } while (performance.now() < giveUpAt);
    this.#trim();
    return table;
  }

  /** Null where there is no such run. */
  async detail(name: string): Promise<RunDetail | null> {
    this.#askedAt = performance.now();
    return (await this.table(name))?.detail(Date.now()) ?? null;
  }

  /**
   * Calls `listener` a few times a second, after a look at the folder.
   *
   * @returns ends it
   */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      this.#look();
      for (const listener of this.#listeners) listener();
    }, LOOK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Looks at the folder and at every log, unless it was done within `maxAge` ms. */
  #look(maxAge = LOOK_MS / 2): void {
    const now = performance.now();
    if (now - this.#lookedAt < Math.max(maxAge, REST * this.#lookMs)) return;
    const names = this.#names();
    if (!names) return;
    for (const name of this.#runs.keys()) {
      if (!names.has(name)) {
        this.#runs.delete(name);
        this.#tables.delete(name);
      }
    }
    const others: string[] = [];
    for (const name of names) {
      const known = this.#runs.get(name);
      const entry = known?.entry ?? new RunEntry(this.root, name);
      const isOther = entry.refresh(Date.now());
      if (!known && !entry.hasLog && this.#isNoRun(name)) {
        others.push(name);
        continue;
      }
      if (isOther || !known) this.#changed(entry);
    }
    this.#others = others;
    this.#lookedAt = performance.now();
    this.#lookMs = this.#lookedAt - now;
    this.#readOn();
  }

  /** Names of the folders, at most `MAX_RUNS`; null where the folder cannot be read for now, and what is known stays. */
  #names(): Set<string> | null {
    this.problem = null;
    try {
      return this.#folders.list();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Set();
      this.problem = whyUnreadable("the folder of runs", error);
      return null;
    }
  }

  /** Folders of comparisons, searches, summaries of several runs and imported models are no runs: they have no log. */
  #isNoRun(name: string): boolean {
    const has = (file: string) => lookAt(this.root, name, file).stat !== null;
    return !has(LOG_FILE) && [COMPARISON_FILE, SEARCH_FILE, SUMMARY_FILE, MODEL_FILE].some(has);
  }

  #changed(entry: RunEntry): void {
    const change = ++this.#change;
    this.#runs.set(entry.name, { entry, change, changedAt: Date.now() });
  }

  /** Reads what is behind, a little at a time, until nothing is. */
  async #readOn(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    for (let behind = this.#behind(); behind.length > 0; behind = this.#behind()) {
      for (const entry of behind) {
        // As long as it reads, so that anyone who asks for something need not wait for more than that.
        const isDrawing = performance.now() - this.#askedAt < DRAWING_MS;
        await turn(isDrawing ? DRAWING_PAUSE_MS : PIECE_MS);
        // Short logs are done in one go; a long one leaves the others their turn.
        if (entry.readOn(Date.now(), performance.now() + PIECE_MS)) this.#changed(entry);
      }
    }
    this.#isReading = false;
  }

  #behind(): RunEntry[] {
    return [...this.#runs.values()].map(({ entry }) => entry).filter(({ isBehind }) => isBehind);
  }

  /** Forgets runs that nobody has looked at for the longest time, and thins out the rest where they are too many. */
  #trim(): void {
    const tables = [...this.#tables.values()].sort((a, b) => a.usedAt - b.usedAt);
    const rows = () => tables.reduce((sum, { curves }) => sum + curves.rows, 0);
    const idleSince = performance.now() - IDLE_MS;
    const isTooMuch = () => rows() > MAX_ALL_ROWS && tables[0].usedAt < idleSince;
    while (tables.length > MAX_TABLES || isTooMuch()) this.#tables.delete(tables.shift()!.name);
    while (rows() > MAX_ALL_ROWS) {
      tables.reduce((a, b) => a.curves.rows > b.curves.rows ? a : b).curves.halve();
    }
  }
}

/** A link is shown, and why it is not followed. */
function isFolder(path: string): boolean {
  try {
    const { isDirectory, isSymlink } = Deno.lstatSync(path);
    return isDirectory || isSymlink;
  } catch {
    return false;
  }
}
