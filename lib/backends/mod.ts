/**
 * Makes back ends: the only place that knows the implementations.
 */
import type { Backend } from "../backend.ts";
import { UsageError } from "../errors.ts";
import { checked } from "./checked.ts";
import { ReferenceBackend } from "./reference.ts";
import type { Simd } from "./wasm/kernels.ts";
import { WasmBackend } from "./wasm/wasm_backend.ts";

/** Each thread has a quarter of a megabyte of its own; beyond this it is a slip of the finger. */
const MOST_THREADS = 64;

export interface BackendOptions {
  /** Which implementation; "auto" (the default) is the fastest here. */
  readonly backend?: "wasm" | "reference" | "auto";
  /** Build of the WebAssembly kernels; "auto" (the default) takes fused multiply-add where the engine has it. */
  readonly simd?: Simd | "auto";
  /** Threads of the WebAssembly kernels; the machine's processors, up to eight, where left out. */
  readonly threads?: number;
}

/**
 * A back end that checks the shapes of every call.
 *
 * @throws {UsageError} where an option has a value that it cannot have
 * @throws {WeftError} where it cannot be had here; the message says why and what to do
 */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  const { backend = "auto", simd = "auto", threads } = options;
  requireOneOf("back end", backend, ["wasm", "reference", "auto"]);
  requireOneOf("build of the kernels", simd, ["strict", "relaxed", "auto"]);
  if (
    threads !== undefined &&
    !(Number.isSafeInteger(threads) && threads >= 1 && threads <= MOST_THREADS)
  ) {
    throw new UsageError(
      `Cannot compute with ${threads} threads: it must be a whole number from 1 to ${MOST_THREADS}`,
    );
  }
  if (backend === "reference") return checked(new ReferenceBackend());
  return checked(await WasmBackend.create({ simd, threads }));
}

function requireOneOf(what: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  throw new UsageError(`Cannot compute with the ${what} "${given}": give ${known.join(" or ")}`);
}
