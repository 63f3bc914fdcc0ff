/**
 * What a search over machines keeps on a NATS server with JetStream: the steps of trials that wait for a worker, what they
 * came to, and the files of their runs. Whoever talks to it may be killed at any moment, and so may the server.
 *
 * - `weft-steps`, a work queue: at most one message a step, which is there until a worker has acknowledged it. A worker that
 *   says nothing for the length of a lease loses it to another.
 * - `weft-results`: at most one message a step, the first that comes. Two workers that do one step come to the same.
 * - `weft-runs`, an object store: of each trial, the files that it takes to continue.
 *
 * A result is stored before its step is acknowledged, so that a step which is nowhere has been done.
 */
import {
  AckPolicy,
  type Consumer,
  DiscardPolicy,
  jetstream,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
  type JsMsg,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { messageOf, WeftError } from "../errors.ts";
import { type BrokerAddress, brokerAddress } from "./address.ts";

const STEPS = "weft-steps", RESULTS = "weft-results", RUNS = "weft-runs";
const WORKERS = "workers";

/** How long a worker that says nothing keeps a step. */
export const LEASE_MS = 10_000;

/** How long the server keeps what nobody removes: of a search that was killed and is not resumed. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Of a request, before it is made again. */
const REQUEST_MS = 4000;

/** Between two tries. */
const PAUSE_MS = 250;

/** JetStream counts in nanoseconds. */
const NANOSECONDS = 1e6;

/** JetStream's codes: there is such a message of the subject already; there is no such stream, or consumer. */
const IS_THERE = 10077, NO_STREAM = 10059, NO_CONSUMER = 10014;

/** A message that is another's until it is acknowledged. */
export interface Held {
  /** From JSON; undefined where it is none. */
  readonly value: unknown;
  /** How often it has been given to somebody, this time included. */
  readonly deliveries: number;
  /** Keeps it for another lease. */
  extend(): void;
  /** It is done. */
  done(): Promise<void>;
  /** Somebody else shall have it now. */
  giveBack(): void;
}

export class Broker implements AsyncDisposable {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #store: ObjectStore;
  readonly #consumers = new Map<string, Promise<Consumer>>();
  #isClosed = false;

  private constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    store: ObjectStore,
  ) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection, { timeout: REQUEST_MS });
    this.#store = store;
  }

  /**
   * @throws {UsageError} where that is no address
   * @throws {WeftError} where no server answers there, or it has no JetStream
   */
  static async connect(url: string): Promise<Broker> {
    const address = brokerAddress(url);
    const cannot = `Cannot use the NATS server at ${address.shown}`;
    const connection = await connected(address).catch((error) => {
      throw new WeftError(`${cannot}: ${messageOf(error)}; start it, or correct --nats`);
    });
    try {
      const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
      const common = { storage: StorageType.File, max_age: KEPT_MS * NANOSECONDS };
      const once = {
        ...{ discard: DiscardPolicy.New, discard_new_per_subject: true, max_msgs_per_subject: 1 },
      };
      await makeStream(manager, {
        ...{ name: STEPS, subjects: ["weft.steps.>"], retention: RetentionPolicy.Workqueue },
        ...common,
        ...once,
      });
      await makeStream(manager, {
        ...{ name: RESULTS, subjects: ["weft.results.>"], retention: RetentionPolicy.Limits },
        ...common,
        ...once,
      });
      const store = await new Objm(connection).create(RUNS, {
        storage: StorageType.File,
        ttl: KEPT_MS * NANOSECONDS,
      });
      return new Broker(connection, manager, store);
    } catch (error) {
      await connection.close();
      throw new WeftError(
        `${cannot}: ${messageOf(error)}; start it with JetStream, as in nats-server -js`,
      );
    }
  }

  /** Puts a step into the queue, unless it is there. */
  async offer(search: string, step: string, value: unknown): Promise<void> {
    await this.#publishOnce(`weft.steps.${search}.${step}`, value);
  }

  /** Stores what a step came to, unless that is known. */
  async report(search: string, step: string, value: unknown): Promise<void> {
    await this.#publishOnce(`weft.results.${search}.${step}`, value);
  }

  /** The next step of any search, for a worker; null where none comes for some time. */
  async take(waitMs: number): Promise<Held | null> {
    return await this.#next(STEPS, WORKERS, "weft.steps.>", waitMs);
  }

  /** How many steps nobody has done. */
  async waiting(): Promise<number> {
    return await this.#insist(async () => (await this.#manager.streams.info(STEPS)).state.messages);
  }

  /** The next of a search's results, from the first on that `reader` has not acknowledged; null likewise. */
  async result(search: string, reader: string, waitMs: number): Promise<Held | null> {
    return await this.#next(RESULTS, reader, `weft.results.${search}.>`, waitMs);
  }

  /** Lets `reader` have all results anew. */
  async rereadFrom(reader: string): Promise<void> {
    this.#consumers.delete(reader);
    await this.#insist(() => this.#removeConsumer(reader));
  }

  /** Tells whoever listens now; where nobody can be reached, nobody hears of it. */
  tell(topic: "epoch" | "stop", search: string, value: unknown = null): void {
    if (this.#isClosed) return;
    this.#connection.publish(`weft.${topic}.${search}`, JSON.stringify(value));
  }

  /** @param search "*" for any */
  listen(
    topic: "epoch" | "stop",
    search: string,
    heard: (value: unknown, search: string) => void,
  ): void {
    this.#connection.subscribe(`weft.${topic}.${search}`, {
      callback: (error, message) => {
        if (!error) heard(valueOf(message), message.subject.split(".")[2]);
      },
    });
  }

  /** Keeps the files of a trial in place of earlier ones. */
  async keep(search: string, trial: number, bytes: Uint8Array): Promise<void> {
    const name = objectName(search, trial);
    await this.#insist(() => this.#store.putBlob({ name }, bytes, { timeout: REQUEST_MS }));
  }

  /** Null where there are none. */
  async kept(search: string, trial: number): Promise<Uint8Array | null> {
    return await this.#insist(() => this.#store.getBlob(objectName(search, trial)));
  }

  /** Takes the steps of a search out of the queue, also those that workers have. */
  async withdraw(search: string): Promise<void> {
    await this.#insist(() =>
      this.#manager.streams.purge(STEPS, { filter: `weft.steps.${search}.>` })
    );
  }

  /** Removes all that is kept of a search. */
  async forget(search: string, reader: string, trials: readonly number[]): Promise<void> {
    await this.withdraw(search);
    const filter = `weft.results.${search}.>`;
    await this.#insist(() => this.#manager.streams.purge(RESULTS, { filter }));
    for (const trial of trials) {
      await this.#insist(() => this.#store.delete(objectName(search, trial)).catch(() => null));
    }
    await this.#insist(() => this.#removeConsumer(reader));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#connection.close();
  }

  async #removeConsumer(reader: string): Promise<void> {
    try {
      await this.#manager.consumers.delete(RESULTS, reader);
    } catch (error) {
      if (codeOf(error) !== NO_CONSUMER) throw error;
    }
  }

  async #publishOnce(subject: string, value: unknown): Promise<void> {
    await this.#insist(async () => {
      try {
        await this.#client.publish(subject, JSON.stringify(value), { timeout: REQUEST_MS });
      } catch (error) {
        if (codeOf(error) !== IS_THERE) throw error;
      }
    });
  }

  async #next(
    stream: string,
    name: string,
    filter: string,
    waitMs: number,
  ): Promise<Held | null> {
    try {
      const consumer = await this.#consumer(stream, name, filter);
      const message = await withTimeout(consumer.next({ expires: waitMs }), waitMs + REQUEST_MS);
      return message && held(message);
    } catch {
      // The server is away, or was begun anew without the consumer.
      this.#consumers.delete(name);
      if (!this.#isClosed) await pause();
      return null;
    }
  }

  /** One that is made where it is missing. */
  #consumer(stream: string, name: string, filter: string): Promise<Consumer> {
    const known = this.#consumers.get(name);
    if (known) return known;
    const made = (async () => {
      await this.#manager.consumers.add(stream, {
        durable_name: name,
        ack_policy: AckPolicy.Explicit,
        ack_wait: LEASE_MS * NANOSECONDS,
        max_deliver: -1,
        filter_subject: filter,
      });
      return await this.#client.consumers.get(stream, name);
    })();
    this.#consumers.set(name, made);
    return made;
  }

  /** Tries until the server has answered: it may be away, and come again. */
  async #insist<T>(call: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await call();
      } catch (error) {
        if (this.#isClosed || isFinal(error)) {
          throw new WeftError(`Cannot search with the NATS server: ${messageOf(error)}`);
        }
        await pause();
      }
    }
  }
}

async function connected({ server, user, pass, token, isTls }: BrokerAddress) {
  return await connect({
    servers: server,
    user,
    pass,
    token,
    tls: isTls ? {} : undefined,
    name: "weft",
    // A server that goes away comes again.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    pingInterval: 5000,
    maxPingOut: 2,
  });
}

async function makeStream(
  manager: JetStreamManager,
  config: Parameters<JetStreamManager["streams"]["add"]>[0],
): Promise<void> {
  try {
    await manager.streams.info(config.name!);
  } catch (error) {
    if (codeOf(error) !== NO_STREAM) throw error;
    await manager.streams.add(config);
  }
}

function held(message: JsMsg): Held {
  return {
    value: valueOf(message),
    deliveries: message.info.deliveryCount,
    extend: () => message.working(),
    // Where that is lost, somebody gets it again and finds that it is done.
    done: async () => void await message.ackAck({ timeout: REQUEST_MS }).catch(() => false),
    giveBack: () => message.nak(),
  };
}

function valueOf(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

const objectName = (search: string, trial: number) => `${search}.${trial}`;

function codeOf(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

/** Whether the server will say the same again. */
function isFinal(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.apiError().code !== 503;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** Null where nothing comes of it in time. */
async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
