/** Turns the events of a training run into the files of its folder. */
import { messageOf } from "../errors.ts";
import { encodeModel } from "../model/model_file.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import type { RunFolder } from "../run_log/run_folder.ts";
import { type EndRecord, type EpochRecord, type LogRecord, SCHEMA } from "../run_log/schema.ts";
import type { ConfigValue, RunDataset, RunRecord } from "../run_log/schema.ts";
import { RunLogWriter } from "../run_log/writer.ts";
import type { EndEvent, EpochEvent, StartEvent } from "../train/events.ts";
import { LOG_FILE, LOSS_PLOT_FILE, MODEL_FILE } from "./run_files.ts";

/** What is known of a run before it starts. */
export interface RunFacts {
  readonly startedAt: Date;
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly dataset: Omit<RunDataset, "train" | "validation">;
}

/** Every method hands the record that it wrote to `onRecord` too. */
export class RunRecorder implements Disposable {
  readonly epochs: EpochRecord[] = [];
  readonly #log: RunLogWriter;
  #ended = false;

  constructor(
    readonly folder: RunFolder,
    readonly facts: RunFacts,
    readonly onRecord: (record: LogRecord) => void = () => {},
  ) {
    this.#log = RunLogWriter.create(`${folder.path}/${LOG_FILE}`);
  }

  start(event: StartEvent): void {
    const { startedAt, config, dataset } = this.facts;
    const { backend, threads, simd, adapter } = event.environment;
    this.#write<RunRecord>({
      type: "run",
      schema: SCHEMA,
      name: this.folder.name,
      startedAt: startedAt.toISOString(),
      config,
      dataset: { ...dataset, train: event.trainRows, validation: event.validationRows },
      environment: {
        deno: Deno.version.deno,
        v8: Deno.version.v8,
        os: Deno.build.os,
        arch: Deno.build.arch,
        cpus: navigator.hardwareConcurrency,
        backend,
        threads,
        simd,
        adapter,
      },
      parameters: event.parameters,
    });
  }

  epoch(event: EpochEvent): void {
    this.#write<EpochRecord>(event);
    this.epochs.push(event);
  }

  /** Writes the model, the plot, and then the record that says that the run is over. */
  async end(event: EndEvent): Promise<void> {
    const { path, name } = this.folder;
    if (event.model) {
      await writeFileAtomically(`${path}/${MODEL_FILE}`, encodeModel(event.model));
    }
    if (this.epochs.length > 0) {
      // Imported now, because a charting library takes longer to load than training takes to start.
      const { lossPlotSvg } = await import("../report/loss_plot.ts");
      const svg = lossPlotSvg({ title: name, ...lossCurves(this.epochs) });
      await writeFileAtomically(`${path}/${LOSS_PLOT_FILE}`, new TextEncoder().encode(svg));
    }
    const error = divergence(event);
    this.#end({
      status: event.status,
      validationAccuracy: event.validationAccuracy,
      testAccuracy: event.testAccuracy,
      testLoss: event.testLoss,
      confusionMatrix: event.confusionMatrix,
      perClass: event.perClass,
      totalMs: event.totalMs,
      ...(error === null ? {} : { error }),
    });
  }

  /** Records that the run failed, if it can still be recorded. */
  fail(error: unknown): void {
    if (this.#ended) return;
    try {
      this.#end({
        status: "failed",
        validationAccuracy: null,
        testAccuracy: null,
        testLoss: null,
        confusionMatrix: null,
        perClass: null,
        totalMs: Date.now() - this.facts.startedAt.getTime(),
        error: messageOf(error),
      });
    } catch {
      // The log itself is what failed (a full disk): the error that led here says so.
    }
  }

  [Symbol.dispose](): void {
    this.#log.close();
  }

  #end(record: Omit<EndRecord, "type">): void {
    this.#write<EndRecord>({ type: "end", ...record });
    this.#ended = true;
  }

  #write<T extends LogRecord>(record: T): void {
    this.#log.write(record);
    this.onRecord(record);
  }
}

/** Losses by epoch. */
export function lossCurves(epochs: readonly EpochRecord[]) {
  return {
    trainLoss: epochs.map((epoch) => epoch.trainLoss),
    validationLoss: epochs.map((epoch) => epoch.validationLoss),
  };
}

/** A line on where a run diverged and what to try; null where it did not. */
export function divergence({ divergedAt }: EndEvent): string | null {
  if (!divergedAt) return null;
  const { epoch, batch } = divergedAt;
  const where = batch === null
    ? `the validation loss after epoch ${epoch}`
    : `the training loss in epoch ${epoch}, batch ${batch}`;
  return `Training diverged: ${where} is no longer a finite number; try a smaller --learning-rate`;
}
