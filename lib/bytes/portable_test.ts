/** What stands in for parts of the platform that some engines lack has the same answers as those parts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeBase64 } from "./base64.ts";
import { float16At } from "./float16.ts";
import { hexOf } from "./hex.ts";
import { streamOf, streamPieces } from "./stream_pieces.ts";

Deno.test("base64 and hexadecimal are the platform's", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assert.deepEqual(decodeBase64(bytes.toBase64()), new Uint8Array(bytes));
    assert.equal(hexOf(bytes), bytes.toHex());
  }));
});

Deno.test("all 65,536 numbers of 16 bits are the platform's, in both byte orders", () => {
  const view = new DataView(new ArrayBuffer(2));
  for (let bits = 0; bits < 65536; bits++) {
    view.setUint16(0, bits);
    for (const little of [false, true]) {
      assert(
        Object.is(float16At(view, 0, little), view.getFloat16(0, little)),
        `${bits} ${little}`,
      );
    }
  }
});

async function* numbers(ended: () => void): AsyncGenerator<number> {
  try {
    for (let i = 0; i < 5; i++) yield i;
  } finally {
    ended();
  }
}

Deno.test("a stream of pieces gives them in order, and ends their source where the loop is left", async () => {
  let ended = 0;
  const all = await Array.fromAsync(streamPieces(streamOf(numbers(() => ended++))));
  assert.deepEqual([all, ended], [[0, 1, 2, 3, 4], 1]);
  for await (const piece of streamPieces(streamOf(numbers(() => ended++)))) {
    if (piece === 1) break;
  }
  assert.equal(ended, 2);
});

Deno.test("an error of the source arrives as it was thrown", async () => {
  const error = new Error("broken");
  // deno-lint-ignore require-yield
  async function* broken(): AsyncGenerator<number> {
    throw await Promise.resolve(error);
  }
  await assert.rejects(Array.fromAsync(streamPieces(streamOf(broken()))), error);
});
