/**
 * All that is kept of one run's log: its curves, its last epochs as records, what else it says, and what is wrong with it.
 * Grows with the log, and begins anew where the log was truncated or replaced.
 *
 * A mark remembers how much there was when the log had been read up to some byte, so that anyone who has read so far can be
 * told what came after.
 */

import { LOG_FILE } from "../../lib/run_log/shared/file_names.ts";
import type { LogProblem, RunLog } from "../../lib/run_log/run/reader.ts";
import type {
  EndRecord,
  EpochRecord,
  FallbackRecord,
  ResumeRecord,
  RunRecord,
} from "../../lib/run_log/run/records.ts";
import { columnsOf } from "../shared/curves.ts";
import { MAX_EPOCHS_IN_PAGE, type RunDetail, type RunState } from "../shared/types.ts";
import { CurveTable } from "./curve_table.ts";
import { type FileStat, isContinued, isSame, lookAt, whyUnreadable } from "./log_file.ts";
import { LogFollower, MAX_LOG_BYTES } from "./log_follower.ts";
import { changedOptions } from "./changed_options.ts";
import { idleOptions } from "./idle_options.ts";
import { stateOf } from "./run_state.ts";

/** Epochs of which the curves are kept, 11 MB. */
export const MAX_ROWS = 200_000;

const MAX_PROBLEMS = 100;
const MAX_FALLBACKS = 100;
const MAX_RESUMES = 100;
const MAX_MARKS = 1000;

/** The longest record of a run or a fallback, as JSON; an honest one has 2 kB. */
const MAX_RECORD_LENGTH = 64 * 1024;

/** An honest epoch has a tenth of so many phases. */
const MAX_PHASES = 64;

interface Mark {
  readonly offset: number;
  readonly epochs: number;
  readonly fallbacks: number;
  readonly problems: number;
  readonly end: EndRecord | null;
}

/** What a log has said since a mark. */
type Appended = Pick<RunDetail, "epochs" | "fallbacks" | "end" | "problems">;

export class RunTable {
  /** When it was last asked for, of `performance.now()`. */
  usedAt = 0;
  curves = new CurveTable(MAX_ROWS);
  #follower: LogFollower;
  #stat: FileStat | null = null;
  /** Why the log cannot be read, where it cannot. */
  #unreadable: string | null = null;
  #complete = false;
  #run: RunRecord | null = null;
  #idle: readonly string[] = [];
  #recent: EpochRecord[] = [];
  #fallbacks: FallbackRecord[] = [];
  #resumes: ResumeRecord[] = [];
  #end: EndRecord | null = null;
  #problems: LogProblem[] = [];
  #marks: Mark[] = [];

  constructor(readonly root: string, readonly name: string) {
    this.#follower = new LogFollower(this.#path);
  }

