/** Ctrl-C as an abort signal. */
import { host, type Signal } from "../host/mod.ts";
import { WeftError } from "../errors.ts";

/** Windows has no SIGTERM; Ctrl-Break is what comes nearest. */
const SIGNALS: Signal[] = host.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/** Exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/** The reason of the abort; thrown where a command has nothing to finish. */
export class InterruptedError extends WeftError {
  override name = "InterruptedError";
  override readonly exitCode = INTERRUPTED;
}

/** A signal that can be given back. */
export type Interruption = Disposable & { readonly signal: AbortSignal };

/** A signal that the first SIGINT or SIGTERM aborts; a second ends the process at once. */
export function interruption(): Interruption {
  return interruptedBy(SIGNALS, () => host.exit(INTERRUPTED));
}

/**
 * The same for one of several processes, whose launcher sends a signal more than once, and ends by force who stays too long.
 * Slurm's warning before the end of a job's time is SIGUSR2, if it is asked for that: Deno takes SIGUSR1 for its inspector.
 */
export function launchedInterruption(): Interruption {
  return interruptedBy(host.build.os === "windows" ? SIGNALS : [...SIGNALS, "SIGUSR2"], () => {});
}

function interruptedBy(signals: readonly Signal[], again: () => void): Interruption {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) again();
    controller.abort(new InterruptedError("Interrupted before there was anything to save"));
  };
  for (const name of signals) host.addSignalListener(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) host.removeSignalListener(name, onSignal);
    },
  };
}
