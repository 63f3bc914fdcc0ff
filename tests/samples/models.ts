/** Small models whose parameters all differ. */
import type { Model } from "../../lib/model/model.ts";
import type { Activation } from "../../lib/nn/activations.ts";
import type { LayerParameters } from "../../lib/nn/tensors.ts";
import { layerShapes } from "../support/networks.ts";

/** 6 inputs (2 x 3 pixels), one hidden layer of 4, 2 classes; every parameter differs. */
export function smallModel(): Model {
  return modelOf({ height: 2, width: 3, hidden: [4], outputs: 2, activation: "tanh" });
}

export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: Activation;
}

export function modelOf({ height, width, ...rest }: Shape): Model {
  const architecture = { inputs: height * width, ...rest };
  let count = 0;
  const next = (length: number) => Float32Array.from({ length }, () => ++count / 8);
  const parameters = layerShapes(architecture).map(([inputs, outputs]): LayerParameters => ({
    weights: next(inputs * outputs),
    bias: next(outputs),
  }));
  const classNames = Array.from({ length: rest.outputs }, (_, i) => `class "${i}" 바지`);
  return { architecture, parameters, height, width, inputScale: 1 / 255, classNames, preset: "p" };
}

/** A model that version 1 cannot say: two activations, and one layer without. */
export function mixedModel(): Model {
  const layers = ["dense 4", "relu", "dense 3", "tanh", "sigmoid", "dense 2"];
  const shapes = [[6, 4], [4, 3], [3, 2], [2, 2]];
  return {
    ...smallModel(),
    architecture: { inputs: 6, shape: [2, 3, 1], layers, outputs: 2 },
    parameters: shapes.map(([inputs, outputs], l) => ({
      weights: Float32Array.from({ length: inputs * outputs }, (_, i) => i - l / 8),
      bias: Float32Array.from({ length: outputs }, (_, i) => i / 4 - l),
    })),
  };
}
