/** The WebGPU back end meets the contract, on whatever adapter there is; and what is its own. */
import assert from "node:assert/strict";
import type { GpuBytes, GpuMatrix } from "../../lib/backends/webgpu/storage.ts";
import { createWebGpu } from "../../lib/backends/webgpu/webgpu_backend.ts";
import { checked } from "../../lib/backend/checked.ts";
import { createBackend, listAdapters } from "../../lib/backends/mod.ts";
import { UsageError, WeftError } from "../../lib/errors.ts";
import { adapters, NO_ADAPTER } from "./adapter.ts";
import { testUnless } from "../support/cli.ts";
import { aliasCases } from "../conformance/alias_cases.ts";
import { conformanceSuite, ownershipSuite } from "../conformance/suite.ts";
import { wholeNumbers } from "../conformance/values.ts";

conformanceSuite("webgpu", () => createBackend({ backend: "webgpu" }), NO_ADAPTER);
ownershipSuite("webgpu", () => createBackend({ backend: "webgpu" }), NO_ADAPTER);

testUnless(NO_ADAPTER, "adapters are listed once each, hardware first, and described", () => {
  const names = adapters.map((adapter) => JSON.stringify(adapter));
  assert.equal(new Set(names).size, names.length);
  const software = adapters.map((adapter) => adapter.software);
  assert.deepEqual(software, software.toSorted((a, b) => +a - +b));
  for (const { name } of adapters) assert.notEqual(name, "");
  return Promise.resolve();
});

testUnless(NO_ADAPTER, "an adapter in software is recognized, and named as such", async () => {
  for (const [place, { name, software }] of adapters.entries()) {
    if (/llvmpipe|swiftshader/i.test(name)) assert(software);
    using backend = await createBackend({ backend: "webgpu", adapter: String(place) });
    assert.deepEqual(backend.description, {
      backend: "webgpu",
      threads: 1,
      simd: null,
      adapter: software ? `${name} (software)` : name,
    });
  }
});

testUnless(
  NO_ADAPTER,
  "an adapter is chosen by a part of its name, and an unknown one is refused",
  async () => {
    const [{ name }] = adapters;
    using backend = await createBackend({
      backend: "webgpu",
      adapter: name.slice(1, 8).toUpperCase(),
    });
    assert(backend.description.adapter!.startsWith(name));
    for (const adapter of ["Voodoo 3", "99", ""]) {
      await assert.rejects(
        () => createBackend({ backend: "webgpu", adapter }),
        (error) => error instanceof UsageError && error.message.includes(`0 (${name})`),
      );
    }
  },
);

Deno.test("without an adapter, one line says what was looked for and what gives one", async () => {
  const { gpu } = navigator;
  const hide = (value: unknown) =>
    Object.defineProperty(navigator, "gpu", { value, configurable: true });
  try {
    for (const nothing of [undefined, { requestAdapter: () => Promise.resolve(null) }]) {
      hide(nothing);
      assert.deepEqual(await listAdapters(), []);
      await assert.rejects(() => createBackend({ backend: "webgpu" }), (error) => {
        assert(error instanceof WeftError);
        assert.match(
          error.message,
          /^Cannot compute with webgpu: [^\n]*mesa-vulkan-drivers libvulkan1/,
        );
        assert.equal(error.exitCode, 1);
        return true;
      });
    }
  } finally {
    hide(gpu);
  }
});

testUnless(
  NO_ADAPTER,
  "a data set that is larger than a binding is spread over several buffers",
  async () => {
    // 7 columns are 8 bytes a row, so that 1,024 bytes hold 128 rows.
    using backend = await createWebGpu({ largestBinding: 1024 });
    const [rows, columns] = [1000, 7];
    const data = backend.allocateBytes(rows, columns);
    assert.equal((data as GpuBytes).parts.length, 8);
    const bytes = Uint8Array.from(wholeNumbers(rows * columns, 1, 256));
    const half = 450;
    backend.write(backend.view(data, 0, half), bytes.subarray(0, half * columns));
    backend.write(backend.view(data, half, rows - half), bytes.subarray(half * columns));
    assert.deepEqual(await backend.read(data), bytes);

    const wanted = Uint32Array.from(wholeNumbers(100, 2, rows - 200));
    const order = backend.allocateOrder(100);
    backend.writeOrder(order, wanted);
    const x = backend.allocateBytes(90, columns);
    // Of a view, rows count from its first.
    for (
      const [matrix, first] of [[data, 0], [backend.view(data, 200, rows - 200), 200]] as const
    ) {
      backend.gather(x, matrix, order, 10);
      const expected = [...wanted.subarray(10)].flatMap((row) => [
        ...bytes.subarray((first + row) * columns, (first + row + 1) * columns),
      ]);
      assert.deepEqual([...await backend.read(x)], expected);
      // Through tables that all mirror, so that it does not matter which.
      const sources = backend.allocateOrder(3 * columns);
      const mirrored = Array.from({ length: 3 * columns }, (_, j) => columns - 1 - j % columns);
      backend.writeOrder(sources, Uint32Array.from(mirrored));
      backend.gatherTransformed(x, matrix, order, 10, sources, 7);
      const backwards = expected.map((_, j) =>
        expected[j - j % columns + columns - 1 - j % columns]
      );
      assert.deepEqual([...await backend.read(x)], backwards);
    }
  },
);

