/**
 * Which buffers the passes over a batch need: one matrix may hold several layers' outputs, one after the other, where
 * nobody reads the earlier again.
 */
import { type Layer, sizeOf } from "./layer.ts";

/** Of each layer, the number of a buffer: a place in `widths`. */
export interface BufferPlan {
  /** Columns of each buffer. */
  readonly widths: readonly number[];
  /** Where each layer's output goes; -1 for the network's input itself, which only an identity leaves there. */
  readonly outputs: readonly number[];
  /** Where the gradient of each layer's output is; empty where nothing is trained, -1 below the first trained layer. */
  readonly gradients: readonly number[];
}

/** Whether a layer is nothing but its input, in a network that is trained or used. */
export function passesOn({ isIdentity, isForTraining }: Layer, training: boolean): boolean {
  return Boolean(isIdentity || isForTraining && !training);
}

/** Whether only the layer above reads the output of layer `i`, in backward passes too. */
function mayBeOverwritten(layers: readonly Layer[], i: number, training: boolean): boolean {
  const owner = layers.slice(0, i + 1).findLast((layer) => !passesOn(layer, training));
  return owner !== undefined && owner.saves !== "output";
}

/** @param layers from the input side; the last one's gradient, which the loss gives, has a buffer of its own */
export function planBuffers(layers: readonly Layer[], training: boolean): BufferPlan {
  const widths: number[] = [];
  const buffer = ({ output }: Layer) => widths.push(sizeOf(output)) - 1;
  const outputs: number[] = [];
  /** Whether backward reads what is in the newest buffer. */
  let isSaved = true;
  for (const layer of layers) {
    const input = outputs.at(-1) ?? -1;
    if (passesOn(layer, training)) {
      outputs.push(input);
      continue;
    }
    const isOver = layer.inPlace && !(training && (isSaved || layer.saves === "input"));
    outputs.push(isOver && input >= 0 ? input : buffer(layer));
    isSaved = layer.saves === "output";
  }
  const gradients: number[] = [];
  if (training) {
    const first = layers.findIndex((layer) => !passesOn(layer, training));
    for (let i = layers.length - 1; i >= 0; i--) {
      const above = layers[i + 1];
      if (i < first) gradients[i] = -1;
      else if (above && (above.gradientInPlace || passesOn(above, training))) {
        gradients[i] = gradients[i + 1];
      } else if (above?.gradientOverInput && mayBeOverwritten(layers, i, training)) {
        gradients[i] = outputs[i];
      } else gradients[i] = buffer(layers[i]);
    }
  }
  return { widths, outputs, gradients };
}
