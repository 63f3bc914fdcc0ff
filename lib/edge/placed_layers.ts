/**
 * The layers with weights of a predictor, in its memory: weights packed once for the product, and what a call gives to the
 * kernels.
 *
 * Glossary: I inputs and O outputs of a layer. Addresses and sizes are in bytes of the WebAssembly memory.
 */
import { type ConvolutionShape, isDepthwise, tapsOf } from "../backend/convolution.ts";
import { blockDepth } from "../backends/wasm/block_depth.ts";
import { isWinograd, packedSteps, placedPass } from "../backends/wasm/convolution_pass.ts";
import {
  copyWeights,
  type PackedLayer,
  type PackedShape,
  type PackedStep,
} from "./packed_model.ts";
import type { PredictorKernels } from "./predictor_kernels.ts";

const FLOAT = 4;

/** Where layers are placed. */
interface Room {
  /** Reserves so many bytes. */
  readonly place: (bytes: number) => number;
  readonly kernels: PredictorKernels;
  readonly memory: WebAssembly.Memory;
}

export interface PlacedLayer {
  /** Bytes of weights that are unpacked at once. */
  readonly staged: number;
  /** Packs the weights, times `scale`, and copies the bias. */
  load(layer: PackedLayer, scale: number, staging: number): void;
  run(to: number, from: number, rows: number, isBytes: boolean): void;
  /** What follows. */
  readonly steps: readonly PackedStep[];
  /** Numbers of a row that it gives. */
  readonly outputs: number;
}

/** A block of a layer's weights, packed: `width` columns from `column`, `steps` rows from `step`. */
interface Block {
  readonly at: number;
  readonly column: number;
  readonly width: number;
  readonly step: number;
  readonly steps: number;
}

/** Scratch memory that the layers need, one after the other. */
export function scratchBytes(
  shapes: readonly PackedShape[],
  { GEMM_SCRATCH }: PredictorKernels,
): number {
  const needs = shapes.map(({ convolution: shape }) =>
    shape ? placedPass(shape).scratchBytes : GEMM_SCRATCH
  );
  return Math.max(...needs);
}

export function placeDense(
  { place, kernels, memory }: Room,
  { inputs, outputs, activations: steps }: PackedShape,
  scratch: number,
): PlacedLayer {
  const blocks = placeBlocks(place, kernels, inputs, outputs);
  const bias = place(outputs * FLOAT);
  return {
    steps,
    outputs,
    staged: Math.min(inputs, kernels.KC) * outputs * FLOAT,
    load(layer, scale, staging) {
      const { buffer } = memory;
      for (const { at, column, width, step, steps } of blocks) {
        copyWeights(new Float32Array(buffer, staging, steps * outputs), layer, step, steps);
        kernels.gemmPackB(at, staging, outputs, 0, scale, column, 0, steps, 0, width);
      }
      new Float32Array(buffer, bias, outputs).set(layer.bias);
    },
    run(to, from, rows, isBytes) {
      for (const { at, column, width, step, steps } of blocks) {
        const c = to + column * FLOAT;
        const a = [from, inputs, +isBytes, 0] as const;
        const rest = [at, scratch, step, steps, +(step > 0), 0, rows] as const;
        kernels.gemmBlock(c, outputs, width, ...a, ...rest);
      }
      kernels.addBias(to, to, bias, outputs, 0, rows);
    },
  };
}

/** Places a layer's blocks: columns in blocks of NC, and of each the steps in blocks of about KC, as in training. */
function placeBlocks(
  place: (bytes: number) => number,
  { KC, NC, gemmPackedBytes }: PredictorKernels,
  inputs: number,
  outputs: number,
): Block[] {
  const depth = blockDepth(inputs, KC);
  const blocks: Block[] = [];
  for (let column = 0; column < outputs; column += NC) {
    const width = Math.min(NC, outputs - column);
    for (let step = 0; step < inputs; step += depth) {
      const steps = Math.min(depth, inputs - step);
      blocks.push({ at: place(gemmPackedBytes(width, steps)), column, width, step, steps });
    }
  }
  return blocks;
}

export function placeConvolution(
  { place, kernels, memory }: Room,
  shape: ConvolutionShape,
  { outputs: numbers, activations: steps }: PackedShape,
  scratch: number,
): PlacedLayer {
  const { outputs, groups } = shape;
  const { pass, scratchBytes: room } = placedPass(shape);
  const taps = tapsOf(shape);
  const isByTiles = isWinograd(shape);
  const isPlain = isDepthwise(shape);
  const panels = groups * Math.ceil(outputs / groups / kernels.NR);
  const words = place(pass.length * FLOAT);
  const weights = place(
    (isPlain ? taps * outputs : panels * packedSteps(shape) * kernels.NR) * FLOAT,
  );
  const bias = place(outputs * FLOAT);
  /** Of depthwise weights, which are not packed. */
  let alpha = 1;
  return {
    steps,
    outputs: numbers,
    staged: taps * outputs * FLOAT,
    load(layer, scale, staging) {
      const { buffer } = memory;
      new Int32Array(buffer, words, pass.length).set(pass);
      new Float32Array(buffer, bias, outputs).set(layer.bias);
      const to = isPlain ? weights : staging;
      copyWeights(new Float32Array(buffer, to, taps * outputs), layer, 0, taps);
      if (isPlain) alpha = scale;
      else {
        const pack = isByTiles ? kernels.winogradPack : kernels.convolvePack;
        pack(weights, staging, words, scale, 0, 0, panels);
      }
    },
    run(to, from, rows, isBytes) {
      const operands = [to, from, weights, bias, words, scratch, room, +isBytes] as const;
      if (isPlain) kernels.depthwiseImages(...operands, alpha, 0, 0, 0, rows);
      else {
        const convolve = isByTiles ? kernels.winogradImages : kernels.convolveImages;
        convolve(...operands, 0, 0, rows);
      }
    },
  };
}
