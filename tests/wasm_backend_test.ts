/** Both builds of the WebAssembly kernels meet the contract. */
import { createBackend } from "../lib/backends/mod.ts";
import { conformanceSuite } from "./conformance/suite.ts";
import { relaxedSimdIgnored } from "./relaxed_simd.ts";

conformanceSuite("wasm strict", () => createBackend({ backend: "wasm", simd: "strict" }));
conformanceSuite(
  "wasm relaxed",
  () => createBackend({ backend: "wasm", simd: "relaxed" }),
  relaxedSimdIgnored,
);
