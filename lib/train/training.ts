/** The training loop: what is done in which order, and what is told of it. */
import type { Backend } from "../backend/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import { DeviceError } from "../errors.ts";
import type { Network } from "../nn/network.ts";
import { Turns } from "./event_loop.ts";
import type {
  CheckpointEvent,
  EpochEvent,
  FallbackEvent,
  ProgressEvent,
  ResumeEvent,
  StartEvent,
  TrainEvent,
} from "./events.ts";
import type { Wishes } from "./gradient_block.ts";
import type { RunOptions } from "./options.ts";
import { isFinite, outcomeOf } from "./outcome.ts";
import { endOf, type Outcome } from "./result.ts";
import { firstTensors } from "./first_tensors.ts";
import { Pace } from "./queue_throttle.ts";
import { chooseRows } from "./rows.ts";
import { type RunNetwork, runNetworkFor } from "./run_network.ts";
import { ALONE, type ProcessGroup } from "./process_group.ts";
import { RunPosition } from "./run_position.ts";
import { TrainingSession } from "./session.ts";
import { identityOf } from "./checkpoint/snapshot.ts";
import { requireSame, type RunIdentity, type TrainingState } from "./checkpoint/state.ts";
import { phasesOf, Stopwatch } from "./stopwatch.ts";

/** Milliseconds between two progress events. */
const PROGRESS_MS = 100;

/** One run, from its beginning or from a state on. What it does is done by anyone who asks `run` for events. */
export class Training {
  readonly #run: RunNetwork;
  readonly #network: Network;
  readonly #position: RunPosition;
  readonly #stopwatch = new Stopwatch();
  readonly #group: ProcessGroup;
  #backend: Backend;
  #session: TrainingSession | null = null;
  #checkpointedAt = performance.now();
  #identity: RunIdentity | null = null;
  /** Whether somebody may ask for a snapshot at any batch. */
  #isSliced = false;
  /** Whether processes that train together have agreed to end. */
  #hasAgreedToStop = false;

  /**
   * @throws {UsageError} where the network is larger than anything that Weft can hold
   * @throws {WeftError} where the data is not whole or does not fit
   */
  constructor(
    readonly options: RunOptions,
    readonly config: TrainConfig,
    backend: Backend,
    /** Gets the back ends that are made on the way. */
    readonly owned: DisposableStack,
  ) {
    this.#backend = backend;
    this.#group = options.group ?? ALONE;
    this.#run = runNetworkFor(options, config);
    this.#network = this.#run.network;
    this.#position = new RunPosition(
      config,
      (random) => firstTensors(this.#run, options, config, random),
      options.resume,
      options.elapsedMs,
    );
  }