  get #path(): string {
    return `${this.root}/${this.name}/${LOG_FILE}`;
  }

  get offset(): number {
    return this.#follower.offset;
  }

  /** Whether everything that the log had when it was last looked at has been read. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Reads what has been appended, until `deadline` (of `performance.now()`) at the longest. */
  refresh(deadline: number): void {
    const { stat, problem } = lookAt(this.root, this.name, LOG_FILE);
    this.#unreadable = problem;
    this.#complete = true;
    const before = this.#stat;
    this.#stat = stat;
    if (!stat || (before && !isContinued(before, stat))) this.#forget();
    if (!stat) return;
    try {
      if (before && !isSame(before, stat) && this.#follower.isReplaced()) this.#forget();
      this.#complete = this.#follower.read(stat.size, deadline, (records) => this.#add(records));
    } catch (error) {
      this.#unreadable = whyUnreadable(LOG_FILE, error);
    }
  }

  state(now: number): RunState {
    if (this.#unreadable !== null) return "unreadable";
    return stateOf({
      hasRun: this.#run !== null,
      end: this.#end,
      epochMs: this.#recent.at(-1)?.epochMs ?? null,
      modifiedAt: this.#stat?.modifiedAt ?? 0,
    }, now);
  }

  detail(now: number): RunDetail {
    return {
      name: this.name,
      state: this.state(now),
      run: this.#run,
      idle: this.#idle,
      changed: this.#run ? changedOptions(this.#run.config) : [],
      epochs: this.#recent.slice(-MAX_EPOCHS_IN_PAGE),
      epochCount: this.curves.seen,
      fallbacks: [...this.#fallbacks],
      resumes: [...this.#resumes],
      end: this.#end,
      problems: [...this.#aboutTheFile(), ...this.#problems].slice(0, MAX_PROBLEMS),
      offset: this.offset,
    };
  }

  /**
   * What the log has said since it was read up to `offset`; null where that is no end of what was once read, or where it
   * is more than an event carries: then the whole detail is what to send.
   */
  since(offset: number): Appended | null {
    const mark = this.#marks.findLast((mark) => mark.offset === offset);
    if (!mark) return null;
    const epochs = this.curves.seen - mark.epochs;
    if (epochs > MAX_EPOCHS_IN_PAGE) return null;
    return {
      epochs: epochs === 0 ? [] : this.#recent.slice(-epochs),
      fallbacks: this.#fallbacks.slice(mark.fallbacks),
      end: this.#end === mark.end ? null : this.#end,
      problems: this.#problems.slice(mark.problems),
    };
  }

  #forget(): void {
    this.curves = new CurveTable(MAX_ROWS);
    this.#follower = new LogFollower(this.#path);
    [this.#run, this.#end] = [null, null];
    this.#idle = [];
    [this.#recent, this.#fallbacks, this.#resumes, this.#problems, this.#marks] = [
      [],
      [],
      [],
      [],
      [],
    ];
  }

  #add({ run, epochs, fallbacks, resumes, end, problems }: RunLog): void {
    if (this.#marks.length === 0) this.#mark(0);
    if (run && this.#isShort(run)) {
      this.#run = run;
      this.#idle = idleOptions(run.config);
      // It is the first record of a log, so that there is no epoch before.
      if (this.curves.seen === 0) this.curves = new CurveTable(MAX_ROWS, columnsOf(run));
    }
    for (const epoch of epochs) this.curves.add(epoch);
    for (const epoch of epochs.slice(-MAX_EPOCHS_IN_PAGE)) this.#recent.push(clip(epoch));
    // Cut now and then, not at every epoch.
    if (this.#recent.length > 1.25 * MAX_EPOCHS_IN_PAGE) {
      this.#recent = this.#recent.slice(-MAX_EPOCHS_IN_PAGE);
    }
    for (const fallback of fallbacks) {
      if (this.#fallbacks.length < MAX_FALLBACKS && this.#isShort(fallback)) {
        this.#fallbacks.push(fallback);
      }
    }
    if (resumes.length > 0) {
      this.#resumes = [...this.#resumes, ...resumes].slice(-MAX_RESUMES)
        .filter((resume) => this.#isShort(resume));
      this.#end = null;
      // An end that counts no more is nothing that was appended: anyone who follows is sent everything.
      this.#marks = [];
    }
    if (end) this.#end = end;
    this.#problems.push(...problems.slice(0, MAX_PROBLEMS - this.#problems.length));
    this.#mark(this.offset);
  }

  #mark(offset: number): void {
    if (this.#marks.length === MAX_MARKS) this.#marks = this.#marks.slice(MAX_MARKS / 2);
    this.#marks.push({
      offset,
      epochs: this.curves.seen,
      fallbacks: this.#fallbacks.length,
      problems: this.#problems.length,
      end: this.#end,
    });
  }

  #isShort(record: RunRecord | FallbackRecord | ResumeRecord): boolean {
    const { length } = JSON.stringify(record);
    if (length <= MAX_RECORD_LENGTH) return true;
    if (this.#problems.length < MAX_PROBLEMS) {
      const message =
        `its ${record.type} record has ${length} characters; the most that is shown ` +
        `is ${MAX_RECORD_LENGTH}`;
      this.#problems.push({ line: 0, message });
    }
    return false;
  }

  /** Problems that belong to no line: line 0. */
  #aboutTheFile(): LogProblem[] {
    const messages: string[] = [];
    const size = this.#stat?.size ?? 0;
    if (this.#unreadable !== null) messages.push(this.#unreadable);
    else if (size === 0) messages.push("the log is empty");
    else if (!this.#run && this.#complete) messages.push("the log has no usable run record");
    if (!this.#complete) {
      messages.push(`${this.offset} of ${size} bytes have been read so far; the rest follows`);
    } else if (size > MAX_LOG_BYTES) {
      messages.push(`the log has ${size} bytes; the first ${MAX_LOG_BYTES} are read`);
    }
    if (this.#follower.unfinished > 0) {
      messages.push(`its last line has ${this.#follower.unfinished} bytes and no end`);
    }
    const { stride, seen } = this.curves;
    if (stride > 1) messages.push(`it has ${seen} epochs; curves show one of ${stride}`);
    return messages.map((message) => ({ line: 0, message }));
  }
}

/** A stranger's epoch may have any number of phases and metrics, with names of any length. */
function clip(epoch: EpochRecord): EpochRecord {
  const { phasesMs, train, validation } = epoch;
  const parts = { phasesMs, ...train ? { train } : {}, ...validation ? { validation } : {} };
  const isShort = (name: string) => name.length <= MAX_PHASES;
  if (
    Object.values(parts).every((part) => {
      const names = Object.keys(part);
      return names.length <= MAX_PHASES && names.every(isShort);
    })
  ) return epoch;
  const clipped = Object.entries(parts).map(([key, part]) => {
    const kept = Object.entries(part).filter(([name]) => isShort(name)).slice(0, MAX_PHASES);
    return [key, Object.fromEntries(kept)];
  });
  return { ...epoch, ...Object.fromEntries(clipped) };
}
