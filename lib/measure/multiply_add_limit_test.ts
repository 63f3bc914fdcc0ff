import assert from "node:assert/strict";
import { multiplyAddLimit } from "./multiply_add_limit.ts";

Deno.test("the limit of one thread is a speed that a processor can have", async () => {
  const limit = await multiplyAddLimit();
  // Deno's engine fuses multiply-adds. 16 operations a cycle at 10 GHz are more than any core does; a slow one that is
  // shared does a thousandth.
  assert(limit !== null && limit > 0.16 && limit < 160, String(limit));
});
