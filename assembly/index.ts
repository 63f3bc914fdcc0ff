// The ABI of the kernels: exports only.
//
// - Memory is imported ("env" "memory"), shared, and belongs to the host, which places every buffer; kernels allocate
//   nothing and keep nothing between calls. The host keeps clear of addresses below `__heap_base`.
// - Pointers are byte offsets. Matrices are row-major float32, 4-byte aligned; data and labels are bytes; row numbers are
//   uint32. Scratch memory and job must be 64-byte aligned.
// - A kernel runs as a job (team/job.ts): the host writes its number and arguments, and calls `fork`. Workers call `serve`
//   once, before the first job. team/dispatch.ts, which is generated from lib/backend/kernels.ts, gives each kernel its
//   arguments in the order of the table, then sizes, then `begin` and `end`; the kernel's page says what they mean.
// - Outputs come first. An output is read only where a kernel's page says so.
// - Nothing is checked: shapes are the caller's contract (lib/backend/checked.ts).
export { KC, MR, NC, NR } from "./gemm/blocking";
export { GEMM_PACKED_B, GEMM_SCRATCH } from "./gemm/gemm";
export { RELAXED } from "./simd";
export * from "./team/dispatch";
export { JOB_ARGUMENTS, JOB_BYTES, JOB_WORK } from "./team/job";
export { fork, serve } from "./team/team";
