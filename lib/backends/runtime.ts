/** What a program must have to compute at all. */
import { WeftError } from "../errors.ts";

/** The oldest version of Node that is tested; before, there is no `crypto`, and one thread at most. */
const OLDEST_NODE = 20;

interface Host {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> };
  readonly WebAssembly?: unknown;
}

/** @throws {WeftError} where this program is too old, or has no WebAssembly */
export function requireRuntime(host = globalThis as Host): void {
  const { node, bun, deno } = host.process?.versions ?? {};
  // Others say which Node they are like.
  if (node && !bun && !deno && parseInt(node) < OLDEST_NODE) {
    throw new WeftError(
      `Cannot compute: this is Node ${node}, and Weft needs Node ${OLDEST_NODE} or newer; install a newer one`,
    );
  }
  if (!host.WebAssembly) {
    throw new WeftError(
      "Cannot compute: this program has no WebAssembly, perhaps because it was started without " +
        '(iOS lockdown mode, --jitless); allow it, or give createBackend({ backend: "reference" }), which is slow',
    );
  }
}
