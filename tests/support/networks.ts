/** Networks for tests. */
import { type Architecture, sequenceOf } from "../../lib/nn/architecture.ts";
import { Network } from "../../lib/nn/network.ts";
import { initialTensors } from "../../lib/nn/initializers.ts";
import { type LayerParameters, parametersOf } from "../../lib/nn/tensors.ts";
import type { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";

/** [inputs, outputs] of every layer with weights, from the input side. */
export function layerShapes(architecture: Architecture): [number, number][] {
  const { widths } = Network.of(architecture);
  return widths.slice(1).map((outputs, i) => [widths[i], outputs]);
}

/** The network of an architecture in training, with what stands around each activation. */
export function trainedNetwork(
  architecture: Architecture,
  more: Partial<Network["spec"]> & { readonly batchNorm?: boolean; readonly dropout?: number } = {},
): Network {
  const { batchNorm, dropout, ...spec } = more;
  const layers = sequenceOf(architecture).layers.flatMap((text) =>
    text.startsWith("dense")
      ? [text, ...batchNorm ? ["batch-norm"] : []]
      : [text, ...dropout ? [`dropout ${dropout}`] : []]
  );
  return Network.of(architecture, { layers, ...spec });
}

/** Weights from N(0, 1); biases zero. */
export function standardNormal(
  architecture: Architecture,
  random: NumpyRandomState,
): LayerParameters[] {
  return parametersOf(initialTensors(Network.of(architecture), "normal", random));
}
