/** Whether the machine that runs the tests has a WebGPU adapter. */
import type { Backend } from "../../lib/backend/mod.ts";
import { listAdapters } from "../../lib/backends/mod.ts";

// Without it Mesa writes a line to standard error for each adapter.
if (Deno.build.os === "linux" && !Deno.env.get("XDG_RUNTIME_DIR")) {
  Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
}

/** The adapters of this machine. */
export const adapters = await listAdapters();

/** A person should not wait two minutes for a program that plays a GPU; a machine that runs the tests does. */
const isTooSlow = adapters.every(({ software }) => software) && !Deno.env.has("CI");

/** Why tests of WebGPU do not run here; null where they do. */
export const NO_ADAPTER = adapters.length === 0
  ? "no WebGPU adapter"
  : isTooSlow
  ? "the only WebGPU adapter is in software, which takes two minutes; with CI=1 it is tested"
  : null;

/**
 * Makes one back end, which its users share and do not dispose of: an adapter in software takes a second to compile the
 * kernels of each device.
 */
export function shared(make: () => Promise<Backend>): () => Promise<Backend> {
  let made: Promise<Backend> | undefined;
  return async () => ({ ...await (made ??= make()), [Symbol.dispose]: () => {} });
}
