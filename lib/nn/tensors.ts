/** Parameters as plain data: what initializers make, back ends compute with, and files hold. */
import { WeftError } from "../errors.ts";

/** Numbers of one tensor, row-major. */
export type Values = Float32Array<ArrayBuffer>;

/** Numbers by name: what a network and its training consist of at one moment. */
export type Tensors = ReadonlyMap<string, Values>;

/** Parameters of a model's layer: y = x W + b. */
export interface LayerParameters {
  /** Row-major, inputs x outputs of the layer. */
  readonly weights: Values;
  /** O: one an output. */
  readonly bias: Values;
}

/** The name of the layer with weights that has so many before it; layer 0 is next to the input. */
export const layerName = (layer: number) => `layers.${layer}`;

/** A model's parameters by name. */
export function tensorsOf(parameters: readonly LayerParameters[]): Map<string, Values> {
  return new Map(
    parameters.flatMap(({ weights, bias }, l) => [
      [`${layerName(l)}.weight`, weights],
      [`${layerName(l)}.bias`, bias],
    ]),
  );
}

/** The inverse, for tensors of a model. */
export function parametersOf(tensors: Tensors): LayerParameters[] {
  const parameters: LayerParameters[] = [];
  for (let l = 0;; l++) {
    const weights = tensors.get(`${layerName(l)}.weight`);
    const bias = tensors.get(`${layerName(l)}.bias`);
    if (!weights || !bias) return parameters;
    parameters.push({ weights, bias });
  }
}

/** @throws {WeftError} where a tensor is missing or of another length */
export function requireTensor(tensors: Tensors, name: string, length: number): Values {
  const values = tensors.get(name);
  if (values?.length === length) return values;
  throw new WeftError(
    `Cannot use these parameters: ${name} must have ${length} numbers, and has ${
      values?.length ?? "none"
    }`,
  );
}
