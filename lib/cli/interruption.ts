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

/** A signal that the first SIGINT or SIGTERM aborts; a second ends the process at once. */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) host.exit(INTERRUPTED);
    controller.abort(new InterruptedError("Interrupted before there was anything to save"));
  };
  for (const name of SIGNALS) host.addSignalListener(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) host.removeSignalListener(name, onSignal);
    },
  };
}
