/**
 * Takes connections, so many and no more. When there are as many as there may be, the one that has waited longest for a
 * request makes room; where all are busy, the next one waits in the system's queue. Keeps on when the process may open no
 * more files: that ends when others are closed.
 */

import { Connection } from "./connection.ts";
import type { ServerLimits } from "./limits.ts";

/** Between two looks whether there is room, while there is none or the system refuses. */
const RETRY_MS = 50;

/** Files that the answers themselves need, when the system has said that there are no more. */
const FILES_FOR_ANSWERS = 8;

const FEWEST_CONNECTIONS = 4;

export class Acceptor {
  readonly #open = new Set<Connection>();
  #most: number;
  #freed = Promise.withResolvers<void>();
  #hasSaid = false;

  constructor(
    readonly listener: Deno.TcpListener,
    readonly limits: ServerLimits,
    readonly onConnection: (connection: Connection) => void,
  ) {
    this.#most = limits.connections;
  }

  /** Ends when the listener is closed, and all connections with it. */
  async run(): Promise<void> {
    for (;;) {
      try {
        const conn = await this.listener.accept();
        while (this.#open.size >= this.#most && !this.#makeRoom()) {
          await Promise.race([this.#freed.promise, pause(RETRY_MS)]);
        }
        this.#take(conn);
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) break;
        // It was gone before it was taken.
        if (error instanceof Deno.errors.ConnectionAborted) continue;
        this.#refused(error);
        await pause(RETRY_MS);
      }
    }
    for (const connection of this.#open) connection.destroy();
  }

  #take(conn: Deno.TcpConn): void {
    const connection = new Connection(conn, this.limits);
    this.#open.add(connection);
    connection.on("error", () => {}); // A client that breaks off is no defect.
    connection.once("close", () => {
      this.#open.delete(connection);
      this.#freed.resolve();
      this.#freed = Promise.withResolvers();
    });
    this.onConnection(connection);
  }

  /** Ends the connection that has waited longest for a request, if one has waited so long that it may have sent it. */
  #makeRoom(): boolean {
    let oldest: Connection | null = null;
    let since = performance.now() - this.limits.graceMs;
    for (const connection of this.#open) {
      if (connection.waitingSince === null || connection.waitingSince > since) continue;
      [oldest, since] = [connection, connection.waitingSince];
    }
    if (!oldest) return false;
    this.#open.delete(oldest);
    oldest.destroy();
    return true;
  }

  #refused(error: unknown): void {
    this.#most = Math.max(
      FEWEST_CONNECTIONS,
      Math.min(this.#most, this.#open.size - FILES_FOR_ANSWERS),
    );
    while (this.#open.size > this.#most && this.#makeRoom());
    if (this.#hasSaid) return;
    this.#hasSaid = true;
    const why = error instanceof Error ? error.message : String(error);
    console.error(
      `note: a connection could not be taken: ${why}; from now on there are at most ${this.#most} at once`,
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
