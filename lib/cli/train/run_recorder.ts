/** Turns the events of a training run into the files of its folder. */
import { messageOf, WeftError } from "../../errors.ts";
import { encodeModel } from "../../model/model_file.ts";
import { lossPlotSvg } from "../../report/loss_plot.ts";
import { HeldFolder, LostFolderError } from "../../run_log/shared/held_folder.ts";
import type { RunFolder } from "../../run_log/run/run_folder.ts";
import {
  type EndRecord,
  type EpochRecord,
  type FallbackRecord,
  type LogRecord,
  type ResumeRecord,
  type RunRecord,
  SCHEMA,
  type TrialMark,
} from "../../run_log/run/records.ts";
import { startTrial } from "../../run_log/search/trial_folder.ts";
import { RunLogWriter } from "../../run_log/run/writer.ts";
import type {
  Beginning,
  CheckpointEvent,
  EndEvent,
  EpochEvent,
  FallbackEvent,
  ResumeEvent,
  StartEvent,
} from "../../train/events.ts";
import { Checkpoints } from "./checkpoints.ts";
import { divergence } from "./divergence.ts";
import { lossCurves } from "./loss_curves.ts";
import {
  environmentOf,
  epochRecord,
  measuredOf,
  NOTHING_MEASURED,
  type RunFacts,
  runRecord,
} from "./records.ts";
import type { ResumableRun } from "./resumable_run.ts";
import {
  INSPECTION_FILE,
  LAST_MODEL_FILE,
  LOG_FILE,
  LOSS_PLOT_FILE,
  MODEL_FILE,
} from "../../run_log/shared/file_names.ts";
import { runsFolder } from "../places.ts";
import { makeRunFolder } from "../task_line.ts";

/**
 * The folder comes into being when the run starts, so that data that cannot be trained on leave
 * nothing behind. Every record that is written goes to `onRecord` too.
 */
export class RunRecorder implements Disposable {
  readonly epochs: EpochRecord[] = [];
  /** Names of what has been written so far. */
  readonly files: string[] = [];
  #run:
    | { readonly folder: RunFolder; readonly held: HeldFolder; readonly log: RunLogWriter }
    | null = null;
  #ended = false;
  /** The last epoch that the log had when the run continued: epochs up to it are not written again. */
  #lastLogged = 0;
  /** How long it had been trained until then. */
  #elapsedMs = 0;
  /** Of the log: one that an earlier version began stays as it is. */
  #schema = SCHEMA;
  #checkpointProblem: string | null = null;
  /** By the clock that nobody sets. */
  readonly #startedMs = performance.now();

  constructor(
    readonly facts: RunFacts,
    readonly onRecord: (record: LogRecord) => void = () => {},
  ) {}

  /** The run's folder. */
  get path(): string {
    return this.#started.folder.path;
  }

  get name(): string {
    return this.#started.folder.name;
  }

  /** Makes the folder and begins the log, or continues with it. */
  start(event: StartEvent | ResumeEvent): void {
    const { name: named } = this.facts;
    if (typeof named === "object" && "log" in named) this.#resume(named, event);
    else if (typeof named === "string" && this.facts.trial) {
      this.#beginTrial(named, this.facts.trial, event);
    } else this.#begin(makeRunFolder(named), event);
  }

