import assert from "node:assert/strict";
import fc from "fast-check";
import { WeftError } from "../../errors.ts";
import { LinearMemory } from "./linear_memory.ts";

const PAGE = 65536;

interface Buffer {
  readonly start: number;
  readonly bytes: number;
  /** What the test fills it with. */
  readonly mark: number;
}

function contents(memory: LinearMemory, { start, bytes }: Buffer): Uint8Array {
  return new Uint8Array(memory.memory.buffer, start, bytes);
}

/** Allocates, checks what every new buffer must be, and fills it. */
function allocate(memory: LinearMemory, bytes: number, mark: number, reserved: number): Buffer {
  const buffer = { start: memory.allocate(bytes), bytes, mark };
  assert.equal(buffer.start % 64, 0, "starts at a cache line");
  assert(buffer.start >= reserved, "keeps clear of the module's own memory");
  assert(contents(memory, buffer).every((byte) => byte === 0), "is zeroed");
  contents(memory, buffer).fill(mark);
  return buffer;
}

Deno.test("buffers never overlap, are aligned and zeroed, whatever the order of calls", () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3 * PAGE }));
  // Either a size to allocate, or which of the living buffers to free.
  const calls = fc.array(
    fc.oneof(sizes.map((bytes) => ({ bytes })), fc.record({ free: fc.nat() })),
    {
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 2 * PAGE }), (calls, reserved) => {
      const memory = new LinearMemory(reserved);
      const living: Buffer[] = [];
      calls.forEach((call, i) => {
        if ("bytes" in call) living.push(allocate(memory, call.bytes, 1 + i % 255, reserved));
        else if (living.length) {
          const [freed] = living.splice(call.free % living.length, 1);
          memory.free(freed.start);
        }
        // An overlap would have overwritten a mark.
        for (const buffer of living) {
          assert(contents(memory, buffer).every((byte) => byte === buffer.mark), "is left alone");
        }
      });
    }),
    { seed: 42 },
  );
});

Deno.test("memory does not grow while the same buffers are made and freed, in any order", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: PAGE }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.nat()), (sizes, random) => {
      const memory = new LinearMemory(100);
      const round = () => {
        const starts = sizes.map((bytes) => memory.allocate(bytes));
        while (starts.length) {
          memory.free(starts.splice(random.next().value % starts.length, 1)[0]);
        }
        return memory.memory.buffer.byteLength;
      };
      const first = round();
      for (let i = 0; i < 5; i++) assert.equal(round(), first);
    }),
    { seed: 42 },
  );
});

Deno.test("the first gap that is large enough is taken, and neighboring gaps are one", () => {
  const memory = new LinearMemory(64);
  const [a, b, c, d] = [64, 64, 64, 64].map((bytes) => memory.allocate(bytes));
  assert.deepEqual([a, b, c, d], [64, 128, 192, 256]);
  memory.free(b);
  assert.equal(memory.allocate(65), 320, "two lines do not fit into a gap of one");
  memory.free(c);
  assert.equal(memory.allocate(65), b, "two gaps side by side hold them");
});

Deno.test("an empty buffer has an address of its own", () => {
  const memory = new LinearMemory(1);
  assert.notEqual(memory.allocate(0), memory.allocate(0));
});

Deno.test("growth takes in the gap at the top", () => {
  const memory = new LinearMemory(PAGE / 2);
  const start = memory.allocate(PAGE + PAGE / 2);
  assert.equal(start, PAGE / 2);
  assert.equal(memory.memory.buffer.byteLength, 2 * PAGE);
});

Deno.test("a buffer is freed once, and a view not at all", () => {
  const memory = new LinearMemory(1);
  const start = memory.allocate(1000);
  assert.throws(() => memory.free(start + 64), /No buffer starts at 128: freed twice, or a view/);
  memory.free(start);
  assert.throws(() => memory.free(start), /No buffer starts at 64: freed twice, or a view/);
});

Deno.test("more than 4 GiB is refused in one line, and what is there stays usable", () => {
  const memory = new LinearMemory(1);
  assert.throws(() => memory.allocate(2 ** 32), (error) => {
    assert(error instanceof WeftError);
    assert.equal(
      error.message,
      "Cannot allocate 4096 MiB for a buffer: the WebAssembly memory holds 1 MiB and can grow to " +
        "4096 MiB at most, or the system has no more. Use a smaller network, batch or data set.",
    );
    return true;
  });
  assert.equal(memory.allocate(8), 64);
});
