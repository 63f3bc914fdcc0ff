/**
 * Prints the memory of the process after 100 and after 200 WebGPU back ends were made, used and
 * disposed of. webgpu_faults_test.ts runs it, with V8's garbage collector at hand: Deno keeps 3 MB a
 * device until its JavaScript object is collected.
 */
import { createBackend } from "../../lib/backends/mod.ts";

const { gc } = globalThis as unknown as { gc: () => void };

async function makeAndDispose(): Promise<void> {
  using backend = await createBackend({ backend: "webgpu" });
  const x = backend.allocate(1024, 1024);
  backend.activation("relu", x, x);
  await backend.read(backend.view(x, 0, 1));
}

const residentBytes = [];
for (let i = 1; i <= 200; i++) {
  await makeAndDispose();
  if (i % 20 === 0) gc();
  if (i % 100 === 0) residentBytes.push(Deno.memoryUsage().rss);
}
console.log(JSON.stringify({ residentBytes }));
