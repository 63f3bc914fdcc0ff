import assert from "node:assert/strict";
import { DEFAULTS } from "../../lib/config/presets.ts";
import { DEFAULT_OPTIONS, listedOptions } from "./listed_options.ts";

Deno.test("a line has the options that are no default and have an effect", () => {
  const config = { preset: "baseline", ...DEFAULTS, backend: "wasm", dataDir: null };
  assert.deepEqual(listedOptions(config), {});
  const other = { ...config, optimizer: "adam", learningRate: 0.01, momentum: 0.5, fold: 2 };
  assert.deepEqual(listedOptions(other), { learningRate: 0.01, optimizer: "adam", fold: 2 });
  assert.equal(DEFAULT_OPTIONS.optimizer, DEFAULTS.optimizer);
});

Deno.test("what a stranger's record has is bounded", () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`option${i}`, i]));
  assert.equal(Object.keys(listedOptions(many)).length, 64);
  assert.deepEqual(listedOptions({ ["x".repeat(99)]: 1, long: "y".repeat(999) }), {});
});
