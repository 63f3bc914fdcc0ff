/** Counts what requests hold at once, so that many of them cannot fill the memory. */

import type { Limits } from "./limits.ts";
import { busy } from "./refusal.ts";

export class RequestBudget {
  #requests = 0;
  #bytes = 0;

  constructor(readonly limits: Pick<Limits, "requests" | "heldBytes">) {}

  /**
   * Lets a request in.
   *
   * @throws {Refusal} 503 where there are as many as there may be
   */
  enter(): Reservation {
    const { requests, heldBytes } = this.limits;
    if (this.#requests >= requests) throw busy(`${requests} others are being read`);
    this.#requests++;
    let own = 0;
    const giveBack = () => {
      this.#bytes -= own;
      own = 0;
    };
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > heldBytes) {
          // At once, for those beside it: many that grow in step would all be refused otherwise.
          giveBack();
          throw busy(`what is being read takes ${heldBytes} bytes already`);
        }
        this.#bytes += bytes;
        own += bytes;
      },
      [Symbol.dispose]: () => {
        this.#requests--;
        giveBack();
      },
    };
  }
}

/** What one request holds, until it is disposed of. */
export interface Reservation extends Disposable {
  /** @throws {Refusal} 503 where everybody's bytes together are too many; the request then holds none */
  take(bytes: number): void;
}
