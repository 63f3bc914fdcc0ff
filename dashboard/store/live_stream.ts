/**
 * One stream of server-sent events for all that a page shows: the list, and the logs of some runs. Only one, because
 * browsers keep no more than six connections to a server.
 *
 * The id of an event says how far its reader is afterwards: `@17,a@120,b@64` is the list up to its 17th change, and the
 * first bytes of two logs.
 */

import type { LiveEvent, RunState } from "../shared/types.ts";
import { formatPositions, type Position } from "../shared/positions.ts";
import type { RunStore } from "./run_store.ts";

/** A comment now and then keeps the connection, and finds out that nobody reads any more. */
const HEARTBEAT_MS = 15_000;

/** What waits to be read at most; a reader that is slower starts again from where it is. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Streams at once, fewer than the server has connections: pages must come even if somebody opens very many. The oldest ends
 * for the next one; its browser comes back with the id of what it has read.
 */
export const MAX_STREAMS = 40;

/** A page is sent within this time of being made; what has changed in between, it does not know. */
const PAGE_AGE_MS = 60_000;

/** Where a reader is. */
interface Resume {
  readonly runs: readonly Position[];
  /** The number of the last change of the list that it knows; null where it has just got the page. */
  readonly change: number | null;
}

/** The bytes of a stream; it ends when its reader goes away. */
export function liveStream(store: RunStore, resume: Resume): ReadableStream<Uint8Array> {
  let reader: LiveReader | null = null;
  return new ReadableStream<Uint8Array>({
    start: (controller) => void (reader = new LiveReader(store, resume, controller)),
    cancel: () => reader?.stop(),
  }, new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }));
}

/** Those that are open, the oldest first. */
const readers = new Set<LiveReader>();

class LiveReader {
  readonly #encoder = new TextEncoder();
  readonly #offsets = new Map<string, number | null>();
  readonly #states = new Map<string, RunState>();
  readonly #stopListening: () => void;
  #names: Set<string>;
  /** Followed runs of which it has been said that they are gone. */
  readonly #gone = new Set<string>();
  #change: number;
  #sentAt = performance.now();
  #isBusy = false;

  constructor(
    readonly store: RunStore,
    resume: Resume,
    readonly controller: ReadableStreamDefaultController<Uint8Array>,
  ) {
    if (readers.size >= MAX_STREAMS) readers.values().next().value!.end();
    readers.add(this);
    for (const { name, offset } of resume.runs) this.#offsets.set(name, offset);
    const listed = store.list();
    this.#names = new Set(listed.map(({ entry }) => entry.name));
    this.#change = this.#knownChange(resume.change);
    // A first word, so that the browser knows that it is connected.
    this.#write("retry: 1000\n\n");
    this.#stopListening = store.listen(() => void this.#tick());
    void this.#tick();
  }

  /** Its reader has gone. */
  stop(): void {
    readers.delete(this);
    this.#stopListening();
  }

  /** Lets its reader go. */
  end(): void {
    this.stop();
    this.controller.close();
  }

  /** Changes from before this server was started have numbers of their own. */
  #knownChange(change: number | null): number {
    if (change !== null) return change <= this.store.change ? change : 0;
    const since = Date.now() - PAGE_AGE_MS;
    const recent = this.store.list().filter(({ changedAt }) => changedAt >= since);
    return Math.min(this.store.change, ...recent.map(({ change }) => change - 1));
  }

  async #tick(): Promise<void> {
    // A log that takes long to read must not be read twice at once.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#sendList();
      for (const name of this.#offsets.keys()) await this.#sendRun(name);
      if (performance.now() - this.#sentAt > HEARTBEAT_MS) this.#write(": still here\n\n");
    } finally {
      this.#isBusy = false;
    }
  }

  #sendList(): void {
    const listed = this.store.list();
    const names = new Set(listed.map(({ entry }) => entry.name));
    // Those that are followed may have gone before the stream began.
    for (const name of new Set([...this.#names, ...this.#offsets.keys()])) {
      // One that others have pushed out of the list is still there.
      if (names.has(name) || this.store.has(name)) this.#gone.delete(name);
      else if (!this.#gone.has(name)) {
        this.#gone.add(name);
        this.#send({ type: "removed", name });
      }
    }
    for (const name of this.#gone) if (!this.#offsets.has(name)) this.#gone.delete(name);
    this.#names = names;
    const changed = listed.filter(({ change }) => change > this.#change);
    for (const { entry, change } of changed.sort((a, b) => a.change - b.change)) {
      this.#change = change;
      this.#send({ type: "summary", summary: entry.summary });
    }
  }

  async #sendRun(name: string): Promise<void> {
    const table = await this.store.table(name);
    // A long log comes in one piece when it has been read.
    if (!table?.isComplete) return;
    const state = table.state(Date.now());
    const known = this.#offsets.get(name) ?? null;
    if (known === table.offset && state === this.#states.get(name)) return;
    const appended = known === null ? null : table.since(known);
    this.#offsets.set(name, table.offset);
    this.#states.set(name, state);
    if (appended) this.#send({ type: "records", name, state, ...appended });
    else this.#send({ type: "restart", detail: table.detail(Date.now()) });
  }

  #send(event: LiveEvent): void {
    const runs = [...this.#offsets].map(([name, offset]) => ({ name, offset }));
    const id = [`@${this.#change}`, formatPositions(runs)].filter((part) => part).join(",");
    this.#write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #write(text: string): void {
    if (!readers.has(this)) return;
    // A reader that has stopped reading is let go; it comes back with the id of what it has read.
    if ((this.controller.desiredSize ?? 0) <= 0) this.end();
    else {
      this.controller.enqueue(this.#encoder.encode(text));
      this.#sentAt = performance.now();
    }
  }
}
