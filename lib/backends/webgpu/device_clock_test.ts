import assert from "node:assert/strict";
import { credibleMs } from "./device_clock.ts";

Deno.test("a device computed for no longer than was waited, but for what two clocks differ", () => {
  assert.equal(credibleMs(0, 0), 0);
  assert.equal(credibleMs(90, 100), 90);
  assert.equal(credibleMs(101, 100), 101);
  // Ticks of 1/50 ns taken for nanoseconds.
  assert.equal(credibleMs(4500, 100), null);
});
