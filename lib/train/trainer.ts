/**
 * Training as a library offers it: as a generator of events, and in slices for hosts that give a process little time.
 * Neither has input or output of its own.
 */
import type { Backend } from "../backend/mod.ts";
import { createBackend } from "../backends/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import { resolveConfig } from "../config/resolve.ts";
import { UsageError } from "../errors.ts";
import { withNetworkOf } from "./continue_from.ts";
import type { TrainEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import { defaultPreset, prepareRun } from "./tables/prepare.ts";
import { adapterOf, type TrainingState } from "./checkpoint/state.ts";
import { decodeState, encodeState } from "./checkpoint/state_file.ts";
import { Training } from "./training.ts";

/**
 * Trains a multilayer perceptron and yields what happens. Needs no permission. See mod.ts for an example.
 *
 * @throws {UsageError} where the configuration is out of range, or not the one of the state to continue with
 * @throws {WeftError} where the data is not whole, cannot be split or does not fit, or no back end is available
 * @throws {DeviceError} where a device fails and there is no `fallback`
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  yield* trainResolved(options, configOf(options));
}

/** `train` for callers that have resolved the configuration: it is taken as it is. */
export async function* trainResolved(
  options: Omit<TrainOptions, "config">,
  config: TrainConfig,
): AsyncGenerator<TrainEvent, void, void> {
  using owned = new DisposableStack();
  const training = await begin(options, config, owned);
  for await (const event of training.run(false)) if (event) yield event;
}

/** How long a slice is at most; without either, training goes to its end. */
export interface SliceSize {
  readonly maxMs?: number;
  readonly maxBatches?: number;
}

/** What a slice of training brought. */
export interface Slice {
  /** What happened, but for `progress` and `checkpoint`. */
  readonly events: readonly TrainEvent[];
  /**
   * What the next slice continues with: bytes for whatever store there is. Null once training has ended; where its signal
   * interrupted it, which `events` says with an `end`, it can continue.
   */
  readonly state: Uint8Array<ArrayBuffer> | null;
}

/**
 * Trains a little at a time, for hosts that end a process when they like: every slice leaves a state from which another
 * process continues. However it is cut, a training ends with the same bits.
 *
 * @example
 * ```ts
 * import { Trainer } from "./trainer.ts";
 *
 * const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
 * const pixels = Uint8Array.from({ length: 160 }, (_, i) => labels[i >> 2] === (i >> 1) % 2 ? 200 : 20);
 * const images = { rows: 40, height: 2, width: 2, pixels, labels };
 *
 * let state: Uint8Array<ArrayBuffer> | null = null;
 * do {
 *   // Anywhere, at any time; `state` may have been in a file, a database, a queue.
 *   using trainer: Trainer = await Trainer.create({ train: images, state, config: { epochs: 5 } });
 *   const slice = await trainer.step({ maxMs: 50 });
 *   for (const event of slice.events) if (event.type === "end") console.log(event.validationAccuracy);
 *   state = slice.state;
 * } while (state);
 * ```
 */
export class Trainer implements Disposable {
  readonly #training: Training;
  readonly #events: AsyncGenerator<TrainEvent | null, void, void>;
  readonly #owned: DisposableStack;
  /** What training left when it ended; undefined while it continues. */
  #left: Slice["state"] | undefined;
  /** Why there are no more slices. */
  #failure: { readonly error: unknown } | null = null;

  private constructor(training: Training, owned: DisposableStack) {
    this.#training = training;
    this.#events = training.run(true);
    this.#owned = owned;
  }

  /**
   * @param state what an earlier slice left; null or left out to begin
   * @throws as `train`; and {WeftError} where `state` is damaged or of another version
   */
  static async create(
    { state, ...options }: TrainOptions & { readonly state?: Uint8Array<ArrayBuffer> | null },
  ): Promise<Trainer> {
    const resumed = { ...options, resume: state ? await decodeState(state) : options.resume };
    using owned = new DisposableStack();
    const training = await begin(resumed, configOf(resumed), owned);
    return new Trainer(training, owned.move());
  }

  /**
   * Trains for about `maxMs` milliseconds, to the end of the batch or of the epoch in which they are over, and for
   * `maxBatches` batches at most: where a clock stands still while a program computes, as in Cloudflare Workers, these
   * count.
   *
   * @throws {UsageError} where a size is no number from 0, or the trainer was disposed of
   * @throws as `train`; and then the same again, because there is nothing left to continue with
   */
  async step({ maxMs = Infinity, maxBatches = Infinity }: SliceSize = {}): Promise<Slice> {
    requireSize("maxMs", maxMs);
    requireSize("maxBatches", maxBatches);
    this.#requireUsable();
    if (this.#left !== undefined) return { events: [], state: this.#left };
    try {
      return await this.#slice(performance.now() + maxMs, maxBatches);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  async #slice(until: number, maxBatches: number): Promise<Slice> {
    const events: TrainEvent[] = [];
    // However little time there is, some training is done: else it would never end.
    let trained = false;
    let batches = 0;
    let checkpoint: TrainingState | null = null;
    do {
      const { value, done } = await this.#events.next();
      this.#requireUsable();
      // Two slices that were asked for at once: the other one has the end.
      if (done) return { events, state: this.#left ?? null };
      if (value?.type === "checkpoint") checkpoint = value.state;
      else if (value && value.type !== "progress") events.push(value);
      if (value?.type === "end") {
        // The last thing before this end is a checkpoint.
        const goesOn = value.stoppedBy === "interruption" ? checkpoint : null;
        this.#left = goesOn && await encodeState(goesOn);
        return { events, state: this.#left };
      }
      if (value === null) batches++;
      trained ||= value === null || value?.type === "epoch";
      // A state does not say that training diverged: whoever continued from there would end the epoch again and again.
    } while (
      !trained || this.#training.hasDiverged ||
      (performance.now() < until && batches < maxBatches)
    );
    return { events, state: await encodeState(await this.#training.snapshot()) };
  }

  #requireUsable(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Ends training where it is and frees what it holds. */
  [Symbol.dispose](): void {
    this.#failure ??= {
      error: new UsageError(
        "Cannot train another slice: the trainer was disposed of; create one with the state that the last slice left",
      ),
    };
    this.#training.abandon();
    this.#owned.dispose();
  }
}

function requireSize(name: keyof SliceSize, size: number): void {
  if (typeof size === "number" && size >= 0) return;
  throw new UsageError(
    `Cannot train a slice with ${name} = ${size}: it must be a number of at least 0, or be left out`,
  );
}

async function begin(
  options: TrainOptions,
  config: TrainConfig,
  owned: DisposableStack,
): Promise<Training> {
  const backend = options.backend ?? owned.use(await backendFor(options.resume));
  return new Training(prepareRun(options, config), config, backend, owned);
}

/** What continues without a configuration of its own continues with the one that it was begun with. */
function configOf({ train, config, preset, resume, from }: TrainOptions): TrainConfig {
  if (!resume || preset !== undefined) {
    return resolveConfig(withNetworkOf(from, config), preset ?? defaultPreset(train));
  }
  const given = Object.entries(config ?? {}).filter(([, value]) => value !== undefined);
  return resolveConfig({ ...resume.identity.config, ...Object.fromEntries(given) });
}

/** What computed so far, in its build, because others round otherwise. */
function backendFor(resume: TrainingState | undefined): Promise<Backend> {
  if (!resume) return createBackend();
  const { computing } = resume.identity;
  const { backend, simd } = computing;
  return createBackend({
    backend: backend as "wasm" | "webgpu" | "reference",
    simd: (simd ?? "auto") as "strict" | "relaxed" | "auto",
    adapter: adapterOf(computing),
  });
}
