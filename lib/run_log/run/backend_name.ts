/** What computes, in words: for the terminal and for the dashboard. */

import type { BackendRecord } from "./records.ts";

/** "wasm (relaxed SIMD), 2 threads", "webgpu"; the dashboard has adapters in a line of their own. */
export function backendName({ backend, simd, threads, adapter }: BackendRecord): string {
  const name = simd ? `${backend} (${simd} SIMD)` : backend;
  if (adapter !== null) return name;
  return `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** The same with the adapter: "webgpu, NVIDIA H200". */
export function nameWithAdapter(record: BackendRecord): string {
  const name = backendName(record);
  return record.adapter === null ? name : `${name}, ${record.adapter}`;
}
