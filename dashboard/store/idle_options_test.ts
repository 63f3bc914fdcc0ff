import assert from "node:assert/strict";
import { DEFAULTS } from "../../lib/config/presets.ts";
import { idleOptions } from "./idle_options.ts";

Deno.test("options without an effect are those of another optimizer, schedule, or way to say the layers", () => {
  const config = { preset: "baseline", ...DEFAULTS };
  const idle = idleOptions(config);
  for (const name of ["momentum", "beta1", "pctStart", "scheduleStep"]) assert(idle.includes(name));
  for (const name of ["hidden", "activation", "learningRate"]) assert(!idle.includes(name), name);
  const layered = idleOptions({ ...config, layers: "dense 8, relu", optimizer: "momentum" });
  for (const name of ["hidden", "activation", "dropout"]) assert(layered.includes(name), name);
  assert(!layered.includes("momentum"));
});

Deno.test("whatever a log has for an option, it is not in the way", () => {
  assert.deepEqual(idleOptions({}), []);
  assert.deepEqual(idleOptions({ hidden: [8], layers: 5, optimizer: null }), ["hidden"]);
});
