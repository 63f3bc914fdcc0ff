/** docs/examples/train_in_worker.js in workerd: an epoch of the exercise, a few batches a request. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle } from "../../lib/bundler/bundler.ts";
import { createBackend, kernelsToImport } from "../../lib/mod.ts";
import { testUnless } from "../support/cli.ts";
import { localFashionMnist } from "../data/local_fashion_mnist.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { runTraining } from "../train/training_run.ts";
import { findWorkerd, Workerd } from "./workerd.ts";

const FILES = ["worker.js", "kernels.wasm", "pixels.bin", "labels.bin"];
const KINDS: Record<string, string> = { js: "esModule", wasm: "wasm", bin: "data" };

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "trainer", worker = .trainer)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "trainer")],
);
const trainer :Workerd.Worker = (
  modules = [${
  FILES.map((name) => `(name = "${name}", ${KINDS[name.split(".")[1]]} = embed "${name}")`)
}],
  compatibilityDate = "2025-09-01",
);
`;

const workerd = await findWorkerd();
const data = "path" in workerd ? await localFashionMnist() : null;
const reason = "reason" in workerd ? workerd.reason : data ? null : "Fashion-MNIST is not here";

testUnless(reason, "workerd trains an epoch of the exercise in slices, to the bit", async () => {
  const images = data!.train;
  await using folder = await temporaryFolder();
  const write = (name: string, contents: Uint8Array) =>
    Deno.writeFile(join(folder.path, name), contents);
  const { files: [worker] } = await bundle({
    entryPoints: [import.meta.resolve("../../docs/examples/train_in_worker.js")],
    target: "esnext",
  });
  await write("worker.js", worker.contents);
  await write("kernels.wasm", await kernelsToImport("relaxed"));
  await write("pixels.bin", images.pixels);
  await write("labels.bin", images.labels);
  await write("workerd.capnp", new TextEncoder().encode(CONFIG));

  await using server = await Workerd.start((workerd as { path: string }).path, folder.path);
  const epochs: { trainLoss: number; validationLoss: number | null }[] = [];
  let state = new Uint8Array();
  let slices = 0;
  do {
    const response = await fetch(server.address, { method: "POST", body: state });
    assert.equal(response.status, 200, await (response.ok ? "" : response.text()));
    epochs.push(...JSON.parse(response.headers.get("weft-epochs")!));
    state = new Uint8Array(await response.arrayBuffer());
    slices++;
  } while (state.length > 0);
  assert.equal(slices, 4, "188 batches, 50 a request");

  using backend = await createBackend({ backend: "wasm", threads: 1, simd: "relaxed" });
  const whole = await runTraining({ train: images, backend, config: { epochs: 1 } });
  const losses = ({ trainLoss, validationLoss }: typeof epochs[0]) => [trainLoss, validationLoss];
  assert.deepEqual(epochs.map(losses), whole.epochs.map(losses));
});
