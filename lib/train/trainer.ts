/**
 * Training as a library offers it: as a generator of events, and in slices for hosts that give a process little time.
 * Neither has input or output of its own.
 */
import type { Backend } from "../backend.ts";
import { createBackend } from "../backends/mod.ts";
import { resolveConfig, type TrainConfig } from "./config.ts";
import type { TrainEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import type { TrainingState } from "./state.ts";
import { decodeState, encodeState } from "./state_file.ts";
import { Training } from "./training.ts";

/**
 * Trains a multilayer perceptron and yields what happens. Needs no permission. See mod.ts for an example.
 *
 * @throws {UsageError} where the configuration is out of range, or not the one of the state to go on with
 * @throws {WeftError} where the data is not whole, cannot be split or does not fit, or no back end can be had
 * @throws {DeviceError} where a device fails and there is no `fallback`
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  using owned = new DisposableStack();
  const training = await begin(options, owned);
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
  /** What the next slice goes on with: bytes for whatever store there is. Null once training has ended. */
  readonly state: Uint8Array<ArrayBuffer> | null;
}

/**
 * Trains a little at a time, for hosts that end a process when they like: every slice leaves a state from which another
 * process goes on. However it is cut, a training ends with the same bits.
 *
 * @example
 * ```ts
 * import { Trainer } from "./trainer.ts";
 *
 * const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
 * const pixels = Uint8Array.from({ length: 160 }, (_, i) => labels[i >> 2] === (i >> 1) % 2 ? 200 : 20);
 * const pictures = { rows: 40, height: 2, width: 2, pixels, labels };
 *
 * let state: Uint8Array<ArrayBuffer> | null = null;
 * do {
 *   // Anywhere, at any time; `state` may have been in a file, a database, a queue.
 *   using trainer: Trainer = await Trainer.create({ train: pictures, state, config: { epochs: 5 } });
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
    const resume = state ? await decodeState(state) : options.resume;
    using owned = new DisposableStack();
    const training = await begin({ ...options, resume }, owned);
    return new Trainer(training, owned.move());
  }

  /**
   * Trains for about `maxMs` milliseconds, to the end of the batch or of the epoch in which they are over, and for
   * `maxBatches` batches at most: where a clock stands still while a program computes, as in Cloudflare Workers, these
   * count.
   */
  async step({ maxMs = Infinity, maxBatches = Infinity }: SliceSize): Promise<Slice> {
    const until = performance.now() + maxMs;
    const events: TrainEvent[] = [];
    // However little time there is, some training is done: else it would never end.
    let trained = false;
    let batches = 0;
    do {
      const { value, done } = await this.#events.next();
      if (done) return { events, state: null };
      if (value && value.type !== "progress" && value.type !== "checkpoint") events.push(value);
      if (value?.type === "end") return { events, state: null };
      if (value === null) batches++;
      trained ||= value === null || value?.type === "epoch";
    } while (!trained || (performance.now() < until && batches < maxBatches));
    return { events, state: await encodeState(await this.#training.snapshot()) };
  }

  /** Ends training where it is and frees what it holds. */
  [Symbol.dispose](): void {
    this.#training.abandon();
    this.#owned.dispose();
  }
}

async function begin(options: TrainOptions, owned: DisposableStack): Promise<Training> {
  const config = configOf(options);
  const backend = options.backend ?? owned.use(await backendFor(options.resume));
  return new Training(options, config, backend, owned);
}

/** What goes on without a configuration of its own goes on with the one that it was begun with. */
function configOf({ config, preset, resume }: TrainOptions): TrainConfig {
  if (!resume || preset !== undefined) return resolveConfig(config, preset);
  return resolveConfig({ ...resume.identity.config, ...config });
}

/** What computed so far, in its build, because others round otherwise. */
function backendFor(resume: TrainingState | undefined): Promise<Backend> {
  if (!resume) return createBackend();
  const { backend, simd, adapter } = resume.identity.computing;
  return createBackend({
    backend: backend as "wasm" | "webgpu" | "reference",
    simd: (simd ?? "auto") as "strict" | "relaxed" | "auto",
    adapter: adapter?.replace(/ \(software\)$/, ""),
  });
}
