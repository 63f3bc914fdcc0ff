/** `compare` end to end: what it prints, the files it leaves, and what becomes of it when something goes wrong. */

import assert from "node:assert/strict";
import { readComparison } from "../../lib/run_log/comparison/comparison.ts";
import type { Comparison } from "../../lib/run_log/comparison/comparison.ts";
import { adapters, NO_ADAPTER } from "../backends/adapter.ts";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";

const NETWORK = ["--hidden", "8", "--batch-size", "16", "--epochs", "3"];
const COMPARE = ["compare", "--quick", "--data-dir", "data", ...NETWORK];
const WITHOUT_GPU = [...COMPARE, "--backends", "reference,wasm"];

function comparisonIn(workplace: Workplace, run: string): Comparison {
  const file = Deno.readFileSync(workplace.path(`runs/${run}/compare.json`));
  const { comparison, problem } = readComparison(file);
  assert(comparison !== null, problem ?? "");
  return comparison;
}

function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("back ends are compared: a table, plots, and a file of figures that a reader takes", async () => {
  await using workplace = await Workplace.create();
  const outcome = requireSuccess(await workplace.weft(...WITHOUT_GPU, "--out", "runs/first"));
  const { stdout, stderr } = outcome;
  assert.match(stderr, /^note: Data in data: [^\n]*\n$/);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  assert.match(stdout, /^35-8-3 sigmoid, batches of 16, 72 training rows of data\n/);
  assert.match(stdout, /^wasm relaxed x1 +\S+ [mu]s ±\d+ % .* \d+ %$/m);
  assert.match(stdout, /^start and first step: .* compiles it$/m);
  assert.match(stdout, /^losses \(nats\) and weights: .* 4 steps$/m);
  assert.match(stdout, /\nruns\/first\/: compare\.json, kernels\.svg, batch\.svg, width\.svg\n$/);
  assert.deepEqual(filesIn(workplace.path("runs/first")), [
    "batch.svg",
    "compare.json",
    "kernels.svg",
    "width.svg",
  ]);

  const { status, config, dataset, network, check, contenders, curves, crossovers } = comparisonIn(
    workplace,
    "first",
  );
  assert.equal(status, "completed");
  assert.deepEqual([config.hidden, config.epochs, config.seed, config.quick], [[8], 3, 42, true]);
  assert.deepEqual([dataset.train, dataset.validation], [72, 18]);
  assert.deepEqual(network.layers, [35, 8, 3]);
  assert.deepEqual(check, { steps: 4, batchSize: 16 });
  const threads = navigator.hardwareConcurrency > 1 ? [1, navigator.hardwareConcurrency] : [1];
  assert.deepEqual(contenders.map(({ label }) => label), [
    "reference",
    ...["strict", "relaxed"].flatMap((simd) => threads.map((n) => `wasm ${simd} x${n}`)),
  ]);
  for (const contender of contenders) {
    const { label, error, step, epoch, samplesPerSecond, gflops, shareOfLimit } = contender;
    assert.equal(error, undefined, label);
    assert(step!.medianMs! > 0 && step!.bestMs! <= step!.medianMs! && step!.measurements >= 3);
    assert.equal(epoch!.measurements, 2, "the first of three warms up");
    assert(Math.abs(samplesPerSecond! - 72_000 / epoch!.medianMs!) < 1e-6 * samplesPerSecond!);
    assert(Math.abs(gflops! - network.flopsOfStep / step!.medianMs! / 1e6) < 1e-6 * gflops!);
    assert.equal(shareOfLimit !== null, contender.backend === "wasm");
    assert(contender.firstStepMs! > 0 && contender.bufferBytes! > 90 * 35);
    assert.deepEqual(
      contender.kernels.map(({ kernel, shape }) => `${kernel} ${shape}`),
      contenders[0].kernels.map(({ kernel, shape }) => `${kernel} ${shape}`),
    );
  }
  assert(
    contenders[0].kernels.some(({ kernel, shape }) => `${kernel} ${shape}` === "gemm 16x35x8"),
  );

  // Threads change no bit; builds and the reference differ by roundings.
  assert.deepEqual([contenders[0].lossDifference, contenders[0].weightDifference], [0, 0]);
  for (const { label, lossDifference, weightDifference, validationLoss, simd } of contenders) {
    assert(lossDifference! < 1e-5 && weightDifference! < 1e-5, label);
    assert(Math.abs(validationLoss! - contenders[0].validationLoss!) < 1e-5, label);
    const twin = contenders.find((other) => other.simd === simd)!;
    assert.equal(validationLoss, twin.validationLoss, label);
  }
  assert.deepEqual(curves.map(({ axis, points }) => [axis, points.map(({ at }) => at)]), [
    ["batch", [1, 32, 1024]],
    ["width", [32, 256, 1024]],
  ]);
  assert.deepEqual(crossovers, [], "nobody to overtake");
});

Deno.test("--json prints the file's contents on one line, and the folder has a name of its own", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(
    await workplace.weft(...COMPARE, "--backends", "reference", "--json"),
  );
  assert.match(stdout, /^[^\n]+\n$/);
  const [name] = filesIn(workplace.path("runs"));
  assert.match(name, /^compare-\d{4}-\d\d-\d\d_\d{6}$/);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(comparisonIn(workplace, name))));
});

