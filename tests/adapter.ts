/** Whether the machine that runs the tests has a WebGPU adapter. */
import { listAdapters } from "../lib/backends/mod.ts";

/** The adapters of this machine. */
export const adapters = await listAdapters();

/** Why tests of WebGPU cannot run here; null where they can. */
export const NO_ADAPTER = adapters.length === 0 ? "no WebGPU adapter" : null;
