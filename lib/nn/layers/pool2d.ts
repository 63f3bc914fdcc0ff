/**
 * Windows of images that lie side by side: of each the largest number of a channel, or the mean. What is left at the right and
 * below is dropped.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Layer, LayerKind, LayerMatrices, Pool, Shape } from "../layer.ts";

/** @throws {UsageError} where a window does not fit into an image */
export function requireWindow(text: string, window: readonly number[], image: Shape): void {
  if (window[0] <= image[0] && window[1] <= image[1]) return;
  throw new UsageError(
    `Cannot train with "${text}": its window of ${
      window.join(" x ")
    } pixels is larger than its input of ${
      image.slice(0, 2).join(" x ")
    }; use a smaller window, or fewer pools and strides before it`,
  );
}

export class MaxPool2d implements Layer {
  readonly output;
  readonly pool: Pool;
  readonly matrices = {};
  readonly saves = "input";
  readonly inPlace = false;
  readonly gradientInPlace = false;

  constructor(readonly size: number, readonly input: Shape) {
    const [height, width, channels] = input;
    this.output = [Math.floor(height / size), Math.floor(width / size), channels];
    this.pool = { of: "largest", window: [size, size] };
  }

  forward({ backend }: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix): void {
    const [height, width, channels] = this.input;
    backend.maxPoolForward(y, x as Matrix, height, width, channels, this.size);
  }

  backward(
    { backend }: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    x: Matrix | ByteMatrix,
  ): void {
    const [height, width, channels] = this.input;
    if (dx) backend.maxPoolBackward(dx, dy, x as Matrix, height, width, channels, this.size);
  }
}

class AveragePool2d implements Layer {
  readonly pool: Pool;
  readonly matrices = {};
  readonly saves = "nothing";
  readonly inPlace = false;
  readonly gradientInPlace = false;

  constructor(
    window: readonly [number, number],
    readonly input: Shape,
    readonly output: Shape,
  ) {
    this.pool = { of: "mean", window };
  }

  forward({ backend }: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix): void {
    const [[height, width, channels], [down, across]] = [this.input, this.pool.window];
    backend.averagePoolForward(y, x as Matrix, height, width, channels, down, across);
  }

  backward({ backend }: LayerMatrices, dx: Matrix | null, dy: Matrix): void {
    const [[height, width, channels], [down, across]] = [this.input, this.pool.window];
    if (dx) backend.averagePoolBackward(dx, dy, height, width, channels, down, across);
  }
}

interface PoolSpec {
  readonly size: number;
}

/** What both kinds of pools share, under their word. */
function poolKind(word: string, make: (size: number, input: Shape) => Layer): LayerKind<PoolSpec> {
  const format = ({ size }: PoolSpec) => `${word} ${size}`;
  return {
    words: [word],
    usage: `${word} P`,
    where: "P is a whole number of pixels of at least 1",
    takesImages: true,
    parse(_, rest) {
      const size = Number(rest);
      return /^\d+$/.test(rest) && size >= 1 && Number.isSafeInteger(size) ? { size } : null;
    },
    format,
    layer(spec, { input }) {
      requireWindow(format(spec), [spec.size, spec.size], input);
      return make(spec.size, input);
    },
  };
}

export const maxPool2d = poolKind("pool", (size, input) => new MaxPool2d(size, input));

export const averagePool2d = poolKind("avg-pool", (size, input) => {
  const [height, width, channels] = input;
  const output = [Math.floor(height / size), Math.floor(width / size), channels];
  return new AveragePool2d([size, size], input, output);
});

export const globalAveragePool: LayerKind<Record<never, never>> = {
  words: ["global-average"],
  usage: "global-average",
  takesImages: true,
  parse: (_, rest) => rest === "" ? {} : null,
  format: () => "global-average",
  layer: (_, { input }) => new AveragePool2d([input[0], input[1]], input, [input[2]]),
};
