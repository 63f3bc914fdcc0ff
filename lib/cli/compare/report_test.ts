import assert from "node:assert/strict";
import { sampleComparison, sampleContender } from "../../../tests/samples/comparison.ts";
import { comparisonReport } from "./report.ts";

/** The report with its wrapped lines joined, and the report itself checked for its width. */
function report(changes: Partial<typeof sampleComparison> = {}): string {
  const text = comparisonReport({ ...sampleComparison, ...changes });
  for (const line of text.split("\n")) assert(line.length <= 80, line);
  return text.replaceAll(/\n {2}(?=\S)/g, " ");
}

Deno.test("a comparison is tables of what was measured", () => {
  const text = report();
  assert.match(
    text,
    /^784-100-10 sigmoid, batches of 256, 48,000 training rows of fashion-mnist\n/,
  );
  assert.match(text, /^wasm relaxed x1 +2\.00 ms ±5 % +400 ms ±5 % +120,000 +41\.0 +80 %$/m);
  assert.match(
    text,
    /^wasm relaxed x1 +12\.5 ms +6\.00 ms +64\.0 MB +49\.5 MB +1\.2e-5 +2\.4e-7$/m,
  );
  assert.match(text, /^gemm 256x784x100 +667 us +50\.0 ms$/m);
  assert.match(text, /^1,024 +10\.2 ms +2\.02 ms$/m);
  assert.match(text, /^start and first step: the first row of a wasm build also compiles it$/m);
});

Deno.test("an adapter in software is called so wherever it is named", () => {
  const text = report();
  assert.match(text, /^webgpu \(software\) is llvmpipe .*: .* its times are no GPU's$/m);
  for (const [line] of text.matchAll(/^.*webgpu.*$/gm)) assert.match(line, /webgpu \(software\)/);
});

Deno.test("who could not be measured is named with the reason", () => {
  assert.match(report(), /^webgpu \(software\): not measured to the end: the device was lost$/m);
});

Deno.test("where a GPU overtakes is said, with the range that was measured", () => {
  const [crossing] = sampleComparison.crossovers;
  const line = (change: Partial<typeof crossing>) =>
    report({ crossovers: [{ ...crossing, ...change }] });
  assert.match(
    line({}),
    /^webgpu \(software\) overtakes wasm relaxed x1 at batch 111 and stays ahead \(batch 1 to 1,024\)$/m,
  );
  assert.match(line({ staysAhead: false }), /at batch 111, but does not stay ahead \(batch 1 /m);
  assert.match(line({ at: null }), /overtakes wasm relaxed x1 nowhere in this range \(batch 1 to/m);
});

Deno.test("figures as wide as they come fit 80 columns", () => {
  const wide = { medianMs: 888_000, spreadMs: 8_880_000, bestMs: 1, measurements: 5 };
  const contender = sampleContender("webgpu 2 (software)", 1);
  report({
    contenders: [{ ...contender, step: wide, epoch: wide, samplesPerSecond: 123_456_789 }],
  });
});

Deno.test("nothing measured and names of any length fit 80 columns", () => {
  const nothing = {
    ...sampleContender(`wasm ${"x".repeat(200)}`, 1),
    step: null,
    epoch: null,
    samplesPerSecond: null,
    gflops: null,
    shareOfLimit: null,
    lossDifference: null,
    kernels: [],
  };
  const contenders = [nothing, { ...nothing, label: "wasm \u001b[31m" }];
  const text = report({
    contenders,
    curves: [],
    crossovers: [],
    check: null,
    status: "interrupted",
  });
  assert(!text.includes("\u001b"));
  assert.match(text, /\n\ninterrupted: what had been measured by then$/);
});
