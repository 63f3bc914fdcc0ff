/// <reference lib="deno.unstable" />
/**
 * Trains a network over many requests, each of which has some milliseconds: for platforms that end a process when they
 * like. Between two requests training is bytes in a store. However it is cut, it ends with the same network.
 *
 *     deno serve --unstable-kv docs/examples/train_in_slices.ts     # then POST to it until it says "done": true
 *
 * It needs what serving needs and, for the store on disk, what that needs; training itself needs no permission.
 */
import { type Model, Trainer, type TrainOptions } from "../../lib/mod.ts";
import { encodeModel } from "../../lib/model/model_file.ts";

/** Where bytes are kept: files, Deno KV, an object store, a database. */
export interface Store {
  read(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** What a request brought. */
interface Answer {
  readonly done: boolean;
  /** Epochs that it completed, with their losses. */
  readonly epochs: readonly { readonly epoch: number; readonly validationLoss: number | null }[];
  readonly validationAccuracy?: number | null;
}

/**
 * @param run   what to train; the same for every request
 * @param maxMs of training in a request
 * @returns answers POST requests, one at a time
 */
export function trainingHandler(
  run: TrainOptions,
  store: Store,
  maxMs = 50,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST") return new Response("POST to train on\n", { status: 405 });
    const state = await store.read("state");
    if (state?.length === 0) return Response.json({ done: true, epochs: [] } satisfies Answer);
    using trainer = await Trainer.create({ ...run, state });
    const slice = await trainer.step({ maxMs });
    const end = slice.events.find((event) => event.type === "end");
    if (end?.model) await store.write("model", encodeModel(end.model as Model));
    // Last, so that a request that is ended before leaves everything as it was, and its slice is trained again.
    await store.write("state", slice.state ?? new Uint8Array());
    const epochs = slice.events.filter((event) => event.type === "epoch");
    return Response.json(
      {
        done: slice.state === null,
        epochs: epochs.map(({ epoch, validationLoss }) => ({ epoch, validationLoss })),
        validationAccuracy: end?.validationAccuracy,
      } satisfies Answer,
    );
  };
}

/** Files of a folder, replaced whole. */
export function fileStore(folder: string): Store {
  return {
    async read(key) {
      try {
        return await Deno.readFile(`${folder}/${key}`);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    async write(key, bytes) {
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeFile(`${folder}/${key}.partial`, bytes);
      await Deno.rename(`${folder}/${key}.partial`, `${folder}/${key}`);
    },
  };
}

/** Bytes of a value of Deno KV at most: 64 KiB. */
const CHUNK = 65_536;

/** Chunks that one transaction of Deno KV may write: 800 KiB in all. */
const CHUNKS = 10;

/** Deno KV. A key's bytes are spread over several values; the last one written says under which number they are. */
export function kvStore(kv: Deno.Kv): Store {
  return {
    async read(key) {
      const { value } = await kv.get<{ version: string; length: number }>(["weft", key]);
      if (!value) return null;
      const bytes = new Uint8Array(value.length);
      for await (const chunk of kv.list<Uint8Array>({ prefix: ["weft", key, value.version] })) {
        bytes.set(chunk.value, (chunk.key[3] as number) * CHUNK);
      }
      return bytes;
    },
    async write(key, bytes) {
      const before = await kv.get<{ version: string }>(["weft", key]);
      const version = crypto.randomUUID();
      for (let first = 0; first * CHUNK < bytes.length; first += CHUNKS) {
        const write = kv.atomic();
        for (let i = first; i < first + CHUNKS && i * CHUNK < bytes.length; i++) {
          write.set(["weft", key, version, i], bytes.slice(i * CHUNK, (i + 1) * CHUNK));
        }
        await write.commit();
      }
      await kv.set(["weft", key], { version, length: bytes.length });
      if (!before.value) return;
      for await (const old of kv.list({ prefix: ["weft", key, before.value.version] })) {
        await kv.delete(old.key);
      }
    },
  };
}

/** Two classes of 8 x 8 images: bright above, bright below. */
function someImages() {
  const rows = 4000;
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 2);
  const pixels = Uint8Array.from({ length: rows * 64 }, (_, i) => {
    const isBright = (i % 64 < 32) === (labels[i >> 6] === 0);
    return (isBright ? 130 : 90) + (i * 7919 + (i >> 6) * 104_729) % 61 - 30;
  });
  return { rows, height: 8, width: 8, pixels, labels };
}

/** What the example trains. */
export const EXAMPLE: TrainOptions = {
  train: someImages(),
  config: { hidden: [64], epochs: 30, batchSize: 32, learningRate: 0.2 },
};

/** For `deno serve`. */
export default {
  async fetch(request: Request): Promise<Response> {
    // Kept before it is there, so that requests that come at once share one store.
    handler ??= Deno.openKv(":memory:").then((kv) => trainingHandler(EXAMPLE, kvStore(kv)));
    return await (await handler)(request);
  },
};
let handler: Promise<(request: Request) => Promise<Response>> | undefined;
