/** [height, width, channels] as [units]: the same numbers in the same order. */
import { type Layer, type LayerKind, sizeOf } from "../layer.ts";

export const flatten: LayerKind<Record<never, never>> = {
  words: ["flatten"],
  usage: "flatten",
  parse: (_, rest) => rest === "" ? {} : null,
  format: () => "flatten",
  layer: (_, { input }): Layer => ({
    output: [sizeOf(input)],
    matrices: {},
    saves: "nothing",
    inPlace: true,
    gradientInPlace: true,
    isIdentity: true,
    forward() {},
    backward() {},
  }),
};
