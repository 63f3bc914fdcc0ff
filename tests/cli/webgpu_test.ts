/** Training and predicting on a WebGPU adapter from the command line, and without one. */
import assert from "node:assert/strict";
import { adapters, NO_ADAPTER } from "../backends/adapter.ts";
import { refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";

/** Leaves the loader of Vulkan without a driver, and WebGPU with nothing else to look for. */
const NO_DRIVERS = { DENO_WEBGPU_BACKEND: "vulkan", VK_LOADER_DRIVERS_DISABLE: "*" };
const NOT_LINUX = Deno.build.os === "linux" ? null : "only on Linux are drivers files";

testUnless(
  NO_ADAPTER,
  "a run on an adapter is named after it, and agrees with WebAssembly",
  async () => {
    await using workplace = await Workplace.create();
    const training = ["train", "--epochs", "2", "--hidden", "5", "--batch-size", "16", "--json"];
    const log = async (...options: string[]) => {
      const { stdout } = requireSuccess(await workplace.weft(...training, ...options));
      return stdout.trim().split("\n").map((line) => JSON.parse(line));
    };
    const [start, ...records] = await log("--backend", "webgpu");
    const { backend, adapter, simd, threads } = start.environment;
    const [{ name, software }] = adapters;
    assert.deepEqual([backend, simd, threads], ["webgpu", null, 1]);
    assert.equal(adapter, software ? `${name} (software)` : name);
    assert(records[0].phasesMs.encode > 0 && records[0].phasesMs.validate > 0);

    const [, ...expected] = await log("--backend", "wasm");
    for (const i of [0, 1]) {
      assert(Math.abs(records[i].trainLoss - expected[i].trainLoss) < 1e-5);
      assert(Math.abs(records[i].validationLoss - expected[i].validationLoss) < 1e-5);
    }

    const evaluated = requireSuccess(await workplace.weft("evaluate", "--adapter", "0", "--json"));
    assert.equal(JSON.parse(evaluated.stdout).accuracy, records.at(-1).testAccuracy);
  },
);

testUnless(NO_ADAPTER, "adapters are listed, as text and as JSON", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = requireSuccess(await workplace.weft("train", "--adapter", "list"));
  assert(stdout.startsWith(`0  ${adapters[0].name}`));
  assert.equal(/software: runs on the processor/.test(stdout), adapters.some((a) => a.software));
  const json = requireSuccess(await workplace.weft("predict", "--adapter", "list", "--json"));
  assert.deepEqual(JSON.parse(json.stdout), adapters);
  assert.deepEqual(workplace.contents(), [], "no run was made");
});

testUnless(NO_ADAPTER, "an adapter that is not there is refused, with those that are", async () => {
  await using workplace = await Workplace.create();
  const refused = await workplace.weft("train", "--adapter", "Voodoo");
  assert.match(refusalOf(refused, 2), /^Cannot compute with the adapter "Voodoo": there is 0 \(/);
  assert.deepEqual(workplace.contents(), []);
});

testUnless(
  NOT_LINUX,
  "without any adapter webgpu says what to install, and auto trains all the same",
  async () => {
    await using workplace = await Workplace.create();
    const refused = await workplace.weftWith({ env: NO_DRIVERS }, "train", "--backend", "webgpu");
    // The drivers' own complaints are not ours to silence.
    const stderr = refused.stderr.split("\n").filter((line) => line.startsWith("error: "));
    const line = refusalOf({ ...refused, stderr: `${stderr.join("\n")}\n` }, 1);
    assert.match(
      line,
      /^Cannot compute with webgpu: no WebGPU adapter was found, .*mesa-vulkan-drivers libvulkan1/,
    );
    const settings = ["train", "--epochs", "1", "--hidden", "5", "--json"];
    const { stdout } = requireSuccess(await workplace.weftWith({ env: NO_DRIVERS }, ...settings));
    assert.equal(JSON.parse(stdout.split("\n")[0]).environment.backend, "wasm");
  },
);
