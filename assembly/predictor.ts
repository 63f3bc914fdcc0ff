// The ABI of the predictor for the edge (lib/edge/): the kernels of a forward pass, exported as they are. What index.ts
// says of memory, pointers and shapes holds here too, except that the memory is private and that there are no jobs: a
// kernel is called directly, for rows or elements `begin` to `end`.
export { KC, NC } from "./gemm/blocking";
export { GEMM_SCRATCH, gemmBlock, gemmPackB, gemmPackedBytes } from "./gemm/gemm";
export * from "./activations";
export { addBias } from "./add_bias";
export { softmax } from "./softmax";
