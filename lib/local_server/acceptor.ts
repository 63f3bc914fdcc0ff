/**
 * Takes connections, so many and no more. When there are as many as there may be, the one that has waited longest for a
 * request makes room; where all are busy, the next one waits in the system's queue. Goes on when the process may open no
 * more files: that ends when others are closed.
 */

import { Connection } from "./connection.ts";
import type { ServerLimits } from "./limits.ts";

/** Between two attempts while the system refuses. */
const RETRY_MS = 100;

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

  /** Never ends by itself. */
  async run(): Promise<never> {
    for (;;) {
      while (this.#open.size >= this.#most && !this.#makeRoom()) await this.#freed.promise;
      try {
        this.#take(await this.listener.accept());
      } catch (error) {
        this.#refused(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #take(conn: Deno.TcpConn): void {
    const connection = new Connection(conn, this.limits);
    this.#open.add(connection);
    connection.on("error", () => {}); // Whoever breaks off is no defect.
    connection.once("close", () => {
      this.#open.delete(connection);
      this.#freed.resolve();
      this.#freed = Promise.withResolvers();
    });
    this.onConnection(connection);
  }

  /** Ends the connection that has waited longest for a request, if any waits. */
  #makeRoom(): boolean {
    let oldest: Connection | null = null;
    for (const connection of this.#open) {
      const { waitingSince } = connection;
      if (waitingSince === null) continue;
      if (waitingSince < (oldest?.waitingSince ?? Infinity)) oldest = connection;
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
