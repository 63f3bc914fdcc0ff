import assert from "node:assert/strict";
import { PRESETS } from "../../lib/config/presets.ts";
import { changedOptions } from "./changed_options.ts";

Deno.test("options that differ from the run's own preset are what was decided", () => {
  assert.deepEqual(changedOptions({ ...PRESETS.small, preset: "small" }), []);
  const changed = { ...PRESETS.small, preset: "small", learningRate: 0.5, hidden: [8] };
  assert.deepEqual(changedOptions(changed).sort(), ["hidden", "learningRate"]);
});

Deno.test("a stranger's options are compared with the defaults, and what is no option is none", () => {
  const config = { preset: "__proto__", learningRate: 7, toString: 5, mine: true };
  assert.deepEqual(changedOptions(config), ["learningRate"]);
});
