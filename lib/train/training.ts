/**
 * The training loop: what is done in which order, and where it stands.
 */
import type { Backend } from "../backend.ts";
import type { TrainConfig } from "../config/options.ts";
import { numberedClassNames } from "../dataset/class_names.ts";
import { DeviceError, WeftError } from "../errors.ts";
import { initialParameters } from "../nn/initializers.ts";
import { foldNorm, withNorm } from "../nn/norm_parameters.ts";
import {
  type Architecture,
  countParameters,
  type LayerParameters,
  parametersFrom,
  requireAffordable,
  type Tensors,
  tensorsOf,
} from "../nn/parameters.ts";
import { NumpyRandomState, type NumpyRandomStateData } from "../random/numpy_random_state.ts";
import { BestSoFar } from "./best_epoch.ts";
import { requireWeightOfEach } from "./class_weights.ts";
import { yieldToEventLoop } from "./event_loop.ts";
import type {
  CheckpointEvent,
  EndEvent,
  EpochEvent,
  FallbackEvent,
  PhasesMs,
  ProgressEvent,
  ResumeEvent,
  StartEvent,
  StopReason,
  TrainEvent,
} from "./events.ts";
import { requireFits, requireWhole } from "./image_checks.ts";
import type { TrainOptions } from "./options.ts";
import { endOf, type Outcome } from "./outcome.ts";
import { Pace } from "./pace.ts";
import { chooseRows } from "./rows.ts";
import { INPUT_SCALE, type RowsSoFar, TrainingSession } from "./session.ts";
import { identityOf, type Kept, keptOf, rowsSoFarOf, saveEpoch } from "./snapshot.ts";
import { requireSame, type RunIdentity, type TrainingState } from "./state.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Milliseconds between two progress events, and between two turns of the host's event loop. */
const PROGRESS_MS = 100;

/** One run, from its beginning or from a state on. What it does is done by whoever asks `run` for events. */
export class Training {
  readonly #classNames: readonly string[];
  readonly #architecture: Architecture;
  readonly #stopwatch = new Stopwatch();
  readonly #startedAt: number;
  #backend: Backend;
  #session: TrainingSession | null = null;
  /** Epochs that are complete, and batches of the next one that are. */
  #epoch = 0;
  #batch = 0;
  #random: NumpyRandomState;
  /** Before the permutation of the epoch under way was drawn. */
  #epochRandom: NumpyRandomStateData;
  /** What the session begins with. */
  #tensors: Tensors;
  #rowsSoFar: RowsSoFar | null = null;
  /** What the epoch under way took in processes before this one. */
  #epochMs: number;
  /** When this one began it, less that. */
  #epochStart = 0;
  /** After the last epoch whose losses were finite. */
  #kept: Kept | null = null;
  readonly #best: BestSoFar;
  #divergedAt: EndEvent["divergedAt"] = null;
  #checkpointedAt = performance.now();
  #identity: RunIdentity | null = null;
  /** Whether somebody may ask for a snapshot at any batch. */
  #isSliced = false;

