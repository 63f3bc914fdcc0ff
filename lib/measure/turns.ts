/** Contenders, one after the other. */
import { yieldToEventLoop } from "../train/event_loop.ts";
import type { Contender } from "./contender.ts";

export interface TurnsOptions {
  /** Ends the turns soon: what was aborted with is thrown. */
  readonly signal: AbortSignal;
  /** Called with a few words on what is being measured. */
  readonly onProgress?: (what: string) => void;
  /** Called with what was thrown where a contender is given up. */
  readonly onFailure?: (label: string, error: unknown) => void;
}

export class Turns {
  constructor(readonly options: TurnsOptions) {}

  /** Does `work` with each contender that has not failed yet; what is thrown ends that one alone. */
  async each(
    contenders: readonly Contender[],
    what: string,
    work: (contender: Contender) => Promise<void>,
  ): Promise<void> {
    const { signal, onProgress, onFailure } = this.options;
    for (const contender of contenders) {
      if (contender.failed) continue;
      onProgress?.(`${contender.record.label}: ${what}`);
      await yieldToEventLoop();
      signal.throwIfAborted();
      try {
        await work(contender);
      } catch (error) {
        signal.throwIfAborted();
        contender.fail(error);
        onFailure?.(contender.record.label, error);
      }
    }
  }

  /** So many times one after the other, so that what disturbs the machine disturbs all. */
  async rounds(
    rounds: number,
    contenders: readonly Contender[],
    what: string,
    work: (contender: Contender) => Promise<void>,
  ): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      await this.each(contenders, `${what}, round ${round} of ${rounds}`, work);
    }
  }
}
