/** Both builds of the WebAssembly kernels meet the contract. */
import relaxedKernels from "../../assembly/build/relaxed.js";
import { createBackend } from "../../lib/backends/mod.ts";
import { conformanceSuite, ownershipSuite } from "../conformance/suite.ts";

const hasRelaxedSimd = WebAssembly.validate(Uint8Array.fromBase64(relaxedKernels));

conformanceSuite("wasm strict", () => createBackend({ backend: "wasm", simd: "strict" }));
conformanceSuite(
  "wasm relaxed",
  () => createBackend({ backend: "wasm", simd: "relaxed" }),
  hasRelaxedSimd ? null : "this engine has no relaxed SIMD",
);
ownershipSuite("wasm", () => createBackend({ backend: "wasm", threads: 2 }));
