/** Whether this engine runs the relaxed build of the kernels. */
import relaxedKernels from "../assembly/build/relaxed.js";

/** Why a test that needs it is ignored; null where it can run. */
export const relaxedSimdIgnored = WebAssembly.validate(Uint8Array.fromBase64(relaxedKernels))
  ? null
  : "this engine has no relaxed SIMD";