  /**
   * @throws {UsageError} where the network is larger than anything that Weft can hold
   * @throws {WeftError} where the data is not whole or does not fit
   */
  constructor(
    readonly options: TrainOptions,
    readonly config: TrainConfig,
    backend: Backend,
    /** Gets the back ends that are made on the way. */
    readonly owned: DisposableStack,
  ) {
    this.#backend = backend;
    const { train, test, validation, classNames, resume } = options;
    requireWhole(train, "Cannot train on these pictures");
    const classes = train.labels.reduce((a, b) => Math.max(a, b), 0) + 1;
    this.#classNames = classNames ?? numberedClassNames(classes);
    if (this.#classNames.length < classes) {
      throw new WeftError(
        `Cannot train with ${this.#classNames.length} class names: a label is ${
          classes - 1
        }, so there are ${classes} classes`,
      );
    }
    const twice = this.#classNames.find((name, i) => this.#classNames.indexOf(name) < i);
    if (twice !== undefined) {
      throw new WeftError(
        `Cannot train with two classes called "${twice}": give each a name of its own`,
      );
    }
    this.#architecture = {
      inputs: train.height * train.width,
      hidden: config.hidden,
      outputs: this.#classNames.length,
      activation: config.activation,
    };
    requireWeightOfEach(config.classWeights, this.#classNames.length);
    // Found out now, and not when the training that it would waste is over.
    for (const images of [validation, test]) {
      if (images) requireFits({ ...train, architecture: this.#architecture }, images);
    }
    requireAffordable(this.#architecture);
    const elapsedMs = Math.max(resume?.progress.elapsedMs ?? 0, options.elapsedMs ?? 0);
    this.#startedAt = performance.now() - elapsedMs;
    this.#epochMs = resume?.progress.epochMs ?? 0;
    this.#random = resume
      ? NumpyRandomState.fromState(resume.progress.random)
      : new NumpyRandomState(config.seed);
    this.#best = new BestSoFar(config);
    if (resume) this.#tensors = this.#restore(resume);
    else this.#tensors = this.#initial(this.#random);
    this.#epochRandom = this.#random.state();
  }

  /**
   * Trains to the end.
   *
   * @param sliced whether to yield null after every batch, so that the caller may stop there and ask for a snapshot
   * @throws {UsageError} where something is not as it was when the state to go on with was left
   */
  async *run(sliced: boolean): AsyncGenerator<TrainEvent | null, void, void> {
    this.#isSliced = sliced;
    const { options: { train, signal, resume, checkpointEvery }, config } = this;
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
            this.#architecture,
            this.#tensors,
            train,
            rows,
            config,
            INPUT_SCALE,
          );
          this.#session = session;
          if (this.#rowsSoFar) session.restoreRows(this.#rowsSoFar, this.#batch);
          this.#rowsSoFar = null;
          if (!begun) yield this.#beginning(session);
          begun = true;
          if (fallback) yield fallback;
          fallback = null;
          yield* this.#epochs(session);
          if (signal?.aborted && (checkpointEvery || sliced) && !this.#divergedAt) {
            yield await this.#checkpoint();
          }
          outcome = await this.#outcome(session);
        }
        yield await endOf({
          options: this.options,
          config,
          architecture: this.#architecture,
          classNames: this.#classNames,
          backend: this.#backend,
          outcome,
          stoppedBy: this.#stoppedBy!,
          epoch: this.#epoch,
          bestEpoch: this.#best.best?.epoch ?? null,
          divergedAt: this.#divergedAt,
          startedAt: this.#startedAt,
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
    const progress = {
      epoch: this.#epoch,
      batch: this.#batch,
      random: this.#epochRandom,
      validationLoss: this.#kept?.validation?.loss ?? null,
      validationAccuracy: this.#kept?.validation?.accuracy ?? null,
      best: this.#best.best,
      elapsedMs: performance.now() - this.#startedAt,
      epochMs: this.#batch > 0 ? performance.now() - this.#epochStart : 0,
    };
    const identity = await this.#currentIdentity();
    const isKept = this.#batch === 0 && this.#kept?.isWhole;
    const tensors = isKept ? new Map(this.#kept!.tensors) : await session.tensors();
    this.#best.save(tensors);
    if (this.#batch > 0) {
      const network = this.#kept && networkOf(this.#kept.tensors, this.#architecture);
      saveEpoch(tensors, await session.rowsSoFar(this.#batch), network);
    }
    return { identity, progress, tensors };
  }

  /** Whether a loss has stopped being finite: then only the end is left, and no state to go on from. */
  get hasDiverged(): boolean {
    return this.#divergedAt !== null;
  }

  /** Frees what the run holds on its back end, wherever it stands. */
  abandon(): void {
    this.#session?.[Symbol.dispose]();
  }

  /** Takes over where a state stands, and returns the tensors to begin with. */
  #restore(state: TrainingState): Tensors {
    const { progress: { epoch, batch, best }, tensors } = state;
    this.#best.restore(best, tensors);
    [this.#epoch, this.#batch] = [epoch, batch];
    this.#rowsSoFar = rowsSoFarOf(state);
    this.#kept = keptOf(state);
    return tensors;
  }

  async #currentIdentity(): Promise<RunIdentity> {
    const { options, config } = this;
    this.#identity ??= await identityOf(
      options,
      config,
      this.#classNames.length,
      this.#backend.description,
    );
    return this.#identity;
  }

  #beginning({ split, batches }: TrainingSession): StartEvent | ResumeEvent {
    const facts = {
      parameters: countParameters(this.#architecture),
      trainRows: split.train.length,
      validationRows: split.validation.length,
      batches,
      environment: this.#backend.description,
    };
    return this.options.resume
      ? { type: "resume", epoch: this.#epoch, batch: this.#batch, ...facts }
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
    this.#goBackToEpoch();
    const { description } = this.#backend;
    return { type: "fallback", epoch: this.#epoch, environment: description, error: cause.message };
  }

  /** Undoes what has been done since the last completed epoch. */
  #goBackToEpoch(): void {
    this.#random = NumpyRandomState.fromState(this.#epochRandom);
    this.#batch = 0;
    this.#rowsSoFar = null;
    this.#epochMs = 0;
    this.#tensors = this.#kept?.tensors ??
      this.#initial(new NumpyRandomState(this.config.seed));
  }

  /** The network that training begins with. */
  #initial(random: NumpyRandomState): Tensors {
    const { initializer, batchNorm } = this.config;
    const parameters = initialParameters(this.#architecture, initializer, random);
    return tensorsOf(batchNorm ? withNorm(parameters) : parameters);
  }

  /** Why there is no other epoch; null while there is one. */
  get #stoppedBy(): StopReason | null {
    if (this.#divergedAt) return "divergence";
    if (this.#batch === 0 && this.#epoch >= this.config.epochs) return "epochs";
    if (this.#batch === 0 && this.#best.isPatienceOver(this.#epoch)) return "patience";
    return this.options.signal?.aborted ? "interruption" : null;
  }

  async *#epochs(session: TrainingSession): AsyncGenerator<TrainEvent | null, void, void> {
    const { options: { signal } } = this;
    const pace = new Pace(this.#backend);
    while (!this.#stoppedBy) {
      const beginning = performance.now();
      this.#epochStart = beginning - this.#epochMs;
      this.#epochMs = 0;
      this.#epochRandom = this.#random.state();
      session.shuffle(this.#random, this.#epoch);
      let reportedAt = beginning;
      for (const _ of session.steps(this.#stopwatch, this.#batch, this.#epoch)) {
        this.#batch++;
        if (pace.isDue()) await pace.wait();
        if (performance.now() - reportedAt >= PROGRESS_MS) {
          await yieldToEventLoop();
          reportedAt = performance.now();
          yield this.#progress(session, reportedAt);
          if (this.#isCheckpointDue(false)) yield await this.#checkpoint();
        }
        if (this.#isSliced) yield null;
        if (signal?.aborted) return;
      }
      const event = await this.#finishEpoch(session);
      await yieldToEventLoop();
      yield event;
      if (!this.#divergedAt && this.#isCheckpointDue(true)) yield await this.#checkpoint();
    }
  }

  #progress({ batches }: TrainingSession, now: number): ProgressEvent {
    const elapsedMs = now - this.#startedAt;
    return { type: "progress", epoch: this.#epoch + 1, batch: this.#batch, batches, elapsedMs };
  }

  #isCheckpointDue(afterEpoch: boolean): boolean {
    const every = this.options.checkpointEvery;
    if (!every) return false;
    if ("epochs" in every) return afterEpoch && this.#epoch % every.epochs === 0;
    return performance.now() - this.#checkpointedAt >= every.seconds * 1000;
  }

  async #checkpoint(): Promise<CheckpointEvent> {
    const state = await this.snapshot();
    this.#checkpointedAt = performance.now();
    return { type: "checkpoint", epoch: this.#epoch, batch: this.#batch, state };
  }

  async #finishEpoch(session: TrainingSession): Promise<EpochEvent> {
    const epoch = this.#epoch + 1;
    this.#stopwatch.begin("validate");
    const penalty = await session.penalty();
    const training = await session.trainLosses(penalty);
    const validation = await session.validate(penalty);
    const phasesMs = await this.#takePhases();
    const goesOn = this.#isSliced || this.options.checkpointEvery || this.options.fallback;
    const tensors = goesOn ? await session.tensors() : tensorsOf(await session.parameters());
    // Where nothing validates, nobody but the weights knows what the last batch led to.
    const isFinite = validation
      ? Number.isFinite(validation.loss)
      : parametersFrom(tensors, this.#architecture).every(allFinite);
    if (Number.isFinite(training.loss) && isFinite) {
      this.#kept = { tensors, validation, isWhole: Boolean(goesOn) };
      this.#best.take(epoch, validation, networkOf(tensors, this.#architecture));
      [this.#epoch, this.#batch] = [epoch, 0];
      this.#epochRandom = this.#random.state();
    } else {
      this.#divergedAt = { epoch, batch: training.divergedBatch };
    }
    const now = performance.now();
    const epochMs = now - this.#epochStart;
    return {
      type: "epoch",
      epoch,
      trainLoss: training.loss,
      trainAccuracy: training.accuracy,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      learningRate: session.learningRate(epoch * session.batches - 1),
      epochMs,
      elapsedMs: now - this.#startedAt,
      samplesPerSecond: session.split.train.length / epochMs * 1000,
      phasesMs,
    };
  }

  async #takePhases(): Promise<PhasesMs> {
    const { validate, ...steps } = this.#stopwatch.take();
    const deviceMs = await this.#backend.takeDeviceMs?.();
    if (deviceMs === undefined) return { ...steps, validate };
    const encode = Object.values(steps).reduce((sum, ms) => sum + ms);
    return { encode, ...(deviceMs === null ? {} : { device: deviceMs }), validate };
  }

  /** What came out: the best network, or the last one. */
  async #outcome(session: TrainingSession): Promise<Outcome | null> {
    const last = await this.#lastNetwork(session);
    const { input } = session;
    const { best, tensors } = this.#best;
    if (!last || !best || !tensors) return last && { ...last, last: null, input };
    const parameters = parametersFrom(tensors, this.#architecture).map(foldNorm);
    const isLast = this.#batch === 0 && best.epoch === this.#epoch;
    return { parameters, validation: best, last: isLast ? null : last.parameters, input };
  }

  /** The network as it is, or as the last epoch with finite losses left it. */
  async #lastNetwork(
    session: TrainingSession,
  ): Promise<Pick<Outcome, "parameters" | "validation"> | null> {
    if (this.#stoppedBy === "interruption") {
      const parameters = (await session.parameters()).map(foldNorm);
      // An interruption may come in the middle of an epoch that diverges.
      if (parameters.every(allFinite)) {
        const validation = await session.validate(await session.penalty());
        return { parameters, validation };
      }
    }
    if (!this.#kept) return null;
    const { tensors, validation } = this.#kept;
    const parameters = parametersFrom(tensors, this.#architecture).map(foldNorm);
    return { parameters, validation };
  }
}

/** The network alone, without what the optimizer keeps. */
function networkOf(tensors: Tensors, architecture: Architecture): Tensors {
  return tensorsOf(parametersFrom(tensors, architecture));
}

/** Whether a layer has neither NaN nor infinity. */
function allFinite({ weights, bias }: LayerParameters): boolean {
  return weights.every(Number.isFinite) && bias.every(Number.isFinite);
}
