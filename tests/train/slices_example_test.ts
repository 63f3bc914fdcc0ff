/** docs/examples/train_in_slices.ts: requests of a few milliseconds train the network that one run trains. */
import assert from "node:assert/strict";
import example, {
  EXAMPLE,
  fileStore,
  type Store,
  trainingHandler,
} from "../../docs/examples/train_in_slices.ts";
import { decodeModel } from "../../lib/model/model_file.ts";
import { train } from "../../lib/mod.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

/** Enough epochs for some twenty slices of 50 ms on any machine: others are cut into more. */
const SLICES = 20;

/** Posts until training is done; every request is answered by a handler of its own, as by a new process. */
async function trainByRequests(run: typeof EXAMPLE, store: Store, maxMs: number) {
  const epochs: number[] = [];
  for (let requests = 1;; requests++) {
    const handle = trainingHandler(run, store, maxMs);
    const answer = await handle(new Request("http://localhost/", { method: "POST" }));
    const { done, epochs: some } = await answer.json();
    epochs.push(...some.map(({ validationLoss }: { validationLoss: number }) => validationLoss));
    if (done) {
      return { requests, epochs, model: decodeModel((await store.read("model"))!, "model") };
    }
  }
}

/** Ends when it has been cut often enough: how fast the machine is does not matter. */
async function epochsFor(slices: number, maxMs: number): Promise<number> {
  let epochs = 0;
  const startedAt = performance.now();
  for await (const event of train({ ...EXAMPLE, config: { ...EXAMPLE.config, epochs: 10_000 } })) {
    if (event.type === "epoch") epochs = event.epoch;
    if (performance.now() - startedAt > slices * maxMs) break;
  }
  return epochs;
}

Deno.test("requests of 50 ms train, to the bit, what one run trains", async () => {
  await using folder = await temporaryFolder();
  const epochs = await epochsFor(SLICES, 50);
  const run = { ...EXAMPLE, config: { ...EXAMPLE.config, epochs } };
  const sliced = await trainByRequests(run, fileStore(`${folder.path}/store`), 50);
  // How many they are follows from how busy the machine is, now and when the epochs were counted.
  assert(sliced.requests > 2, `${sliced.requests} requests`);
  const expected: number[] = [];
  for await (const event of train(run)) {
    if (event.type === "epoch") expected.push(event.validationLoss!);
    if (event.type === "end") {
      assert.deepEqual(sliced.model.parameters, event.model!.parameters);
      assert(event.validationAccuracy! > 0.9);
    }
  }
  assert.deepEqual(sliced.epochs, expected);
});

Deno.test("Deno KV keeps a state of any size, also one that was written in part", async () => {
  // The flag is the process's, so that it takes one of its own.
  const script = `
    import { kvStore } from ${
    JSON.stringify(import.meta.resolve("../../docs/examples/train_in_slices.ts"))
  };
    const kv = await Deno.openKv(":memory:");
    const store = kvStore(kv);
    if (await store.read("state") !== null) throw new Error("something from nothing");
    for (const length of [0, 1, 65536, 65537, 1500000, 10]) {
      const bytes = new Uint8Array(length).map((_, i) => i * 31);
      await store.write("state", bytes);
      const found = await store.read("state");
      if (found.length !== length || found.some((byte, i) => byte !== bytes[i])) throw new Error(String(length));
    }
    await kv.set(["weft", "state", "half-written", 0], new Uint8Array(5));
    if ((await store.read("state")).length !== 10) throw new Error("half-written");
    const left = await Array.fromAsync(kv.list({ prefix: ["weft"] }));
    if (left.length !== 3) throw new Error("old chunks stay: " + left.length);
  `;
  const url = `data:application/typescript,${encodeURIComponent(script)}`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--unstable-kv", "--config", config, url],
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});

Deno.test("requests that come at once open one store", async () => {
  const openKv = Object.getOwnPropertyDescriptor(Deno, "openKv");
  let opened = 0;
  const none = { get: () => Promise.resolve({ value: null }) };
  const open = () => (opened++, Promise.resolve(none as unknown as Deno.Kv));
  Object.defineProperty(Deno, "openKv", { value: open, configurable: true });
  try {
    const get = () => example.fetch(new Request("http://localhost/"));
    const answers = await Promise.all([get(), get(), get()]);
    assert.deepEqual(answers.map(({ status }) => status), [405, 405, 405]);
    assert.equal(opened, 1);
  } finally {
    if (openKv) Object.defineProperty(Deno, "openKv", openKv);
    else delete (Deno as { openKv?: unknown }).openKv;
  }
});
