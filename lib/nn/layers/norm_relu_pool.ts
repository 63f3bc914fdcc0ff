/**
 * `batch-norm, relu, pool 2` of images in one pass over memory forward and two back, where a network is trained: what lies between
 * the three is never stored, but worked out anew from the input where it is needed.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import type { Layer, LayerMatrices, Shape } from "../layer.ts";
import { ActivationLayer } from "./activation.ts";
import { ChannelNorm } from "./batch_norm.ts";
import { MaxPool2d } from "./pool2d.ts";

class NormReluPool implements Layer {
  readonly matrices;
  readonly output;
  readonly saves = "input";
  readonly inPlace = false;
  readonly gradientInPlace = false;
  readonly gradientOverInput = true;
  readonly mixesRows = true;

  constructor(readonly norm: ChannelNorm, pool: MaxPool2d) {
    this.matrices = norm.matrices;
    this.output = pool.output;
  }

  forward(on: LayerMatrices, y: Matrix, given: Matrix | ByteMatrix): void {
    const { backend, values, scratch: { statistics } } = on;
    const x = given as Matrix;
    const [height, width] = this.norm.output;
    this.norm.takeStatistics(on, x);
    const by = [statistics, values.weight, values.bias, height, width] as const;
    backend.channelNormPoolForward(y, x, ...by);
  }

  backward(
    { backend, values, gradients, scratch }: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    given: Matrix | ByteMatrix,
  ): void {
    const x = given as Matrix;
    const { parts, statistics } = scratch;
    const { weight, bias } = gradients;
    const [height, width] = this.norm.output;
    const of = [statistics, values.weight, values.bias] as const;
    backend.channelPoolSums(parts, dy, x, ...of, height, width);
    backend.channelNormGradients(weight, bias, parts);
    if (dx) backend.channelNormPoolBackward(dx, dy, x, ...of, weight, bias, height, width);
  }
}

/** A layer as it is trained, and whose matrices it takes. */
export interface Trained {
  readonly layer: Layer;
  /** A place among the network's layers. */
  readonly matricesOf: number;
}

/** Stands for a layer whose work another does. */
function passed(output: Shape): Layer {
  return {
    output,
    matrices: {},
    saves: "nothing",
    inPlace: true,
    gradientInPlace: true,
    isIdentity: true,
    forward() {},
    backward() {},
  };
}

/** As many layers, where the last of three does the work of all that can be done in one pass. */
export function inOnePass(layers: readonly Layer[]): Trained[] {
  const trained = layers.map((layer, matricesOf): Trained => ({ layer, matricesOf }));
  layers.forEach((norm, l) => {
    const [relu, pool] = layers.slice(l + 1, l + 3);
    if (!(norm instanceof ChannelNorm && pool instanceof MaxPool2d && pool.size === 2)) return;
    if (!(relu instanceof ActivationLayer && relu.activation === "relu")) return;
    trained[l] = { layer: passed(norm.output), matricesOf: l };
    trained[l + 1] = { layer: passed(norm.output), matricesOf: l + 1 };
    trained[l + 2] = { layer: new NormReluPool(norm, pool), matricesOf: l };
  });
  return trained;
}
