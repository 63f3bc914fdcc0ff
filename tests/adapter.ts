/** Whether the machine that runs the tests has a WebGPU adapter. */
import type { Backend } from "../lib/backend.ts";
import { listAdapters } from "../lib/backends/mod.ts";

// Without it Mesa writes a line to standard error for each adapter.
if (Deno.build.os === "linux" && !Deno.env.get("XDG_RUNTIME_DIR")) {
  Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
}

/** The adapters of this machine. */
export const adapters = await listAdapters();

/** Why tests of WebGPU cannot run here; null where they can. */
export const NO_ADAPTER = adapters.length === 0 ? "no WebGPU adapter" : null;

/**
 * Makes one back end, which its users share and do not dispose of: an adapter in software takes a second to compile the
 * kernels of each device.
 */
export function shared(make: () => Promise<Backend>): () => Promise<Backend> {
  let made: Promise<Backend> | undefined;
  return async () => ({ ...await (made ??= make()), [Symbol.dispose]: () => {} });
}
