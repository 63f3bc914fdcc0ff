/**
 * The training loop: an async generator of events, without input or output of its own.
 */
import type { Backend } from "../backend.ts";
import { createBackend } from "../backends/mod.ts";
import { numberedClassNames } from "../dataset/class_names.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { stratifiedSplit } from "../dataset/split.ts";
import { DeviceError, WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { standardNormal } from "../nn/initializers.ts";
import {
  type Architecture,
  countParameters,
  type LayerParameters,
  requireAffordable,
} from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { resolveConfig, type TrainConfig } from "./config.ts";
import { yieldToEventLoop } from "./event_loop.ts";
import type {
  EndEvent,
  EpochEvent,
  FallbackEvent,
  PhasesMs,
  ProgressEvent,
  StartEvent,
  TrainEvent,
} from "./events.ts";
import { requireFits, requireWhole } from "./image_checks.ts";
import { evaluate } from "./inference.ts";
import { perClassMetrics } from "./metrics.ts";
import { Pace } from "./pace.ts";
import { INPUT_SCALE, TrainingSession } from "./session.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Milliseconds between two progress events, and between two turns of the host's event loop. */
const PROGRESS_MS = 100;

export interface TrainOptions {
  /** Pictures to learn from; a fifth of them, of every class alike, is kept for validation. */
  readonly train: LabelledImages;
  /** Pictures for the final evaluation, never trained on. */
  readonly test?: LabelledImages | null;
  /** One name a class; numbers where left out. */
  readonly classNames?: readonly string[];
  /** Configuration to start from: "baseline" where left out. */
  readonly preset?: string;
  /** Values to use in place of the preset's. */
  readonly config?: Partial<TrainConfig>;
  /** Where to compute; made for the run where left out. */
  readonly backend?: Backend;
  /** Makes the back end to go on with if the device of the first one fails; without it, training fails too. */
  readonly fallback?: () => Promise<Backend>;
  /** Ends the run after the batch under way. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a multilayer perceptron and yields what happens. Needs no permission. See mod.ts for an example.
 *
 * @throws {UsageError} where the configuration is out of range
 * @throws {WeftError} where the data is not whole, cannot be split or does not fit, or no back end can be had
 * @throws {DeviceError} where a device fails and there is no `fallback`
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  const config = resolveConfig(options.config, options.preset);
  using owned = new DisposableStack();
  const backend = options.backend ?? owned.use(await createBackend());
  yield* new Trainer(options, config, backend, owned).run();
}

/** A network, and its accuracy on the validation rows. */
interface Outcome {
  readonly parameters: readonly LayerParameters[];
  readonly validationAccuracy: number;
}

class Trainer {
  readonly #classNames: readonly string[];
  readonly #architecture: Architecture;
  #random: NumpyRandomState;
  readonly #stopwatch = new Stopwatch();
  readonly #startedAt = performance.now();
  #backend: Backend;
  /** After the last epoch whose losses were finite. */
  #finite: Outcome | null = null;
  #divergedAt: EndEvent["divergedAt"] = null;

  constructor(
    readonly options: TrainOptions,
    readonly config: TrainConfig,
    backend: Backend,
    readonly owned: DisposableStack,
  ) {
    this.#backend = backend;
    const { train, test, classNames } = options;
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
    this.#architecture = {
      inputs: train.height * train.width,
      hidden: config.hidden,
      outputs: this.#classNames.length,
      activation: config.activation,
    };
    // Found out now, and not when the training that it would waste is over.
    if (test) requireFits({ ...train, architecture: this.#architecture }, test);
    requireAffordable(this.#architecture);
    this.#random = new NumpyRandomState(config.seed);
  }

  async *run(): AsyncGenerator<TrainEvent, void, void> {
    const { options: { train }, config } = this;
    const split = stratifiedSplit(train.labels, config.splitSeed);
    const initial = standardNormal(this.#architecture, this.#random);
    // Where to go on if the device fails: after the last epoch that was completed.
    let epoch = 0;
    let random = this.#random.state();
    let started = false;
    // A device may fail before the first step; that is told after the start.
    let fallback: FallbackEvent | null = null;
    for (let outcome: Outcome | null | undefined; outcome === undefined;) {
      try {
        {
          using session = new TrainingSession(
            this.#backend,
            this.#architecture,
            this.#finite?.parameters ?? initial,
            train,
            split,
            config,
            INPUT_SCALE,
          );
          if (!started) yield this.#start(session);
          started = true;
          if (fallback) yield fallback;
          fallback = null;
          for await (const event of this.#epochs(session, epoch + 1)) {
            yield event;
            if (event.type !== "epoch") continue;
            epoch = event.epoch;
            random = this.#random.state();
          }
          outcome = await this.#outcome(session);
        }
        yield await this.#end(outcome);
      } catch (error) {
        fallback = await this.#fallBack(error, epoch);
        this.#random = NumpyRandomState.fromState(random);
        outcome = undefined;
      }
    }
  }

  #start({ split, batches }: TrainingSession): StartEvent {
    return {
      type: "start",
      parameters: countParameters(this.#architecture),
      trainRows: split.train.length,
      validationRows: split.validation.length,
      batches,
      environment: this.#backend.description,
    };
  }

  /** Goes over to another back end after a fault of the device; any other error is thrown on. */
  async #fallBack(error: unknown, epoch: number): Promise<FallbackEvent> {
    const { fallback } = this.options;
    // What fails on a lost device while it is being left does not matter.
    const cause = error instanceof SuppressedError ? error.suppressed : error;
    if (!(cause instanceof DeviceError) || !fallback) throw error;
    this.#backend = this.owned.use(await fallback());
    this.#stopwatch.take();
    const { description } = this.#backend;
    return { type: "fallback", epoch, environment: description, error: cause.message };
  }

  /** Whether another epoch is: training has neither been interrupted nor diverged. */
  get #isWanted(): boolean {
    return !this.options.signal?.aborted && !this.#divergedAt;
  }

  async *#epochs(
    session: TrainingSession,
    first: number,
  ): AsyncGenerator<ProgressEvent | EpochEvent, void, void> {
    const { config: { epochs }, options: { signal } } = this;
    const pace = new Pace(this.#backend);
    for (let epoch = first; epoch <= epochs && this.#isWanted; epoch++) {
      const epochStart = performance.now();
      session.shuffle(this.#random);
      let batch = 0;
      let reportedAt = epochStart;
      for (const _ of session.steps(this.#stopwatch)) {
        batch++;
        if (pace.isDue()) await pace.wait();
        if (performance.now() - reportedAt >= PROGRESS_MS) {
          await yieldToEventLoop();
          reportedAt = performance.now();
          const elapsedMs = reportedAt - this.#startedAt;
          yield { type: "progress", epoch, batch, batches: session.batches, elapsedMs };
        }
        if (signal?.aborted) return;
      }
      const event = await this.#finishEpoch(session, epoch, epochStart);
      await yieldToEventLoop();
      yield event;
      if (this.#divergedAt) return;
    }
  }

  async #finishEpoch(
    session: TrainingSession,
    epoch: number,
    epochStart: number,
  ): Promise<EpochEvent> {
    this.#stopwatch.begin("validate");
    const penalty = await session.penalty();
    const training = await session.trainLosses(penalty);
    const validation = await session.validate(penalty, this.options.train.labels);
    const phasesMs = await this.#takePhases();
    if (Number.isFinite(training.loss) && Number.isFinite(validation.loss)) {
      const parameters = await session.parameters();
      this.#finite = { parameters, validationAccuracy: validation.accuracy };
    } else {
      this.#divergedAt = { epoch, batch: training.divergedBatch };
    }
    const now = performance.now();
    const epochMs = now - epochStart;
    return {
      type: "epoch",
      epoch,
      trainLoss: training.loss,
      trainAccuracy: training.accuracy,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      learningRate: this.config.learningRate,
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

  /** What came out: the network as it is, or as the last epoch with finite losses left it. */
  async #outcome(session: TrainingSession): Promise<Outcome | null> {
    const { options: { train, signal } } = this;
    if (this.#divergedAt || !signal?.aborted) return this.#finite;
    const parameters = await session.parameters();
    // An interruption may come in the middle of an epoch that diverges.
    if (!parameters.every(allFinite)) return this.#finite;
    const { accuracy } = await session.validate(0, train.labels);
    return { parameters, validationAccuracy: accuracy };
  }

  async #end(outcome: Outcome | null): Promise<EndEvent> {
    const { options: { test, signal } } = this;
    const status = this.#divergedAt ? "diverged" : signal?.aborted ? "interrupted" : "completed";
    const model = outcome && this.#model(outcome.parameters);
    const testing = model && test ? await evaluate(model, test, { backend: this.#backend }) : null;
    return {
      type: "end",
      environment: this.#backend.description,
      status,
      model,
      validationAccuracy: outcome?.validationAccuracy ?? null,
      testAccuracy: testing?.accuracy ?? null,
      testLoss: testing?.loss ?? null,
      confusionMatrix: testing?.confusionMatrix ?? null,
      perClass: testing && perClassMetrics(testing.confusionMatrix, this.#classNames),
      totalMs: performance.now() - this.#startedAt,
      divergedAt: this.#divergedAt,
    };
  }

  #model(parameters: readonly LayerParameters[]): Model {
    const { options: { train, preset = "baseline" } } = this;
    return {
      architecture: this.#architecture,
      parameters,
      height: train.height,
      width: train.width,
      inputScale: INPUT_SCALE,
      classNames: this.#classNames,
      preset,
    };
  }
}

function allFinite({ weights, bias }: LayerParameters): boolean {
  return weights.every(Number.isFinite) && bias.every(Number.isFinite);
}
