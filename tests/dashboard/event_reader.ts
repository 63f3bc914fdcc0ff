/** Reads server-sent events as a browser does, for tests. */

import assert from "node:assert/strict";
import type { LiveEvent } from "../../dashboard/shared/types.ts";

export interface Received {
  readonly id: string;
  readonly event: LiveEvent;
}

/** A connection to a live stream. */
export class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(readonly response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** @param lastId what a browser that comes back sends */
  static async open(address: string, lastId?: string): Promise<EventReader> {
    const response = await fetch(address, lastId ? { headers: { "last-event-id": lastId } } : {});
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    return new EventReader(response);
  }

  /** The next event; anything else that the stream holds is passed over. */
  async next(): Promise<Received> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await this.#reader.read();
        assert(!done, "the stream ended");
        this.#text += value;
        continue;
      }
      const lines = this.#text.slice(0, end).split("\n");
      this.#text = this.#text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field("data");
      if (data !== undefined) return { id: field("id") ?? "", event: JSON.parse(data) };
    }
  }

  /** The next event of a type; others are passed over. */
  async nextOf<T extends LiveEvent["type"]>(
    type: T,
  ): Promise<{ id: string; event: Extract<LiveEvent, { type: T }> }> {
    for (;;) {
      const { id, event } = await this.next();
      if (event.type === type) return { id, event: event as Extract<LiveEvent, { type: T }> };
    }
  }

  /** Whether an event comes within `ms`. The reader cannot be used afterwards if none did. */
  async isQuiet(ms: number): Promise<boolean> {
    const timer = Promise.withResolvers<boolean>();
    const id = setTimeout(() => timer.resolve(true), ms);
    const isQuiet = await Promise.race([timer.promise, this.next().then(() => false, () => true)]);
    clearTimeout(id);
    return isQuiet;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
