/** A search whose trials workers train that it knows nothing of: it offers steps, and waits for what they come to. */
import { messageOf } from "../../../errors.ts";
import { Broker } from "../../../nats/broker.ts";
import type { TrialRecord } from "../../../run_log/search/search.ts";
import { placeTrial } from "../../../run_log/search/trial_files.ts";
import type { Standing, TrialResult, TrialStep } from "../../../search/progress.ts";
import { VERSION } from "../../arguments.ts";
import { printErrorLine } from "../../output.ts";
import { runsFolder } from "../../places.ts";
import {
  type EpochMessage,
  epochMessage,
  readMessage,
  type ResultMessage,
  resultMessage,
  type StepMessage,
  stepName,
} from "./messages.ts";

/** How long one request for a result waits. */
const WAIT_MS = 2000;

type Facts = Pick<StepMessage, "search" | "data" | "sha256">;

export class Coordinator implements AsyncDisposable {
  readonly #reader: string;
  /** What has come, by step. */
  readonly #results = new Map<string, ResultMessage>();
  readonly #waiting = new Map<string, (message: ResultMessage) => void>();
  readonly #epochs = new Map<number, (message: EpochMessage) => void>();
  #isOver = false;
  #reading: Promise<void> = Promise.resolve();

  private constructor(readonly broker: Broker, readonly facts: Facts) {
    this.#reader = `search-${facts.search}`;
  }

  /** @throws {WeftError} where there is no such server */
  static async open(url: string, facts: Facts): Promise<Coordinator> {
    const coordinator = new Coordinator(await Broker.connect(url), facts);
    await coordinator.#begin();
    return coordinator;
  }

  async #begin(): Promise<void> {
    const { broker, facts: { search } } = this;
    // What was found while nobody listened is read first, from the beginning.
    await broker.rereadFrom(this.#reader);
    while (await this.#readOne(REPLAY_MS));
    broker.listen("epoch", search, (value) => {
      const message = readMessage(epochMessage, value);
      if (message) this.#epochs.get(message.trial)?.(message);
    });
    this.#reading = this.#read();
  }

  /** As `trainTrial`, on another machine. */
  async train(
    { trial, until }: TrialStep,
    { signal, onEpoch }: {
      readonly signal: AbortSignal;
      readonly onEpoch: (standing: Standing) => void;
    },
  ): Promise<TrialResult> {
    const { search } = this.facts;
    const step = stepName(trial.trial, until);
    this.#epochs.set(trial.trial, ({ host, standing }) => onEpoch({ ...standing, host }));
    const message = this.#results.get(step) ?? await this.#ask(step, trial, until, signal);
    this.#epochs.delete(trial.trial);
    if (!message) return cut(trial);
    await this.#place(search, trial);
    return { ...message.result, host: message.host };
  }

  /** Null where the search is told to stop. */
  async #ask(
    step: string,
    trial: TrialRecord,
    until: number | null,
    signal: AbortSignal,
  ): Promise<ResultMessage | null> {
    const { facts, broker } = this;
    const found = new Promise<ResultMessage>((resolve) => this.#waiting.set(step, resolve));
    const stopped = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      else signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    const message = { ...facts, version: VERSION, trial, until } satisfies StepMessage;
    const asked = broker.offer(facts.search, step, message).then(() => found);
    return await Promise.race([asked, stopped]);
  }

  /** The trial's run, for whoever looks at it here. */
  async #place(search: string, { run, trial }: TrialRecord): Promise<void> {
    try {
      const bytes = await this.broker.kept(search, trial);
      if (bytes) await placeTrial(runsFolder(), run, { search, trial }, bytes);
    } catch (error) {
      printErrorLine(`note: ${messageOf(error)}`);
    }
  }

  async #read(): Promise<void> {
    while (!this.#isOver) await this.#readOne(WAIT_MS);
  }

  async #readOne(waitMs: number): Promise<boolean> {
    const { search } = this.facts;
    const held = await this.broker.result(search, this.#reader, waitMs);
    if (!held) return false;
    const message = readMessage(resultMessage, held.value);
    if (message) {
      const step = stepName(message.trial, message.until);
      this.#results.set(step, message);
      this.#waiting.get(step)?.(message);
      this.#waiting.delete(step);
    }
    await held.done();
    return true;
  }

  /** Takes back what has been offered and is not done. */
  async stop(): Promise<void> {
    this.broker.tell("stop", this.facts.search);
    await this.broker.withdraw(this.facts.search);
  }

  /** Removes what the server keeps of the search, which is over. */
  async forget(trials: readonly TrialRecord[]): Promise<void> {
    this.#isOver = true;
    await this.#reading;
    await this.broker.forget(this.facts.search, this.#reader, trials.map(({ trial }) => trial));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.broker[Symbol.asyncDispose]();
    await this.#reading;
  }
}

/** How long one waits for results that are there. */
const REPLAY_MS = 1000;

function cut({ epochs, validationLoss, validationAccuracy, validation }: TrialRecord): TrialResult {
  return { outcome: "cut", epochs, validationLoss, validationAccuracy, validation };
}
