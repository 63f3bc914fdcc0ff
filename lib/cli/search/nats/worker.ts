/** One of the workers of searches over machines: it takes steps of trials from a NATS server, and trains them here. */
import { UsageError } from "../../../errors.ts";
import { host } from "../../../host/mod.ts";
import { Broker, type Held, LEASE_MS } from "../../../nats/broker.ts";
import { ownLog, packTrial, placeTrial, requireFree } from "../../../run_log/search/trial_files.ts";
import { checkRunName } from "../../../run_log/run/run_folder.ts";
import type { TrialMark } from "../../../run_log/run/records.ts";
import { differencesOf } from "../../../train/checkpoint/state.ts";
import { VERSION } from "../../arguments.ts";
import { INTERRUPTED, interruption } from "../../interruption.ts";
import type { SearchWorkerOptions } from "../../options/search_worker.ts";
import { print, printErrorLine } from "../../output.ts";
import { runsFolder } from "../../places.ts";
import { requireTableArguments } from "../../tables/search_arguments.ts";
import { identifyData } from "../identify_data.ts";
import { requireTrialOptions } from "../space.ts";
import { standAt, trainTrial } from "../trial_process.ts";
import {
  type EpochMessage,
  readMessage,
  type ResultMessage,
  type StepMessage,
  stepMessage,
  stepName,
} from "./messages.ts";

/** How long one request for a step waits. */
const WAIT_MS = 2000;

/** Between two signs of life, and between two looks for files to hand on. */
const BEAT_MS = LEASE_MS / 4;
const KEEP_MS = 10_000;

/** A step that is lost with each worker would be lost with all of them. */
const MOST_DELIVERIES = 6;

export async function work(options: SearchWorkerOptions): Promise<number> {
  host.mkdirSync(runsFolder(), { recursive: true });
  await using broker = await Broker.connect(options.nats!);
  using interrupted = interruption();
  const worker = new Worker(broker, options, interrupted.signal);
  if (!options.json) print(`Waiting for trials on ${worker.host}; end it with Ctrl-C`);
  const count = options.workers ?? navigator.hardwareConcurrency;
  await Promise.all(Array.from({ length: count }, () => worker.run()));
  if (worker.failure) throw worker.failure;
  return INTERRUPTED;
}

/** Whether a search could have drawn the trial: whoever can reach the server may send anything. */
function isSearchs({ trial: { run, options }, data }: StepMessage): boolean {
  const isFolder = data.length === 0 || data.length === 2 && data[0] === "--data-dir";
  try {
    checkRunName(run);
    requireTrialOptions(options);
    if (!isFolder) requireTableArguments(data, "the step of a trial");
    return true;
  } catch {
    return false;
  }
}

class Worker {
  readonly host = host.hostname();
  /** Why it has to end. */
  failure: unknown = null;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  /** Of each search, what stops its trials. */
  readonly #stops = new Map<string, AbortController>();
  /** Of each search, what its data are here. */
  readonly #data = new Map<string, Promise<void>>();

  constructor(readonly broker: Broker, readonly options: SearchWorkerOptions, signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#ending.signal]);
    broker.listen("stop", "*", (_, search) => {
      this.#stops.get(search)?.abort();
      this.#stops.delete(search);
    });
  }

  /** Takes one step after the other. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      const held = await this.broker.take(WAIT_MS);
      if (!held) continue;
      if (this.#signal.aborted) return held.giveBack();
      const beat = setInterval(() => held.extend(), BEAT_MS);
      try {
        await this.#do(held);
      } catch (error) {
        held.giveBack();
        this.failure ??= error;
        this.#ending.abort();
      } finally {
        clearInterval(beat);
      }
    }
  }

  async #do(held: Held): Promise<void> {
    const { deliveries } = held;
    const message = readMessage(stepMessage, held.value);
    if (!message || !isSearchs(message)) {
      printErrorLine("note: a step that was offered is none of Weft's; it is dropped");
      return await held.done();
    }
    const { search, trial: { trial, run, ...rest }, until } = message;
    const step = stepName(trial, until);
    const say = async (result: ResultMessage["result"]) => {
      const found = { trial, until, host: this.host, result } satisfies ResultMessage;
      await this.broker.report(search, step, found);
      await held.done();
    };
    if (deliveries > MOST_DELIVERIES) {
      const error = `its worker was lost ${MOST_DELIVERIES} times`;
      const { epochs, validationLoss, validationAccuracy } = rest;
      return await say({ outcome: "failed", epochs, validationLoss, validationAccuracy, error });
    }
    const data = await this.#dataFor(message);
    const mark = { search, trial };
    const root = runsFolder();
    const bytes = await this.broker.kept(search, trial);
    if (!ownLog(root, run, mark)) requireFree(root, run);
    if (bytes) await placeTrial(root, run, mark, bytes);
    const stop = this.#stops.getOrInsertComputed(search, () => new AbortController());
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    using _keeping = this.#keeping(run, mark);
    const result = await trainTrial({ trial: { ...rest, trial, run, begun: true }, until }, {
      mark,
      data,
      signal,
      onEpoch: (epoch) => {
        const told = { trial, host: this.host, standing: standAt(epoch) } satisfies EpochMessage;
        this.broker.tell("epoch", search, told);
      },
    });
    const files = packTrial(root, run, mark);
    if (files) await this.broker.keep(search, trial, files);
    const { outcome } = result;
    if (outcome !== "cut") await say({ ...result, outcome });
    else if (stop.signal.aborted) await held.done();
    else held.giveBack();
  }

  /** Hands the files on from time to time, for another to continue with where this worker is lost. */
  #keeping(run: string, mark: TrialMark): Disposable {
    let last = 0;
    let isBusy = false;
    const timer = setInterval(async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        const epochs = ownLog(runsFolder(), run, mark)?.epochs.length ?? 0;
        if (epochs <= last) return;
        last = epochs;
        const files = packTrial(runsFolder(), run, mark);
        if (files) await this.broker.keep(mark.search, mark.trial, files);
      } catch {
        // What is handed on at the end says more.
      } finally {
        isBusy = false;
      }
    }, KEEP_MS);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  /**
   * Arguments of `train` that name the data here.
   *
   * @throws {UsageError} where they are not the search's, or another Weft began it
   */
  async #dataFor({ search, version, data, sha256 }: StepMessage): Promise<readonly string[]> {
    if (version !== VERSION) {
      throw new UsageError(
        `Cannot train for the search ${search}: it is of Weft ${version}, and this is ${VERSION}; update one of them`,
      );
    }
    const { dataDir, data: table } = this.options;
    const args = dataDir !== undefined
      ? ["--data-dir", dataDir]
      : table === undefined
      ? data
      : [table, ...data.slice(1)];
    const checked = this.#data.getOrInsertComputed(search, async () => {
      const found = await identifyData(args);
      const differences = differencesOf(sha256, found.sha256);
      if (differences.length === 0) return;
      throw new UsageError(
        `Cannot train for the search ${search} on other data: ${differences.join(", ")}; ` +
          "name the search's data with --data-dir, or a table as DATA",
      );
    });
    await checked;
    return args;
  }
}
