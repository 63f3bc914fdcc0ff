/** Training where memory is scarce: images that are read when they are wanted, and a process that may not grow. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { WeftError } from "../../lib/errors.ts";
import { testUnless } from "../support/cli.ts";
import { encodeIdxImages, encodeIdxLabels } from "../support/idx_files.ts";
import { localFashionMnist, NO_FASHION_MNIST } from "../data/local_fashion_mnist.ts";
import { memoryGroup } from "./memory_group.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "../train/training_run.ts";

const ROOT = join(import.meta.dirname!, "../..");
const CAP = 128 * 2 ** 20;
const golden = JSON.parse(
  Deno.readTextFileSync(join(ROOT, "tests/golden/baseline_seed42.json")),
);

Deno.test("images that are read a few at a time train the same network", async () => {
  const images = toyImages(9000, 3);
  const size = images.height * images.width;
  const asked: number[] = [];
  const reused = new Uint8Array(9000 * size);
  const source = {
    ...images,
    pixels: (first: number, rows: number) => {
      asked.push(first);
      reused.set(images.pixels.subarray(first * size, (first + rows) * size));
      return reused.subarray(0, rows * size);
    },
  };
  const config = { hidden: [5], epochs: 2 };
  const whole = await runTraining({ train: images, config });
  const read = await runTraining({ train: source, config });
  assert.deepEqual(read.end.model, whole.end.model);
  assert(asked.length > 2 && asked.includes(8192));
});

Deno.test("a reader that returns too little is refused by its rows", async () => {
  const images = toyImages(100, 3);
  const short = { ...images, pixels: () => images.pixels.subarray(0, 7) };
  await assert.rejects(() => runTraining({ train: short }), (error) => {
    assert(error instanceof WeftError);
    assert.match(error.message, /rows 0 to 99 are 600 bytes, but their reader returned 7$/);
    return true;
  });
});

const group = memoryGroup(CAP);
group?.[Symbol.dispose]();
const data = group ? await localFashionMnist() : null;
const reason = !group
  ? "no control group can be made here to limit memory"
  : data
  ? null
  : NO_FASHION_MNIST;

testUnless(reason, "an epoch of the exercise fits into 128 MB, the process included", async () => {
  await using folder = await temporaryFolder();
  const { rows, height, width, pixels, labels } = data!.train;
  const images = encodeIdxImages(rows, height, width);
  images.set(pixels, images.length - pixels.length);
  const paths = ["images", "labels"].map((name) => join(folder.path, name));
  await Deno.writeFile(paths[0], images);
  await Deno.writeFile(paths[1], encodeIdxLabels([...labels]));
  using capped = memoryGroup(CAP)!;
  const command = [Deno.execPath(), "run", "-q", "--no-prompt", `--allow-read=${folder.path}`]
    .concat("--v8-flags=--max-semi-space-size=2", "--config", join(ROOT, "deno.json"))
    .concat(join(ROOT, "tests/backends/low_memory_probe.ts"), paths);
  const { code, signal, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", capped.inside(command.map((part) => `'${part}'`).join(" "))],
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, `${signal ?? ""} ${new TextDecoder().decode(stderr)}`);
  const [trainLoss, validationLoss] = JSON.parse(new TextDecoder().decode(stdout));
  const { trainLoss: [expected], validationLoss: [expectedValidation] } = golden;
  assert(Math.abs(trainLoss - expected) < 2e-5);
  assert(Math.abs(validationLoss - expectedValidation) < 2e-5);
  assert(capped.peakBytes() <= CAP);
  console.log(`  at most ${Math.round(capped.peakBytes() / 2 ** 20)} of 128 MB`);
});
