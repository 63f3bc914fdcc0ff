/** The predictor's kernels as this engine can run them. */

import { decodeBase64 } from "../bytes/base64.ts";
import { messageOf, WeftError } from "../errors.ts";

/** Modules that export a build of the kernels in base64. */
export interface KernelTexts {
  /** With fused multiply-add. */
  readonly relaxed: () => Promise<{ readonly default: string }>;
  readonly strict: () => Promise<{ readonly default: string }>;
}

/** Those of the checkout or the package; the one that is not wanted is not loaded. */
const BUILT: KernelTexts = {
  relaxed: () => import("../../assembly/build/predictor.js"),
  strict: () => import("../../assembly/build/predictor_strict.js"),
};

/**
 * Compiles the relaxed build, or the strict one where the engine has no relaxed SIMD (Node 20, Safari).
 *
 * @throws {WeftError} where neither can be loaded or run
 */
export async function compilePredictorKernels(texts = BUILT): Promise<WebAssembly.Module> {
  try {
    for (const build of ["relaxed", "strict"] as const) {
      const bytes = decodeBase64((await texts[build]()).default);
      if (WebAssembly.validate(bytes)) return await WebAssembly.compile(bytes);
    }
  } catch (error) {
    throw new WeftError(
      `Cannot load the kernels of the predictor: ${
        messageOf(error)
      }; "deno task build:predictor" makes them in a ` +
        "checkout, and a host that compiles nothing at run time must be given a compiled module (kernels)",
      { cause: error },
    );
  }
  throw new WeftError(
    "Cannot run the kernels of the predictor: this engine or processor has no WebAssembly SIMD (x86-64 needs SSE4.1; " +
      "browsers have it since 2021, Safari since 2023); use a newer one",
  );
}
