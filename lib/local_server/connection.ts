/**
 * A connection as a stream of Node's, which parses HTTP, with the time limits that Node's own server leaves to its sockets.
 * It waits for a request, or is busy with one; one that waits too long ends.
 */

import { Duplex } from "node:stream";
import type { ServerLimits } from "./limits.ts";

/** Bytes that are read at once; a client that sends further requests before it is answered has as many read at most. */
const READ_BYTES = 16 * 1024;

type Callback = (error?: Error | null) => void;

export class Connection extends Duplex {
  /** When it began to wait for a request, or the last bytes came, of `performance.now()`. */
  #since = performance.now();
  /** Whether the request that came last has come whole. */
  #isWhole = () => true;
  /** Requests that were read and not yet answered. */
  #requests = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Is resolved when the next request may be read. */
  #turn = Promise.withResolvers<void>();

  constructor(readonly conn: Deno.TcpConn, readonly limits: ServerLimits) {
    super();
    try {
      conn.setNoDelay(true);
    } catch {
      // The other side has gone already; reading says so.
    }
    this.#turn.resolve();
    this.#endAfter(limits.headMs);
  }

  /** Since when it waits for the client, of `performance.now()`; null while the client waits for an answer. */
  get waitingSince(): number | null {
    return this.#requests === 0 || !this.#isWhole() ? this.#since : null;
  }

  /**
   * The head of a request has come.
   *
   * @param isWhole whether its body has come, too
   */
  beginRequest(isWhole: () => boolean): void {
    this.#isWhole = isWhole;
    if (this.#requests++ === 0) {
      clearTimeout(this.#timer);
    } else if (this.#requests === 2) {
      // A client that sends the next request before it is answered is not read any further for now.
      this.#turn = Promise.withResolvers<void>();
    }
  }

  /** The answer to a request has been sent, or cannot be. */
  endRequest(): void {
    if (--this.#requests <= 1) this.#turn.resolve();
    if (this.#requests > 0 || this.destroyed) return;
    this.#since = performance.now();
    this.#endAfter(this.writableEnded ? this.limits.lingerMs : this.limits.headMs);
  }

  override async _read(): Promise<void> {
    try {
      await this.#turn.promise;
      const buffer = new Uint8Array(READ_BYTES);
      const length = await this.conn.read(buffer);
      if (this.#requests > 0) this.#since = performance.now();
      this.push(length === null ? null : buffer.subarray(0, length));
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override async _write(chunk: Uint8Array, _encoding: string, done: Callback): Promise<void> {
    try {
      for (let sent = 0; sent < chunk.length;) sent += await this.#writeSome(chunk.subarray(sent));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  /** Bytes that were taken. */
  async #writeSome(bytes: Uint8Array): Promise<number> {
    const timer = setTimeout(() => this.destroy(), this.limits.stalledMs);
    try {
      return await this.conn.write(bytes);
    } finally {
      clearTimeout(timer);
    }
  }

  override async _final(done: Callback): Promise<void> {
    // The other side may have gone already.
    await this.conn.closeWrite().catch(() => {});
    if (this.#requests === 0) this.#endAfter(this.limits.lingerMs);
    done();
  }

  override _destroy(error: Error | null, done: Callback): void {
    clearTimeout(this.#timer);
    this.#turn.resolve();
    try {
      this.conn.close();
    } catch {
      // It was closed by the other side.
    }
    done(error);
  }

  #endAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.destroy(), ms);
  }
}
