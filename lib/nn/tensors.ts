/** Parameters as plain data. Glossary: O outputs of a layer. */

/** Parameters of one layer: y = x W + b. */
export interface LayerParameters {
  /** Row-major, inputs x outputs of the layer. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
  /** What normalises y before its activation, in training; a model has it folded into the above. */
  readonly norm?: NormParameters;
}

/** Numbers by name: what a network and its training consist of at one moment. */
export type Tensors = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** What batch normalisation keeps for a layer: O numbers each. */
export interface NormParameters {
  /** gamma and beta: y = n weight + bias, n being the normalised value. */
  readonly weight: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
  /** Moving averages of the batches' means and unbiased variances. */
  readonly runningMean: Float32Array<ArrayBuffer>;
  readonly runningVariance: Float32Array<ArrayBuffer>;
}
