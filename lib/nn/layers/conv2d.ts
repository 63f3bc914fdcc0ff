/**
 * A two-dimensional convolution of images whose channels lie side by side: z = x * W + b. W has a row for each tap of the
 * window and channel of a group: (height, width, channel) x outputs.
 *
 * Next to the input, x is scale X of bytes X, which stay bytes: the scale goes into the weights as they are packed. An offset
 * cannot go into a row that is added, as in dense.ts, because the zeros around an image have none.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import type { ConvolutionShape } from "../../backend/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Layer, LayerKind, LayerMatrices, LayerPlace } from "../layer.ts";
import { requireWindow } from "./pool2d.ts";

export interface Conv2dSpec {
  readonly outputs: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: number;
  /** Whether only windows inside the image count; else it is padded to as many positions as pixels over the stride. */
  readonly valid: boolean;
  readonly groups: number;
}

class Conv2d implements Layer {
  readonly output;
  readonly matrices;
  readonly flops;
  readonly saves = "input";
  readonly inPlace = false;
  readonly gradientInPlace = false;
  readonly convolution: ConvolutionShape;
  readonly #scale: number;
  readonly #trainsBias: boolean;

  constructor(spec: Conv2dSpec, { input, inputMap, trainsBias }: LayerPlace) {
    const { outputs, kernel: [kernelHeight, kernelWidth], groups } = spec;
    const shape = this.convolution = shapeOf(spec, input);
    const ofGroup = shape.channels / groups;
    const taps = kernelHeight * kernelWidth * ofGroup;
    this.output = [shape.outHeight, shape.outWidth, outputs];
    this.matrices = {
      weight: {
        columns: outputs,
        tensors: [{
          name: "weight",
          rows: taps,
          initial: { inputs: taps, outputs: kernelHeight * kernelWidth * outputs / groups },
          rowShape: [kernelHeight, kernelWidth, ofGroup],
          isWindow: true,
        }],
        trained: true,
        penalized: true,
      },
      bias: {
        columns: outputs,
        tensors: [{ name: "bias", rows: 1, initial: 0 }],
        trained: trainsBias,
        penalized: false,
      },
    };
    this.flops = 2 * taps * shape.outHeight * shape.outWidth * outputs;
    this.#scale = inputMap?.scale ?? 1;
    this.#trainsBias = trainsBias;
  }

  forward({ backend, values }: LayerMatrices, z: Matrix, x: Matrix | ByteMatrix): void {
    const bias = this.#trainsBias ? values.bias : null;
    backend.convolve(z, x, values.weight, bias, this.convolution, this.#scale);
  }

  backward(
    on: LayerMatrices,
    dx: Matrix | null,
    dz: Matrix,
    x: Matrix | ByteMatrix,
  ): void {
    const { backend, gradients } = on;
    const bias = this.#trainsBias ? gradients.bias : null;
    backend.convolveWeightGradient(gradients.weight, bias, x, dz, this.convolution, this.#scale);
    if (dx) this.backwardInput(on, dx, dz);
  }

  backwardInput({ backend, values }: LayerMatrices, dx: Matrix, dz: Matrix): void {
    backend.convolveInputGradient(dx, dz, values.weight, this.convolution);
  }
}

/** @throws {UsageError} where the groups do not divide, or no window fits */
function shapeOf(spec: Conv2dSpec, [height, width, channels]: readonly number[]): ConvolutionShape {
  const { outputs, kernel: [kernelHeight, kernelWidth], stride, valid, groups } = spec;
  if (channels % groups !== 0 || outputs % groups !== 0) {
    throw new UsageError(
      `Cannot train with "${
        formatConv(spec)
      }": its groups must divide its input's ${channels} channels and its own ` +
        `${outputs}, and ${groups} does not; use another number of groups`,
    );
  }
  if (valid) requireWindow(formatConv(spec), spec.kernel, [height, width]);
  const along = (length: number, window: number) => {
    const out = valid ? Math.floor((length - window) / stride) + 1 : Math.ceil(length / stride);
    const padding = valid ? 0 : Math.max(0, (out - 1) * stride + window - length);
    // An odd row goes below, an odd column to the right.
    return { out, before: Math.floor(padding / 2) };
  };
  const [rows, columns] = [along(height, kernelHeight), along(width, kernelWidth)];
  return {
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    stride,
    padTop: rows.before,
    padLeft: columns.before,
    outHeight: rows.out,
    outWidth: columns.out,
    outputs,
    groups,
  };
}

function formatConv({ outputs, kernel, stride, valid, groups }: Conv2dSpec): string {
  return `conv ${outputs} ${kernel.join("x")}${stride === 1 ? "" : ` stride ${stride}`}${
    valid ? " valid" : ""
  }${groups === 1 ? "" : ` groups ${groups}`}`;
}

/** Larger windows are in no network, and no image; nor are there more outputs. */
const LARGEST_WINDOW = 1024;
const MOST_OUTPUTS = 65536;

const WRITTEN = /^(\d+)\s+(\d+)\s*x\s*(\d+)((?:\s+(?:stride\s+\d+|valid|groups\s+\d+))*)$/;

export const conv2d: LayerKind<Conv2dSpec> = {
  words: ["conv"],
  usage: "conv N KxK [stride S] [valid] [groups G]",
  where:
    "N, K, S and G are whole numbers of at least 1, N up to 65536, K (height x width) and S up to 1024",
  takesBytes: true,
  takesImages: true,
  parse(_, rest) {
    const [, outputs, height, width, more = ""] = WRITTEN.exec(rest) ?? [];
    const named = more.trim().split(/\s+(?=[svg])/).filter(Boolean).map((it) => it.split(/\s+/));
    const options = Object.fromEntries(named);
    const spec = {
      outputs: Number(outputs),
      kernel: [Number(height), Number(width)] as const,
      stride: Number(options.stride ?? 1),
      valid: "valid" in options,
      groups: Number(options.groups ?? 1),
    };
    const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
    const areCounts = [spec.outputs, ...spec.kernel, spec.stride, spec.groups].every(isCount);
    const areWindows = [...spec.kernel, spec.stride].every((value) => value <= LARGEST_WINDOW);
    const areOnce = named.length === Object.keys(options).length;
    return areCounts && areWindows && areOnce && spec.outputs <= MOST_OUTPUTS ? spec : null;
  },
  format: formatConv,
  layer(spec, place) {
    if (place.inputMap && place.inputMap.offset !== 0) {
      throw new UsageError(
        `Cannot standardize the input of "${
          formatConv(spec)
        }": the zeros around an image would no longer be its ground; ` +
          "leave standardize out, and put batch-norm after the layer",
      );
    }
    return new Conv2d(spec, place);
  },
};
