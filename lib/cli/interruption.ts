/** Ctrl-C as an abort signal. */

const SIGNALS: Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/** A signal that the first SIGINT or SIGTERM aborts; a second ends the process at once. */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) Deno.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of SIGNALS) Deno.addSignalListener(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) Deno.removeSignalListener(name, onSignal);
    },
  };
}
