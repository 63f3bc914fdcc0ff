/**
 * Trains in a Cloudflare Worker, a few batches a request. A worker compiles no WebAssembly, so the kernels come as a module
 * (`kernelsToImport` makes the file), and its clock stands still while it computes, so a slice is counted in batches. In
 * JavaScript, because TypeScript does not know `import source` yet.
 *
 * POST the state that the last request returned, nothing at first. The answer is the next state, and says in its headers
 * what happened; after the last slice it is empty. The data are the worker's own modules here; they may as well be fetched.
 */
import source kernels from "./kernels.wasm";
import labels from "./labels.bin";
import pixels from "./pixels.bin";
import { createBackend, Trainer } from "../../lib/mod.ts";

const BATCHES = 50;

const images = {
  rows: labels.byteLength,
  height: 28,
  width: 28,
  pixels: new Uint8Array(pixels),
  labels: new Uint8Array(labels),
};

export default {
  async fetch(request) {
    if (request.method !== "POST") return new Response("POST to train on\n", { status: 405 });
    const body = new Uint8Array(await request.arrayBuffer());
    using backend = await createBackend({ backend: "wasm", threads: 1, kernels });
    using trainer = await Trainer.create({
      train: images,
      backend,
      state: body.length > 0 ? body : null,
      config: { epochs: 1 },
      // Known beforehand: else every request would compute it.
      dataId: "the images of this worker",
    });
    const { events, state } = await trainer.step({ maxBatches: BATCHES });
    const epochs = events.filter(({ type }) => type === "epoch");
    return new Response(state, { headers: { "weft-epochs": JSON.stringify(epochs) } });
  },
};