  /**
   * Trains to the end.
   *
   * @param sliced whether to yield null after every batch, so that the caller may stop there and ask for a snapshot
   * @throws {UsageError} where something is not as it was when the state to continue with was left
   */
  async *run(sliced: boolean): AsyncGenerator<TrainEvent | null, void, void> {
    this.#isSliced = sliced;
    const { options: { train, resume, checkpointEvery }, config } = this;
    const position = this.#position;
    if (resume) requireSame(resume.identity, await this.#currentIdentity());
    const rows = chooseRows(this.options, config);
    let begun = false;
    // A device may fail before the first step; that is told after the start.
    let fallback: FallbackEvent | null = null;
    for (let outcome: Outcome | null | undefined; outcome === undefined;) {
      try {
        {
          using session = new TrainingSession(
            this.#backend,
            this.#network,
            position.tensors,
            train,
            rows,
            config,
            this.#group,
          );
          this.#session = session;
          if (position.rowsSoFar) session.restoreRows(position.rowsSoFar, position.batch);
          position.rowsSoFar = null;
          if (!begun) yield this.#beginning(session);
          begun = true;
          if (fallback) yield fallback;
          fallback = null;
          yield* this.#epochs(session);
          if (this.#isAborted && (checkpointEvery || sliced) && !this.hasDiverged) {
            yield await this.#checkpoint();
          }
          outcome = await outcomeOf(session, this.#position, this.#network, this.#stoppedBy);
        }
        yield await endOf({
          ...this.#run,
          options: this.options,
          config,
          backend: this.#backend,
          outcome,
          stoppedBy: this.#stoppedBy!,
          epoch: position.epoch,
          bestEpoch: position.best.best?.epoch ?? null,
          divergedAt: position.divergedAt,
          startedAt: position.startedAt,
        });
      } catch (error) {
        fallback = await this.#fallBack(error);
        outcome = undefined;
      }
    }
  }

  /** Where training stands, after an event or null and before the next is asked for. */
  async snapshot(): Promise<TrainingState> {
    const session = this.#session!;
    const position = this.#position;
    const progress = position.progress();
    const identity = await this.#currentIdentity();
    const { keptTensors, batch } = position;
    const tensors = keptTensors ? new Map(keptTensors) : await session.tensors();
    const rows = batch > 0 ? await session.rowsSoFar(batch) : null;
    position.save(tensors, rows, (all) => this.#network.pick(all), this.#run.task.name);
    return { identity, progress, tensors };
  }

  /** Whether a loss has stopped being finite: then only the end is left, and no state to continue from. */
  get hasDiverged(): boolean {
    return this.#position.divergedAt !== null;
  }

  /** Frees what the run holds on its back end, wherever it stands. */
  abandon(): void {
    this.#session?.[Symbol.dispose]();
  }

  get #stoppedBy() {
    return this.#position.stoppedBy(this.#isAborted);
  }

  /** Whether to end after the batch under way. */
  get #isAborted(): boolean {
    return this.#group.size > 1 ? this.#hasAgreedToStop : this.#wishesToStop;
  }

  get #wishesToStop(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  /** The next batch's, of this process: only the clock of the first one counts. */
  readonly #wishes = (): Wishes => ({
    stop: this.#wishesToStop,
    checkpoint: this.#group.rank === 0 && this.#isCheckpointDue(false),
  });

  /** Between two epochs, when no batch tells. */
  async #agreeBetweenEpochs(): Promise<void> {
    if (this.#group.size === 1) return;
    const wish = Uint8Array.of(+this.#wishesToStop);
    await this.#group.merge(wish);
    this.#hasAgreedToStop = wish[0] > 0;
  }

  async #currentIdentity(): Promise<RunIdentity> {
    const { options, config } = this;
    this.#identity ??= await identityOf(
      options,
      config,
      this.#run.names.length,
      this.#backend.description,
      this.#network.spec.frozen,
    );
    return this.#identity;
  }

  #beginning({ split, batches }: TrainingSession): StartEvent | ResumeEvent {
    const { epoch, batch } = this.#position;
    const { preprocessing, notes } = this.options;
    const facts = {
      parameters: this.#network.parameterCount,
      trainRows: split.train.length,
      validationRows: split.validation.length,
      batches,
      environment: this.#backend.description,
      ...preprocessing ? { preprocessing, notes } : {},
    };
    return this.options.resume
      ? { type: "resume", epoch, batch, ...facts }
      : { type: "start", ...facts };
  }

  /** Goes over to another back end after a fault of the device; any other error is thrown on. */
  async #fallBack(error: unknown): Promise<FallbackEvent> {
    const { fallback } = this.options;
    // What fails on a lost device while it is being left does not matter.
    const cause = error instanceof SuppressedError ? error.suppressed : error;
    if (!(cause instanceof DeviceError) || !fallback) throw error;
    this.#backend = this.owned.use(await fallback());
    this.#identity = null;
    this.#stopwatch.take();
    this.#position.goBackToEpoch();
    const { epoch } = this.#position;
    const { description } = this.#backend;
    return { type: "fallback", epoch, environment: description, error: cause.message };
  }

  async *#epochs(session: TrainingSession): AsyncGenerator<TrainEvent | null, void, void> {
    const position = this.#position;
    const pace = new Pace(this.#backend);
    const turns = new Turns();
    while (!this.#stoppedBy) {
      let reportedAt = performance.now();
      position.beginEpoch(reportedAt);
      session.shuffle(position.random, position.epoch);
      const { batch, epoch } = position;
      for (const pending of session.steps(this.#stopwatch, batch, epoch, this.#wishes)) {
        if (pending) await pending;
        position.batch++;
        const agreed = session.agreed();
        if (agreed) this.#hasAgreedToStop = agreed.stop;
        if (pace.isDue()) await pace.wait();
        if (turns.isDue()) await turns.take();
        if (performance.now() - reportedAt >= PROGRESS_MS) {
          reportedAt = performance.now();
          yield this.#progress(session, reportedAt);
          if (!agreed && this.#isCheckpointDue(false)) yield await this.#checkpoint();
        }
        if (agreed?.checkpoint) yield await this.#checkpoint();
        if (this.#isSliced) yield null;
        if (this.#isAborted) return;
      }
      const event = await this.#finishEpoch(session);
      await turns.take();
      yield event;
      if (!this.hasDiverged && this.#isCheckpointDue(true)) yield await this.#checkpoint();
      await this.#agreeBetweenEpochs();
    }
  }

  #progress({ batches }: TrainingSession, now: number): ProgressEvent {
    const { epoch, batch } = this.#position;
    const { elapsedMs } = this.#position.times(now);
    return { type: "progress", epoch: epoch + 1, batch, batches, elapsedMs };
  }

  #isCheckpointDue(afterEpoch: boolean): boolean {
    const every = this.options.checkpointEvery;
    if (!every) return false;
    if ("epochs" in every) return afterEpoch && this.#position.epoch % every.epochs === 0;
    return performance.now() - this.#checkpointedAt >= every.seconds * 1000;
  }

  async #checkpoint(): Promise<CheckpointEvent> {
    const state = await this.snapshot();
    this.#checkpointedAt = performance.now();
    const { epoch, batch } = this.#position;
    return { type: "checkpoint", epoch, batch, state };
  }

  async #finishEpoch(session: TrainingSession): Promise<EpochEvent> {
    const position = this.#position;
    const epoch = position.epoch + 1;
    this.#stopwatch.begin("validate");
    const penalty = await session.penalty();
    const training = await session.trainLosses(penalty);
    const validation = await session.validate(penalty);
    const phasesMs = await phasesOf(this.#stopwatch, this.#backend, this.#group.size);
    const { checkpointEvery, fallback } = this.options;
    const goesOn = Boolean(this.#isSliced || checkpointEvery || fallback);
    const tensors = goesOn ? await session.tensors() : await session.networkTensors();
    // Where nothing validates, nobody but the weights knows what the last batch led to.
    const isGood = validation ? Number.isFinite(validation.loss) : isFinite(this.#network, tensors);
    if (Number.isFinite(training.loss) && isGood) {
      position.completeEpoch(tensors, goesOn, this.#network.pick(tensors), validation);
    } else {
      position.divergedAt = { epoch, batch: training.divergedBatch };
    }
    const { epochMs, elapsedMs } = position.times(performance.now());
    return {
      type: "epoch",
      epoch,
      trainLoss: training.loss,
      trainAccuracy: training.metrics.accuracy ?? NaN,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.metrics.accuracy ?? null,
      train: training.metrics,
      validation: validation?.metrics ?? null,
      learningRate: session.learningRate(epoch * session.batches - 1),
      epochMs,
      elapsedMs,
      samplesPerSecond: session.split.train.length / epochMs * 1000,
      phasesMs,
    };
  }
}
