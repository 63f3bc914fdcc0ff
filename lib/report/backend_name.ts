/** What computes, in words. */

/** As a run's log has it. */
interface Environment {
  readonly backend: string;
  readonly threads: number;
  readonly simd: string | null;
  readonly adapter: string | null;
}

/** "wasm (relaxed SIMD), 2 threads", "webgpu, NVIDIA H200". */
export function nameBackend({ backend, threads, simd, adapter }: Environment): string {
  if (adapter !== null) return `${backend}, ${adapter}`;
  const build = simd ? ` (${simd} SIMD)` : "";
  return `${backend}${build}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
