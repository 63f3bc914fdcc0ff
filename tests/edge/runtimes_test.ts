/** An exported predictor in the runtimes that it is for: the same answers, and no crash whatever is sent. */

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { packLayers } from "../../lib/edge/export/predictor_files.ts";
import { withPackedWeights } from "../../lib/edge/export/quantize.ts";
import { networkInputOfPng } from "../../lib/image/network_input.ts";
import type { Model } from "../../lib/model/model.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";
import { ask, DenoServer, exported } from "./exported.ts";
import { noisyModel, noisyPixels } from "./models.ts";
import { findWorkerd, Workerd } from "./workerd.ts";

const model = noisyModel(28, 28, [100], 10);
const INPUTS = 784;

/**
 * What a process may come to hold, the runtime and a thousand connections included. Neither runtime hurries to collect
 * what is dead while nobody sets it a limit; without the predictor's own limits it would be some gigabytes.
 */
const MOST_KILOBYTES = 600_000;

interface Server extends AsyncDisposable {
  readonly address: string;
  readonly process: Deno.ChildProcess;
}

interface Runtime {
  readonly name: string;
  /** Why it cannot be tested here. */
  readonly missing: string | null;
  /** Serves the folder `dist/` of a workplace. */
  start(folder: string): Promise<Server>;
}

const workerd = await findWorkerd();
const RUNTIMES: readonly Runtime[] = [
  { name: "Deno, no permission", missing: null, start: (folder) => DenoServer.start(folder) },
  {
    name: "workerd",
    missing: "reason" in workerd ? workerd.reason : null,
    start: async (folder) => {
      await limitHeap(`${folder}/workerd.capnp`);
      return await Workerd.start((workerd as { path: string }).path, folder);
    },
  },
];

/**
 * Gives V8 half of what Cloudflare gives a Worker for its objects, so that it collects what is dead, and ends the process
 * where more is alive. Bodies and images lie beside it, and have limits of their own.
 */
async function limitHeap(config: string): Promise<void> {
  const text = await Deno.readTextFile(config);
  const limited = text.replace("Workerd.Config = (", '$&\n  v8Flags = ["--max-heap-size=64"],');
  assert.notEqual(limited, text);
  await Deno.writeTextFile(config, limited);
}

async function expectedOf(model: Model, pixels: Uint8Array) {
  const rows = await predictProbabilities(model, pixels);
  return rows.map((row) => Object.fromEntries(model.classNames.map((name, i) => [name, row[i]])));
}

function batch(pixels: Uint8Array): string {
  const rows = pixels.length / INPUTS;
  return JSON.stringify({
    pixels: Array.from({ length: rows }, (_, i) => [...pixels.slice(i * INPUTS, (i + 1) * INPUTS)]),
  });
}

/** An image whose header says 1,024 x 1,024, and whose pixels unfold into a hundred times as much. */
function bomb(): Uint8Array<ArrayBuffer> {
  const side = 1024;
  const png = encode({ width: side, height: side, data: new Uint8Array(side * side), channels: 1 });
  const at = new TextDecoder("latin1").decode(png).indexOf("IDAT");
  const bytes = deflateSync(new Uint8Array(100 * side * side));
  const framed = new Uint8Array(at + 4 + bytes.length + 4 + 12);
  framed.set(png.subarray(0, at + 4));
  framed.set(bytes, at + 4);
  new DataView(framed.buffer).setUint32(at - 4, bytes.length);
  framed.set(png.subarray(-12), at + 4 + bytes.length + 4);
  return framed;
}

/** The most memory that a process has held, in kilobytes. */
async function peakOf({ pid }: Deno.ChildProcess): Promise<number> {
  const args = ["VmHWM", `/proc/${pid}/status`];
  const { stdout } = await new Deno.Command("grep", { args }).output();
  return Number(new TextDecoder().decode(stdout).match(/\d+/)?.[0]);
}

for (const { name, missing, start } of RUNTIMES) {
  testUnless(missing, `${name}: answers have the bits of the library`, async () => {
    await using workplace = await exported(model);
    await using server = await start(workplace.path("dist"));
    const pixels = noisyPixels(100, INPUTS);
    const { status, answer } = await ask(server.address, batch(pixels));
    assert.equal(status, 200);
    const probabilities = (answer.predictions as { probabilities: unknown }[])
      .map(({ probabilities }) => probabilities);
    assert.deepEqual(probabilities, await expectedOf(model, pixels));

    const png = encode({ width: 90, height: 70, data: noisyPixels(3, 6300), channels: 3 });
    const input = networkInputOfPng(png, "p.png", { height: 28, width: 28, invert: false });
    const drawn = await ask(server.address, Uint8Array.from(png), "image/png");
    assert.deepEqual(drawn.answer.probabilities, (await expectedOf(model, input))[0]);

    const health = await fetch(`${server.address}/healthz`);
    assert.deepEqual(await health.json(), { status: "ok" });
    const page = await fetch(server.address);
    assert.match(await page.text(), /^<!doctype html>/);
  });

  testUnless(
    missing,
    `${name}: a quantized model answers as the library with its weights`,
    async () => {
      await using workplace = await exported(model, "--quantize", "--data-dir", "nowhere");
      await using server = await start(workplace.path("dist"));
      const pixels = noisyPixels(3, INPUTS);
      const { answer } = await ask(server.address, batch(pixels));
      const quantized = withPackedWeights(model, packLayers(model, "int8"));
      const expected = await expectedOf(quantized, pixels);
      assert.deepEqual(
        (answer.predictions as { probabilities: unknown }[]).map((one) => one.probabilities),
        expected,
      );
    },
  );

  testUnless(
    missing ?? NO_UNIX,
    `${name}: what is too much is refused, the memory stays small, and the server up`,
    async () => {
      await using workplace = await exported(model);
      await using server = await start(workplace.path("dist"));
      const one = batch(noisyPixels(1, INPUTS));
      const long = " ".repeat(2 ** 20 + 1);
      const whole = " ".repeat(2 ** 20);
      const unfolding = bomb();
      const at = async (body: BodyInit, type?: string) =>
        (await ask(server.address, body, type)).status;
      assert.equal(await at(long), 413);
      assert.equal(await at(unfolding, "image/png"), 400);
      // Very many at once of each kind: all are answered, one way or the other.
      for (
        const [count, body, type, possible] of [
          [1000, one, "application/json", [200, 503]],
          [300, whole, "application/json", [400, 503]],
          [300, unfolding, "image/png", [400, 503]],
        ] as const
      ) {
        const statuses = await Promise.all(Array.from({ length: count }, () => at(body, type)));
        assert.deepEqual(
          statuses.filter((status) => !possible.some((allowed) => allowed === status)),
          [],
        );
      }
      assert.equal(await at(one), 200);
      const peak = await peakOf(server.process);
      assert(peak < MOST_KILOBYTES, `${peak} kB`);
    },
  );
}
