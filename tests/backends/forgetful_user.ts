/** A program that makes a back end of two threads, uses it and forgets to dispose of it. memory_test.ts runs it. */
import { createBackend } from "../../lib/mod.ts";

const backend = await createBackend({ backend: "wasm", threads: 2 });
const x = backend.allocate(256, 100);
backend.activation("relu", x, x);
await backend.read(x);
console.log(`${backend.description.threads} threads`);
if (Deno.args[0] === "throw") throw new Error("the user's own error");
