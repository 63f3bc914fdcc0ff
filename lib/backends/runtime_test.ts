import assert from "node:assert/strict";
import { requireRuntime } from "./runtime.ts";

const WebAssembly = {};

Deno.test("a runtime that is too old is named, and one that is like it is not mistaken for it", () => {
  requireRuntime();
  requireRuntime({ WebAssembly });
  for (const node of ["20.0.0", "22.21.1", "100.1.0"]) {
    requireRuntime({ WebAssembly, process: { versions: { node } } });
  }
  requireRuntime({ WebAssembly, process: { versions: { node: "18.0.0", bun: "1.0.0" } } });
  assert.throws(() => requireRuntime({ WebAssembly, process: { versions: { node: "18.20.8" } } }), {
    name: "WeftError",
    message: /this is Node 18\.20\.8, and Weft needs Node 20/,
  });
});

Deno.test("without WebAssembly there is a line, and what to do", () => {
  assert.throws(() => requireRuntime({}), { name: "WeftError", message: /has no WebAssembly/ });
});
