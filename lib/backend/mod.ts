/** The contract of back ends: see backend.ts. */
export {
  ACTIVATION_KINDS,
  type ActivationIdentifier,
  type ActivationKind,
  ACTIVATIONS,
  identifierOf,
} from "./activations.ts";
export type { Backend, BackendDescription, Device, GemmOptions, Kernels } from "./backend.ts";
export type { ConvolutionShape, Pool } from "./convolution.ts";
export { KERNELS } from "./table.ts";
export type { ByteMatrix, ElementsOf, Matrix, RowIndices } from "./matrices.ts";
export { type UpdateNumbers, type UpdateRule, UPDATES } from "./updates.ts";
