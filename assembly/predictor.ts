// The ABI of the predictor for the edge (lib/edge/): the kernels of a forward pass, exported as they are. What index.ts
// says of memory, pointers and shapes holds here too, except that the memory is private and that there are no jobs: a
// kernel is called directly, for rows or elements `begin` to `end`.
export { KC, NC, NR } from "./gemm/blocking";
export { GEMM_SCRATCH, gemmBlock, gemmPackB, gemmPackedBytes } from "./gemm/gemm";
export * from "./activations";
export { addBias } from "./add_bias";
export { averagePoolForward } from "./average_pool";
export { convolveImages } from "./conv/convolve";
export { depthwiseImages } from "./conv/depthwise";
export { convolvePack } from "./conv/pack_weights";
export { winogradImages, winogradPack } from "./conv/winograd_images";
export { maxPoolForward } from "./max_pool";
export { softmax } from "./softmax";
