import assert from "node:assert/strict";
import fc from "fast-check";
import { gzip } from "../tests/support/idx_files.ts";
import { WeftError } from "../lib/errors.ts";
import { Mt19937 } from "../lib/random/mt19937.ts";
import { collectBytes, gunzipIfGzip } from "./bytes.ts";

Deno.test("chunks are gathered in order, whatever size was expected", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  await fc.assert(fc.asyncProperty(chunks, fc.nat(500), async (chunks, sizeHint) => {
    const gathered = await collectBytes(ReadableStream.from(chunks), sizeHint);
    assert.deepEqual([...gathered], chunks.flatMap((chunk) => [...chunk]));
    assert.equal(gathered.buffer.byteLength, gathered.length);
  }));
});

Deno.test("a stream longer than the limit is refused, one of that length is not", async () => {
  const stream = () => ReadableStream.from([new Uint8Array(6), new Uint8Array(4)]);
  assert.equal((await collectBytes(stream(), 0, 10)).length, 10);
  await assert.rejects(
    collectBytes(stream(), 0, 9),
    new WeftError("it is larger than the 9 bytes expected"),
  );
});

Deno.test("gzip is undone, and anything else comes back as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (values) => {
      const bytes = new Uint8Array([0, ...values]);
      assert.deepEqual(await gunzipIfGzip("f", await gzip(bytes)), bytes);
      assert.equal(await gunzipIfGzip("f", bytes), bytes);
    }),
    { numRuns: 30 },
  );
});

Deno.test("gzip larger than one slice is undone", async () => {
  const random = new Mt19937(1);
  const bytes = Uint8Array.from({ length: 200_000 }, () => random.nextUint32());
  const compressed = await gzip(bytes);
  assert(compressed.length > 1 << 16);
  assert.deepEqual(await gunzipIfGzip("f", compressed), bytes);
});

Deno.test("gzip that breaks off or is damaged is refused by name, wherever it happens", async () => {
  const whole = await gzip(Uint8Array.from({ length: 2000 }, (_, i) => i % 251));
  const damaged = whole.with(whole.length - 6, whole[whole.length - 6] ^ 1); // a bit of the checksum
  const broken = [2, 9, 12, 100, whole.length - 9, whole.length - 1].map((end) =>
    whole.slice(0, end)
  );
  for (const bytes of [damaged, ...broken]) {
    await assert.rejects(gunzipIfGzip("a/f.gz", bytes), (error: Error) => {
      assert(error instanceof WeftError);
      assert.match(
        error.message,
        /^Cannot decompress a\/f\.gz: its gzip stream is damaged or breaks off/,
      );
      return true;
    });
  }
});

Deno.test("gzip that holds more than may be expected is refused before it fills the memory", async () => {
  const bomb = await gzip(new Uint8Array(1 << 20));
  await assert.rejects(
    gunzipIfGzip("f.gz", bomb, 1000),
    /^WeftError: .*it is larger than the 1000 bytes expected/,
  );
});

Deno.test("gzip of several members, and with zeros after it, is read as zcat reads it", async () => {
  const parts = [[1, 2, 3], [], [4, 5]].map((part) => Uint8Array.from(part));
  const members = await Promise.all(parts.map(gzip));
  const whole = Uint8Array.from(members.flatMap((member) => [...member]));
  assert.deepEqual([...await gunzipIfGzip("f", whole)], [1, 2, 3, 4, 5]);
  const padded = Uint8Array.from([...whole, ...new Uint8Array(700)]);
  assert.deepEqual([...await gunzipIfGzip("f", padded)], [1, 2, 3, 4, 5]);
  await assert.rejects(
    gunzipIfGzip("f", whole.slice(0, -3)),
    /its gzip stream is damaged or breaks off/,
  );
});

Deno.test("what the first bytes say limits the rest, however small the first pieces are", async () => {
  const stream = () => ReadableStream.from([1, 9, 7, 5].map((byte) => Uint8Array.of(byte, 0)));
  const said = ([, , nine]: Uint8Array) => nine === 9 ? 6 : 100;
  await assert.rejects(collectBytes(stream(), 0, said), /larger than the 6 bytes expected/);
  assert.equal((await collectBytes(stream(), 0, () => 8)).length, 8);
});
