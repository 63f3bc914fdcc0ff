/** What is sent compressed, and to whom. Asked through Node's client, which leaves answers as they came. */

import assert from "node:assert/strict";
import { get, type IncomingMessage, request as ask } from "node:http";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

interface Answer {
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Uint8Array;
}

function answerTo(address: string, encoding: string, method = "GET"): Promise<Answer> {
  const options = { method, headers: { "accept-encoding": encoding }, agent: false as const };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const client = method === "GET" ? get(address, options) : ask(address, options).end();
  client.on("error", reject).on("response", (message) => {
    const pieces: Uint8Array[] = [];
    message.on("data", (piece: Uint8Array) => pieces.push(piece));
    message.on("end", () => resolve({ headers: message.headers, bytes: Buffer.concat(pieces) }));
  });
  return promise;
}

Deno.test("text is sent in gzip to who takes it; HEAD says the length of what GET sends", async () => {
  await using runs = await RunsFolder.create();
  for (let i = 0; i < 40; i++) {
    runs.write(`run-${i}`, runNamed(`run-${i}`), ...epochs(1, 9), theEnd);
  }
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/", "/runs/run-1", "/styles.css", "/api/runs"]) {
    const plain = await answerTo(dashboard.address + path, "identity");
    const packed = await answerTo(dashboard.address + path, "br, gzip;q=0.5");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert(packed.headers.vary?.includes("accept-encoding"));
    assert(packed.bytes.length < plain.bytes.length / 2, `${path}: ${packed.bytes.length} bytes`);
    assert.deepEqual(new Uint8Array(gunzipSync(packed.bytes)).length, plain.bytes.length);
    const head = await answerTo(dashboard.address + path, "identity", "HEAD");
    assert.equal(head.headers["content-length"], String(plain.bytes.length));
    assert.equal(head.bytes.length, 0);
  }
  for (const refusing of ["gzip;q=0", "br", "gzip; q=0.0, br"]) {
    const { headers } = await answerTo(`${dashboard.address}/`, refusing);
    assert.equal(headers["content-encoding"], undefined, refusing);
  }
});