testUnless(NO_ADAPTER, "a matrix that is too large is refused by size and limit", async () => {
  using backend = await createWebGpu({ largestBinding: 1024 });
  backend.allocate(16, 16);
  assert.throws(() => backend.allocate(17, 13), (error) => {
    assert(error instanceof WeftError);
    assert.match(
      error.message,
      /^Cannot make a 17 x 13 matrix on .* 1088 bytes.* 1024 .*use a smaller layer or batch/,
    );
    return true;
  });
  const x = backend.allocateBytes(1000, 7);
  const [c, b] = [backend.allocate(1, 1), backend.allocate(7, 1)];
  assert.throws(() => backend.gemm(c, x, b), WeftError);
});

testUnless(NO_ADAPTER, "the device says for how long it computed, where it can", async () => {
  using backend = await createBackend({ backend: "webgpu", adapter: "0" });
  const ms = async () => await backend.takeDeviceMs!();
  if (!adapters[0].timestamps) {
    assert.equal(await ms(), null);
    return;
  }
  const x = backend.allocate(1000, 1000);
  assert.equal(await ms(), 0);
  backend.activation("sigmoid", x, x);
  const began = performance.now();
  const taken = (await ms())!;
  assert(taken > 0 && taken <= performance.now() - began + 1, `${taken} ms`);
  assert.equal(await ms(), 0);
});

testUnless(NO_ADAPTER, "settle waits for what is queued", async () => {
  using backend = await createBackend({ backend: "webgpu" });
  const x = backend.allocate(2, 2);
  backend.activation("sigmoid", x, x);
  await backend.settle();
  assert.deepEqual([...await backend.read(x)], [0.5, 0.5, 0.5, 0.5]);
});

testUnless(
  NO_ADAPTER,
  "copies of rows that a kernel also writes go with the next wait",
  async () => {
    using backend = await createWebGpu();
    const matrix = backend.allocate(1000, 400);
    const [low, top] = [backend.view(matrix, 0, 500), backend.view(matrix, 500, 500)];
    const residentAfter = async (calls: number) => {
      for (let i = 0; i < calls; i++) {
        backend.activation("relu", low, top);
        await backend.settle();
      }
      return Deno.memoryUsage().rss;
    };
    const before = await residentAfter(10);
    // Each copy is 1.6 MB.
    const grown = await residentAfter(100) - before;
    assert(grown < 40e6, `${grown} bytes more after 100 calls`);
  },
);

testUnless(
  NO_ADAPTER,
  "a copy lives until its own call runs, however many are queued",
  async () => {
    using backend = await createWebGpu();
    const matrix = backend.allocate(2, 1);
    const [low, top] = [backend.view(matrix, 0, 1), backend.view(matrix, 1, 1)];
    const one = backend.allocate(1, 1);
    backend.write(one, new Float32Array([1]));
    // More than one submission takes, without a wait.
    for (let i = 0; i < 500; i++) {
      backend.addBias(low, top, one);
      backend.addBias(top, low, one);
    }
    assert.deepEqual([...await backend.read(matrix)], [999, 1000]);
  },
);

testUnless(NO_ADAPTER, "inputs forget an output that was released", async () => {
  using backend = await createWebGpu();
  const [x, bias] = [backend.allocate(2, 3), backend.allocate(1, 3)];
  for (let i = 0; i < 3; i++) {
    const y = backend.allocate(2, 3);
    backend.addBias(y, x, bias);
    backend.release(y);
  }
  for (const input of [x, bias]) assert.equal((input as GpuMatrix).storage.outputs.size, 0);
  await backend.settle();
});

testUnless(
  NO_ADAPTER,
  "no dispatch has a buffer twice that it writes, which other implementations refuse",
  async () => {
    using backend = await createWebGpu();
    const { device } = backend;
    const writes = new Map<GPUBindGroupLayout, ReadonlySet<number>>();
    const [makeLayout, makeGroup] = [device.createBindGroupLayout, device.createBindGroup];
    device.createBindGroupLayout = (descriptor) => {
      const layout = makeLayout.call(device, descriptor);
      const written = [...descriptor.entries].filter(({ buffer }) => buffer?.type === "storage");
      writes.set(layout, new Set(written.map(({ binding }) => binding)));
      return layout;
    };
    let groups = 0;
    device.createBindGroup = (descriptor) => {
      groups++;
      const entries = [...descriptor.entries];
      for (const { binding, resource } of entries) {
        if (!writes.get(descriptor.layout)!.has(binding)) continue;
        const { buffer } = resource as GPUBufferBinding;
        const uses = entries.filter((entry) =>
          (entry.resource as GPUBufferBinding).buffer === buffer
        );
        assert.equal(uses.length, 1, `binding ${binding} of ${descriptor.layout.label}`);
      }
      return makeGroup.call(device, descriptor);
    };
    for (const check of Object.values(aliasCases)) await check(checked(backend));
    assert(groups > 40, `${groups} groups`);
  },
);