  #begin(folder: RunFolder, event: Beginning): void {
    const held = HeldFolder.at(folder.path);
    this.#run = { folder, held, log: RunLogWriter.create(`${folder.path}/${LOG_FILE}`) };
    this.files.push(LOG_FILE);
    this.#write<RunRecord>(runRecord(folder.name, this.facts, event));
  }

  #beginTrial(name: string, mark: TrialMark, event: Beginning): void {
    const record = { ...runRecord(name, this.facts, event), trial: mark };
    const { folder, log } = startTrial(runsFolder(), record, mark);
    this.#run = { folder, held: HeldFolder.at(folder.path), log };
    this.files.push(LOG_FILE);
    this.onRecord(record);
  }

  #resume(
    { folder, record, log, epochs, elapsedMs }: ResumableRun,
    event: StartEvent | ResumeEvent,
  ): void {
    this.#schema = record.schema;
    this.#elapsedMs = elapsedMs;
    this.#run = { folder, held: HeldFolder.at(folder.path), log };
    this.files.push(LOG_FILE);
    this.epochs.push(...epochs);
    this.#lastLogged = epochs.at(-1)?.epoch ?? 0;
    const { epoch, batch } = event.type === "resume" ? event : { epoch: 0, batch: 0 };
    this.#write<ResumeRecord>({
      type: "resume",
      resumedAt: this.facts.startedAt.toISOString(),
      epoch,
      batch,
      environment: environmentOf(event),
      ...(this.facts.processes ? { processes: this.facts.processes } : {}),
    });
  }

  /** @throws {LostFolderError} where the folder was removed or replaced meanwhile */
  epoch(event: EpochEvent): void {
    this.#requireInPlace();
    if (event.epoch <= this.#lastLogged) return;
    this.#write<EpochRecord>(epochRecord(event, this.#schema));
    this.epochs.push(event);
  }

  /**
   * Writes a checkpoint, after the epochs that it has. Training is worth more than a place to continue from, so where none can be written it continues, and
   * `onProblem` is told once.
   *
   * @throws {LostFolderError} where the folder was removed or replaced meanwhile
   */
  async checkpoint(event: CheckpointEvent, onProblem: (message: string) => void): Promise<void> {
    this.#requireInPlace();
    try {
      // Else a power cut could leave a checkpoint of epochs that the log has lost, and nobody trains again.
      this.#started.log.sync();
      await new Checkpoints(this.#started.held).write(event);
      this.#checkpointProblem = null;
    } catch (error) {
      if (!(error instanceof WeftError) || error instanceof LostFolderError) throw error;
      if (this.#checkpointProblem === null) onProblem(error.message);
      this.#checkpointProblem = error.message;
    }
  }

  fallback(event: FallbackEvent): void {
    this.#write<FallbackRecord>(event);
  }

  /**
   * Writes the model, a look into it, the plot, and then the record that says that the run is over. Where one of
   * the files cannot be written, the record keeps what was measured, and says that the run failed.
   */
  async end(event: EndEvent): Promise<void> {
    const measured = measuredOf(event, this.#schema);
    try {
      this.#requireInPlace();
      await this.#writeFiles(event);
      this.#requireInPlace();
    } catch (error) {
      this.#tryToEnd({ status: "failed", ...measured, error: messageOf(error) });
      throw error;
    }
    const error = divergence(event);
    this.#end({ status: event.status, ...measured, ...(error === null ? {} : { error }) });
  }

  /** Records that the run failed, if it has started and can still be recorded. */
  fail(error: unknown): void {
    if (!this.#run || this.#ended) return;
    this.#tryToEnd({
      status: "failed",
      ...NOTHING_MEASURED,
      totalMs: this.#elapsedMs + performance.now() - this.#startedMs,
      error: messageOf(error),
    });
  }

  [Symbol.dispose](): void {
    this.#run?.log.close();
  }

  get #started() {
    if (!this.#run) throw new Error("The run has not started");
    return this.#run;
  }

  #requireInPlace(): void {
    const { held, log } = this.#started;
    log.requireInPlace(held);
  }

  async #writeFiles({ model, lastModel }: EndEvent): Promise<void> {
    const { name } = this.#started.folder;
    if (model) {
      await this.#writeFile(MODEL_FILE, encodeModel(model));
      if (lastModel) await this.#writeFile(LAST_MODEL_FILE, encodeModel(lastModel));
      const inspection = await this.facts.inspect?.(model);
      if (inspection) await this.#writeFile(INSPECTION_FILE, JSON.stringify(inspection));
    }
    if (this.epochs.length === 0) return;
    await this.#writeFile(
      LOSS_PLOT_FILE,
      lossPlotSvg({
        title: name,
        ...lossCurves(this.epochs, this.facts.description?.task),
      }),
    );
  }

  async #writeFile(name: string, contents: Uint8Array | string): Promise<void> {
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    await this.#started.held.write(name, bytes);
    this.files.push(name);
  }

  #end(record: Omit<EndRecord, "type">): void {
    this.#write<EndRecord>({ type: "end", ...record });
    this.#ended = true;
  }

  #tryToEnd(record: Omit<EndRecord, "type">): void {
    try {
      this.#end(record);
    } catch {
      // The log itself is what failed (a full disk): the error that led here says so.
    }
  }

  #write<T extends LogRecord>(record: T): void {
    this.#started.log.write(record);
    this.onRecord(record);
  }
}
