/** A model as the predictor carries it: shapes from its layers, and what its task needs. */

import { WeftError } from "../../errors.ts";
import { inputOf, type Model } from "../../model/model.ts";
import { ACTIVATIONS } from "../../nn/activations.ts";
import type { Architecture } from "../../nn/architecture.ts";
import { sizeOf } from "../../nn/layer.ts";
import { Network, type NetworkLayer } from "../../nn/network.ts";
import type { PackedLayer, PackedModel, PackedShape, PackedStep } from "../packed_model.ts";

/**
 * @param layers the parameters, as float32 or quantized; as they are by default
 * @param source what to call the model in errors, such as its path
 * @throws {WeftError} where it has a layer that the predictor does not compute
 */
export function packModel(
  model: Model,
  layers: readonly PackedLayer[] = model.parameters.map((layer) => ({ ...layer, scales: null })),
  source = "the model",
): PackedModel {
  const { architecture, height, width, inputScale, classNames } = model;
  const weights = layers[0].scales ? "int8" : "float32";
  const shapes = shapesOf(architecture, source);
  const { element, shape } = inputOf(model);
  const { task, targets, threshold, preprocessing } = model;
  const more = {
    ...element === "float32" ? { element } : shape[2] === 3 ? { channels: 3 as const } : {},
    ...task ? { task } : {},
    ...targets ? { targets } : {},
    ...threshold === undefined ? {} : { threshold },
    ...preprocessing ? { preprocessing } : {},
  };
  const header = { shapes, height, width, inputScale, ...more, classNames, weights } as const;
  return { header, layers };
}

/** What each kind of layer becomes, by the first word of how it is written; an activation by its own name. */
const PACKED: Readonly<Record<string, (shapes: PackedShape[], layer: NetworkLayer) => void>> = {
  dense: weighted,
  conv: weighted,
  flatten: () => {},
  pool: pooling,
  "avg-pool": pooling,
  "global-average": pooling,
  ...Object.fromEntries(
    ACTIVATIONS.map((activation) => [activation, (shapes: PackedShape[]) => {
      follow(shapes, activation);
    }]),
  ),
};

function weighted(shapes: PackedShape[], { input, layer }: NetworkLayer): void {
  const { output, convolution } = layer;
  const more = convolution ? { convolution } : {};
  shapes.push({ inputs: sizeOf(input), outputs: sizeOf(output), ...more, activations: [] });
}

function pooling(shapes: PackedShape[], { input, layer }: NetworkLayer): void {
  follow(shapes, { ...layer.pool!, image: input });
}

function follow(shapes: PackedShape[], step: PackedStep): void {
  const { activations, ...last } = shapes.pop()!;
  shapes.push({ ...last, activations: [...activations, step] });
}

function shapesOf(architecture: Architecture, source: string): PackedShape[] {
  const shapes: PackedShape[] = [];
  for (const layer of Network.of(architecture).layers) {
    const pack = PACKED[layer.text.split(" ")[0]];
    if (!pack) {
      throw new WeftError(
        `Cannot export ${source}: it has the layer "${layer.text}", which the predictor does not compute; ` +
          "export it with --format onnx or safetensors",
      );
    }
    pack(shapes, layer);
  }
  return shapes;
}