testUnless(
  NO_ADAPTER,
  "an adapter is compared with wasm, and one in software is called so",
  async () => {
    await using workplace = await Workplace.create();
    const { stdout } = requireSuccess(
      await workplace.weft(
        ...COMPARE,
        "--backends",
        "wasm,webgpu",
        "--adapter",
        "0",
        "--out",
        "gpu",
      ),
    );
    const [{ name, software }] = adapters;
    const { contenders, curves, crossovers } = comparisonIn(workplace, "gpu");
    const gpu = contenders[contenders.length - 1];
    assert.equal(gpu.label, software ? "webgpu (software)" : "webgpu");
    assert.equal(gpu.software, software);
    assert.equal(gpu.adapter, name);
    assert.equal(gpu.error, undefined);
    assert(gpu.encodeMs! < gpu.step!.medianMs!);
    assert(gpu.lossDifference! < 1e-4 && gpu.weightDifference! < 1e-4);
    assert.equal(gpu.shareOfLimit, null);
    assert.deepEqual(
      curves.map(({ axis, contender }) => [axis, contender === gpu.label]),
      [["batch", false], ["batch", true], ["width", false], ["width", true]],
    );
    assert.deepEqual(crossovers.map(({ axis, contender }) => [axis, contender]), [
      ["batch", gpu.label],
      ["width", gpu.label],
    ]);
    assert.match(stdout, /^webgpu.* overtakes wasm /m);
    if (software) assert.match(stdout.replaceAll(/\n +/g, " "), /its times are no GPU's$/m);
    assert.doesNotMatch(stdout, /software.* is .*\(software\)/);
  },
);

testUnless(NO_ADAPTER, "an adapter that is not there is refused, with those that are", async () => {
  await using workplace = await Workplace.create();
  const refused = await workplace.weft(...COMPARE, "--adapter", "Voodoo");
  assert.match(refusalOf(refused, 2), /adapter "Voodoo": there is 0 \(/);
  assert.deepEqual(workplace.contents(), []);
});

Deno.test("who cannot be measured has the reason in its row, and the others their figures", async () => {
  await using workplace = await Workplace.create();
  // A step of 35-4000-4000-3 is beyond the reference.
  const wide = ["--hidden", "4000,4000", "--batch-size", "72", "--backends", "reference"];
  const failed = await workplace.weft(...COMPARE, ...wide, "--out", "failed");
  assert.equal(failed.code, 1);
  const { status, contenders } = comparisonIn(workplace, "failed");
  assert.equal(status, "failed");
  assert.match(contenders[0].error!, /^a step is \S+ \* 10\^9 operations, too many/);
  assert.match(failed.stderr, /^error: Cannot compare: no back end could be measured; see /m);
  assert.match(failed.stdout, /^reference: not measured to the end: a step is /m);
});

Deno.test("a name that is taken, and data that is not there, are said before anything is measured", async () => {
  await using workplace = await Workplace.create();
  Deno.mkdirSync(workplace.path("runs/taken"), { recursive: true });
  assert.match(
    refusalOf(await workplace.weft(...WITHOUT_GPU, "--out", "taken"), 2),
    /runs\/taken exists, and a name is never reused/,
  );
  const nowhere = await workplace.weft("compare", "--backends", "wasm", "--data-dir", "nowhere");
  const train = await workplace.weft("train", "--data-dir", "nowhere");
  assert.equal(refusalOf(nowhere, 1), refusalOf(train, 1));
  assert.deepEqual(filesIn(workplace.path("runs")), ["taken"]);
  assert.deepEqual(filesIn(workplace.path("runs/taken")), []);
});

testUnless(
  NO_UNIX,
  "a disk without room is said after the figures, and leaves no empty folder",
  async () => {
    await using workplace = await Workplace.create();
    // The file of figures has more than 4 KiB.
    const { code, stdout, stderr } = await workplace.shell(
      `trap '' XFSZ; ulimit -f 8; $WEFT ${COMPARE.join(" ")} --backends wasm --out full`,
    );
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^error: Cannot write runs\/full\/compare\.json: \S/m);
    assert.match(stdout, /^wasm relaxed x1 /m);
    assert.deepEqual(filesIn(workplace.path("runs")), []);
  },
);

testUnless(
  NO_UNIX,
  "after Ctrl-C, what was measured by then is left, and the exit code is 130",
  async () => {
    await using workplace = await Workplace.create();
    await using child = workplace.start(...WITHOUT_GPU, "--epochs", "1000000", "--out", "cut");
    const output = child.output();
    // The folder is made when measuring begins.
    while (!workplace.contents().includes("runs")) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGINT");
    const { code, stdout } = await output;
    assert.equal(code, 130);
    assert.match(
      new TextDecoder().decode(stdout),
      /^interrupted: what had been measured by then$/m,
    );
    const { status, contenders } = comparisonIn(workplace, "cut");
    assert.equal(status, "interrupted");
    assert(contenders[0].firstStepMs! > 0);
  },
);
