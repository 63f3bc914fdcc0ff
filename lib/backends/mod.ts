/**
 * Makes back ends: the only place that knows the implementations.
 */
import type { Backend } from "../backend.ts";
import { checked } from "./checked.ts";
import { ReferenceBackend } from "./reference.ts";
import type { Simd } from "./wasm/kernels.ts";
import { WasmBackend } from "./wasm/wasm_backend.ts";

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
 * @throws {WeftError} where it cannot be had here; the message says why and what to do
 */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  const { backend = "auto", simd = "auto", threads } = options;
  if (backend === "reference") return checked(new ReferenceBackend());
  return checked(await WasmBackend.create({ simd, threads }));
}
