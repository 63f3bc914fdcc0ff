/**
 * What a layer is. A layer is a description without state: what it computes, which matrices it needs, and what its backward
 * pass reads. `Sequential` owns the matrices and hands them over.
 *
 * Glossary: B rows of a batch, I inputs and O outputs of a layer; x input, y output, dx and dy gradients of the batch's mean
 * loss by them.
 */
import type { Backend, ByteMatrix, ConvolutionShape, Matrix, Pool } from "../backend/mod.ts";
import type { InputMap } from "./input_map.ts";
import type { Values } from "./tensors.ts";

export type { ConvolutionShape, Pool };

/** What passes between two layers, without the batch: [units], or [height, width, channels]. */
export type Shape = readonly number[];

/** Numbers of a row of that shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);

/** How a tensor begins: at one value, or drawn by an initializer for so many inputs and outputs of a unit. */
export type Initial = number | { readonly inputs: number; readonly outputs: number };

/** A tensor of a layer, as files have it. */
export interface TensorSpec {
  /** What follows the layer's name: `weight` in `layers.0.weight`. */
  readonly name: string;
  readonly rows: number;
  readonly initial: Initial;
  /** Of rows that are places of an image, or of a window: height, width and channels. Files have the channels first. */
  readonly rowShape?: Shape;
  /** Whether files keep that shape, as of a convolution's windows: [outputs, channels, height, width]. */
  readonly isWindow?: boolean;
}

/** A matrix of a layer on a back end. */
export interface MatrixSpec {
  readonly columns: number;
  /** What it holds, one tensor below the other; one, but for running statistics. */
  readonly tensors: readonly TensorSpec[];
  /** Whether it has a gradient, by which optimizers change it. */
  readonly trained: boolean;
  /** Whether penalties and weight decay apply: to weights, not to biases. */
  readonly penalized: boolean;
  /**
   * Whether `forward` changes it by the rows that it sees: where a batch is cut into shards, each shard changes what there was
   * before, and the average stays.
   */
  readonly averaged?: boolean;
}

/** A layer's matrices on a back end, by the names in `matrices` and `scratch`. */
export interface LayerMatrices {
  readonly backend: Backend;
  readonly values: Readonly<Record<string, Matrix>>;
  /** Of those that are trained; none where nothing is. */
  readonly gradients: Readonly<Record<string, Matrix>>;
  readonly scratch: Readonly<Record<string, Matrix>>;
}

/** What backward reads of the forward pass. */
export type Saved = "input" | "output" | "nothing";

export interface Layer {
  readonly output: Shape;
  /** By name, in the order in which they are trained and saved. */
  readonly matrices: Readonly<Record<string, MatrixSpec>>;
  /** Rows and columns of matrices that hold something from one call to the next, by name. */
  readonly scratch?: Readonly<Record<string, readonly [rows: number, columns: number]>>;
  /** Multiplications and additions of the forward products, for one row. */
  readonly flops?: number;
  /** What it computes, for those who compute it by themselves: exporters, and who looks for overflow. */
  readonly convolution?: ConvolutionShape;
  readonly pool?: Pool;
  readonly saves: Saved;
  /** Whether y may be x in `forward`, where nobody reads x later. */
  readonly inPlace: boolean;
  /** Whether dx may be dy in `backward`. */
  readonly gradientInPlace: boolean;
  /** Whether dx may be x in `backward`, which is then lost. */
  readonly gradientOverInput?: boolean;
  /** Whether it is the identity: y is x, and nothing is called. */
  readonly isIdentity?: boolean;
  /** Whether it is the identity for a network that is used, as dropout is. */
  readonly isForTraining?: boolean;

  /** Whether a row's output depends on other rows: a batch that is cut into shards is then taken shard by shard. */
  readonly mixesRows?: boolean;
  /** Whether a row's output depends on its place in the batch. Such a layer has no matrices, and takes all rows. */
  readonly goesByPlace?: boolean;

  /** Fills what `scratch` has from the beginning. */
  prepare?(on: LayerMatrices): void;
  /**
   * y from x.
   *
   * @param step batches since training began
   */
  forward(on: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix, step: number): void;
  /**
   * Gradients of the matrices, and dx, from dy.
   *
   * @param dx null where nothing below is trained
   * @param x  as it was where `saves` says so, and y likewise
   */
  backward(
    on: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    x: Matrix | ByteMatrix,
    y: Matrix,
    step: number,
  ): void;
  /**
   * dx from dy alone, for a layer whose `backward` takes null for dx wherever the gradients alone are wanted: where a batch is
   * cut into shards, these are taken shard by shard, and dx at once.
   */
  backwardInput?(on: LayerMatrices, dx: Matrix, dy: Matrix): void;
  /**
   * The weights of the layer before, so that it gives by itself what both give in a network that is used. A layer that has
   * this must follow one with weights, and is not part of a model.
   *
   * @param own its own tensors by name
   */
  fold?(before: WeightAndBias, own: Readonly<Record<string, Values>>): WeightAndBias;
}

export interface WeightAndBias {
  readonly weight: Values;
  readonly bias: Values;
}

/** What a layer has to know of the network that it is part of. */
export interface LayerPlace {
  readonly input: Shape;
  /** What layers before made, where `input` is that in one row. */
  readonly flattened: Shape | null;
  /** What the network takes for its input's bytes; null for a layer whose input is another's output. */
  readonly inputMap: InputMap | null;
  /** Whether a bias is trained: not where a normalization takes it away, or where the output's is frozen. */
  readonly trainsBias: boolean;
  /** Layers of the same kind before it. */
  readonly ordinal: number;
  readonly seed: number;
}

/** A kind of layer. `Spec` is such a layer as data: all that `--layers` says of it. */
export interface LayerKind<Spec = unknown> {
  /** The word that it begins with in `--layers`; of activations, there are several. */
  readonly words: readonly string[];
  /** How it is written, for help and errors: `dense N`; and what goes for N. */
  readonly usage: string;
  readonly where?: string;
  /** Whether its input may be the network's: bytes, or float32 features. */
  readonly takesBytes?: boolean;
  /** Whether its input must be flat: where it is not, `flatten` is put before it. */
  readonly takesFlat?: boolean;
  /** Whether its input must be [height, width, channels]. */
  readonly takesImages?: boolean;
  /** Whether it is folded into the layer with weights before it; see `Layer.fold`. */
  readonly folds?: boolean;
  /**
   * @param word one of `words`
   * @param rest what follows it, without space around
   * @returns null where that is not what such a layer takes
   */
  parse(word: string, rest: string): Spec | null;
  /** The inverse. */
  format(spec: Spec): string;
  layer(spec: Spec, place: LayerPlace): Layer;
}
