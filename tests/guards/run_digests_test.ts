/**
 * Runs end with the bits that they always ended with, for any number of threads and however they are cut. Golden files:
 * make_golden.ts, with strict kernels.
 */
import assert from "node:assert/strict";
import presets from "../golden/preset_digests.json" with { type: "json" };
import golden from "../golden/run_digests.json" with { type: "json" };
import { train } from "../../lib/mod.ts";
import { testUnless } from "../support/cli.ts";
import { localFashionMnist, NO_FASHION_MNIST } from "../data/local_fashion_mnist.ts";
import {
  digestOf,
  digestOfRun,
  digestOfSlices,
  GUARD_RUNS,
  optionsOf,
  strictBackend,
} from "./guard_runs.ts";

for (const [name, run] of Object.entries(GUARD_RUNS)) {
  const expected = golden[name as keyof typeof golden];
  Deno.test(`a run ends with the same bits, with 1 to 4 threads: ${name}`, async () => {
    for (const threads of [1, 2, 3, 4]) {
      assert.equal(await digestOfRun(optionsOf(run), threads), expected, `${threads} threads`);
    }
  });

  Deno.test(`a run that is cut every two batches ends with the same bits: ${name}`, async () => {
    assert.equal(await digestOfSlices(optionsOf(run), 2), expected);
  });
}

const dataset = await localFashionMnist();
const IS_ASKED_FOR = Deno.env.has("WEFT_WHOLE_PRESETS");

for (const [preset, expected] of Object.entries(presets)) {
  const isQuick = preset === "baseline";
  const reason = !dataset
    ? NO_FASHION_MNIST
    : isQuick || IS_ASKED_FOR
    ? null
    : "it takes a minute or two; with WEFT_WHOLE_PRESETS=1 it is tested";
  testUnless(reason, `all epochs of the preset end with the same bits: ${preset}`, async () => {
    using backend = await strictBackend(2);
    const events = await Array.fromAsync(train({ ...dataset!, preset, backend }));
    assert.equal(await digestOf(events), expected);
  });
}
