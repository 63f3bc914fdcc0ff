/**
 * Makes back ends: the only place that knows the implementations.
 */
import type { Backend } from "../backend/backend.ts";
import { checked } from "../backend/checked.ts";
import { UsageError } from "../errors.ts";
import { requireRuntime } from "./runtime.ts";
import { createReference } from "./reference/reference_backend.ts";
import type { Simd } from "./wasm/kernels.ts";
import { createWasm } from "./wasm/wasm_backend.ts";

export { kernelsToImport } from "./wasm/kernels.ts";
/** @internal */
export { defaultThreads } from "./wasm/team.ts";
export { type AdapterDescription, listAdapters, namedAdapter } from "./webgpu/adapter.ts";

/** Each thread has a quarter of a megabyte of its own; beyond this it is a slip of the finger. */
const MOST_THREADS = 64;

/** What `createBackend` is asked for. */
export interface BackendOptions {
  /** Which implementation; "auto" (the default) is "wasm", which every machine has. */
  readonly backend?: "wasm" | "webgpu" | "reference" | "auto";
  /** Build of the WebAssembly kernels; "auto" (the default) takes fused multiply-add where the engine has it. */
  readonly simd?: Simd | "auto";
  /** Threads of the WebAssembly kernels; the machine's processors, up to eight, by default. */
  readonly threads?: number;
  /**
   * The GPU of "webgpu": its place in `listAdapters`, from 0, or a part of its name; the first where
   * left out.
   */
  readonly adapter?: string;
  /** Kernels that the host has compiled beforehand (`kernelsToImport`); they decide about `simd`, and take one thread. */
  readonly kernels?: WebAssembly.Module;
}

/**
 * A back end that checks the shapes of every call.
 *
 * @throws {UsageError} where an option has a value that it cannot have
 * @throws {WeftError} where it cannot be had here; the message says why and what to do
 */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  const { backend = "auto", simd = "auto", threads, adapter, kernels } = options;
  requireOneOf("back end", backend, ["wasm", "webgpu", "reference", "auto"]);
  requireOneOf("build of the kernels", simd, ["strict", "relaxed", "auto"]);
  if (
    threads !== undefined &&
    !(Number.isSafeInteger(threads) && threads >= 1 && threads <= MOST_THREADS)
  ) {
    throw new UsageError(
      `Cannot compute with ${threads} threads: it must be a whole number from 1 to ${MOST_THREADS}`,
    );
  }
  if (backend === "reference") return checked(createReference());
  requireRuntime();
  if (backend === "webgpu") {
    // Loaded by those who ask for it.
    const { createWebGpu } = await import("./webgpu/webgpu_backend.ts");
    return checked(await createWebGpu({ adapter }));
  }
  return checked(await createWasm({ simd, threads, kernels }));
}

function requireOneOf(what: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  throw new UsageError(`Cannot compute with the ${what} "${given}": give ${known.join(" or ")}`);
}
