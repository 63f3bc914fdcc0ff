/**
 * One run in the list: its summary, made anew when its log has changed. Of a log that has much to read, a few places are
 * read first; `readOn` reads the rest of it when there is time.
 */

import { LOG_FILE } from "../../lib/run_log/shared/file_names.ts";
import type { RunSummary } from "../shared/types.ts";
import { type FileStat, isContinued, isSame, lookAt } from "./log_file.ts";
import { LogFollower } from "./log_follower.ts";
import { SKIM_FROM_BYTES, skimLog } from "./skim_log.ts";
import { SummaryFacts, unreadableSummary } from "./summary_facts.ts";

export class RunEntry {
  #stat: FileStat | null = null;
  /** Reads the log from its beginning; `#whole` is what it has found. */
  #follower: LogFollower;
  #whole = new SummaryFacts();
  /** What the summary is made of: `#whole` where all has been read, or a few places; null where nothing can be read. */
  #facts: SummaryFacts | null = null;
  #summary: RunSummary | null = null;
  /** Whether it could not be read the last time, which may pass: too many files are open, a disk is away. */
  #hasFailed = false;

  constructor(readonly root: string, readonly name: string) {
    this.#follower = new LogFollower(this.#path);
  }

  get #path(): string {
    return `${this.root}/${this.name}/${LOG_FILE}`;
  }

  get summary(): RunSummary {
    return this.#summary ?? unreadableSummary(this.name);
  }

  /** Whether there is a log that can be looked at. */
  get hasLog(): boolean {
    return this.#stat !== null;
  }

  /** Whether the log has a part that is still to be read. */
  get isBehind(): boolean {
    return this.#facts !== null && this.#facts !== this.#whole;
  }

  /**
   * Looks whether the log has changed, and reads a little of it if so.
   *
   * @param now milliseconds since 1970
   * @returns whether the summary is another than before
   */
  refresh(now: number): boolean {
    const { stat } = lookAt(this.root, this.name, LOG_FILE);
    const before = this.#stat;
    this.#stat = stat;
    if (stat && before && isSame(before, stat) && !this.#hasFailed) {
      return this.#mayStall() && this.#summarize(now);
    }
    if (!stat || !before || !isContinued(before, stat)) this.#forget();
    return stat ? this.#attempt(now, () => this.#readSome(stat.size)) : this.#summarize(now);
  }

  /**
   * Reads on what is left to be read, until `deadline` (of `performance.now()`).
   *
   * @returns whether the summary is another than before
   */
  readOn(now: number, deadline: number): boolean {
    return this.#attempt(now, () => this.#read(this.#stat?.size ?? 0, deadline));
  }

  #readSome(size: number): void {
    if (this.#follower.isReplaced()) this.#forget();
    if (size - this.#follower.offset <= SKIM_FROM_BYTES) this.#read(size, Infinity);
    else {
      this.#facts = new SummaryFacts();
      this.#facts.add({ ...skimLog(this.#path, size), problems: [] });
    }
  }

  #read(size: number, deadline: number): void {
    const atEnd = this.#follower.read(size, deadline, (records) => this.#whole.add(records));
    if (atEnd) this.#facts = this.#whole;
  }

  #attempt(now: number, action: () => void): boolean {
    this.#hasFailed = false;
    try {
      action();
    } catch {
      this.#hasFailed = true;
      // It could be looked at a moment ago and cannot be read now; the run's page says why.
      this.#forget();
    }
    return this.#summarize(now);
  }

  #forget(): void {
    this.#follower = new LogFollower(this.#path);
    this.#whole = new SummaryFacts();
    this.#facts = null;
  }

  /** Only time changes what is said of a log that has not changed. */
  #mayStall(): boolean {
    return this.#summary?.state === "running";
  }

  #summarize(now: number): boolean {
    const modifiedAt = this.#stat?.modifiedAt ?? 0;
    const summary = this.#facts?.summary(this.name, modifiedAt, now) ??
      unreadableSummary(this.name);
    if (JSON.stringify(summary) === JSON.stringify(this.#summary)) return false;
    this.#summary = summary;
    return true;
  }
}
