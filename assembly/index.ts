// The ABI of the kernels: exports only.
//
// - Memory is imported ("env" "memory") and belongs to the host, which places every buffer; kernels allocate nothing and
//   keep nothing between calls. The host keeps clear of addresses below `__heap_base`.
// - Pointers are byte offsets. Matrices are row-major float32, 4-byte aligned; data and labels are bytes; row numbers are
//   uint32. Only the scratch memory of the matrix product must be 16-byte aligned.
// - Outputs come first. An output is read only where a kernel's page says so.
// - `begin` and `end` say which part to do (rows, columns or elements, as each kernel's page says). Parts may be done in
//   any order, by any thread, with the same bits.
// - Nothing is checked: shapes are the caller's contract (lib/backends/checked.ts).
export { addBias } from "./add_bias";
export { argmax } from "./argmax";
export { columnSums } from "./column_sums";
export { countCorrect } from "./count_correct";
export { gather } from "./gather";
export { GEMM_SCRATCH, gemmBlock, gemmPackB } from "./gemm/gemm";
export { KC, NC } from "./gemm/blocking";
export { reluBackward, reluForward } from "./relu";
export { sgd } from "./sgd";
export { sigmoidBackward, sigmoidForward } from "./sigmoid";
export { softmax } from "./softmax";
export { softmaxCrossEntropy } from "./softmax_cross_entropy";
export { tanhBackward, tanhForward } from "./tanh";
