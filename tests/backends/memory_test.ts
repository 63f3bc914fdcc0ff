/** How much memory training takes, and that nothing is left behind: on the heap, in WebAssembly, of threads. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runTraining } from "../train/training_run.ts";
import { createBackend } from "../../lib/mod.ts";
import { decode, type Outcome, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { localFashionMnist, NO_FASHION_MNIST } from "../data/local_fashion_mnist.ts";

const MEGABYTE = 1e6;
const NOT_LINUX = Deno.build.os === "linux" ? null : "only Linux says it in /proc";

/** Runs a program of this folder that uses the library; it may see nothing, unless flags say so. */
async function runProgram(file: string, args: string[], flags: string[] = []): Promise<Outcome> {
  const program = [...flags, join(import.meta.dirname!, file), ...args];
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--cached-only", ...program],
    env: { NO_COLOR: "1" },
    // A process that does not end by itself ends with a signal, and with a code that is not zero.
    signal: AbortSignal.timeout(20_000),
  }).output();
  return decode(output);
}

Deno.test("a thousand steps leave nothing on the heap and do not grow the WebAssembly memory", async () => {
  const flags = ["--v8-flags=--expose-gc"];
  const { stdout } = requireSuccess(await runProgram("heap_probe.ts", [], flags));
  const { grownHeapBytes, growths } = JSON.parse(stdout);
  // The smallest object that a step could leave has 8 bytes, a thousand of them 8,000. What V8 itself keeps, such as
  // feedback of its compilers, comes in some of the windows of a thousand steps; a leak comes in all of them.
  assert(Math.min(...grownHeapBytes) < 8000, `grew by ${grownHeapBytes} bytes`);
  assert.equal(growths, 0);
});

Deno.test("the linear memory stays below 96 MB for the baseline", async () => {
  const rows = 60_000;
  const train = {
    rows,
    height: 28,
    width: 28,
    pixels: new Uint8Array(rows * 784),
    labels: Uint8Array.from({ length: rows }, (_, i) => i % 10),
  };
  let largest = 0;
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const before = grow.call(this, pages);
    largest = Math.max(largest, this.buffer.byteLength);
    return before;
  };
  try {
    using backend = await createBackend({ backend: "wasm" });
    await runTraining({ train, backend, config: { epochs: 1 } });
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  assert(largest > train.pixels.length, "the memory holds the data set");
  assert(largest < 96 * MEGABYTE, `${largest} bytes`);
});

const data = await localFashionMnist() === null ? NO_FASHION_MNIST : null;
testUnless(NOT_LINUX ?? data, "the whole of train stays below 300 MB", async () => {
  await using workplace = await Workplace.create();
  // VmHWM is the peak so far, so what is seen last counts; a process that has ended has none.
  const { code, stdout, stderr } = await workplace.shell(
    `$WEFT train --epochs 1 >/dev/null & pid=$!
    while grep VmHWM /proc/$pid/status 2>/dev/null; do sleep 0.02; done
    wait $pid`,
  );
  assert.equal(code, 0, stderr);
  const kilobytes = [...stdout.matchAll(/VmHWM:\s*(\d+) kB/g)].map(([, digits]) => Number(digits));
  const peak = 1024 * kilobytes.at(-1)!;
  assert(peak > 50 * MEGABYTE, "the peak is that of a process that has trained");
  assert(peak < 300 * MEGABYTE, `${peak} bytes`);
});

for (const build of ["strict", "relaxed"]) {
  Deno.test(`the ${build} kernels are at most 64 KB`, async () => {
    const { default: base64 } = await import(`../../assembly/build/${build}.js`);
    const { length } = Uint8Array.fromBase64(base64);
    assert(length > 0 && length <= 64 * 1024, `${length} bytes`);
  });
}

Deno.test("a process ends by itself though its back end was never disposed of", async () => {
  const { code, stdout, stderr } = await runProgram("forgetful_user.ts", []);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "2 threads\n", stderr: "" });
});

Deno.test("a process ends by itself after an error too", async () => {
  const { code, stdout, stderr } = await runProgram("forgetful_user.ts", ["throw"]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "2 threads\n" });
  assert.match(stderr, /the user's own error/);
});

/** Threads of this process. */
async function threadsOfProcess(): Promise<number> {
  const args = ["^Threads:", `/proc/${Deno.pid}/status`];
  const { stdout } = await new Deno.Command("grep", { args }).output();
  return Number(new TextDecoder().decode(stdout).match(/\d+/)![0]);
}

testUnless(NOT_LINUX, "back ends made and disposed of leave no thread", async () => {
  const make = async () => {
    using backend = await createBackend({ backend: "wasm", threads: 2 });
    assert.equal(backend.description.threads, 2);
  };
  await make();
  const before = await threadsOfProcess();
  for (let i = 0; i < 60; i++) await make();
  // A thread ends a moment after it was told to. Deno's own pool may have grown by a few meanwhile; 60 may not stay.
  const deadline = performance.now() + 5000;
  let left: number;
  do left = await threadsOfProcess() - before; while (left > 4 && performance.now() < deadline);
  assert(left <= 4, `${left} threads are left`);
});
