// Packs the weights of a convolution into panels of NR outputs, as pack.ts has those of B: group by group, panel by panel,
// step by step. Columns beyond a group's are zeros.
import { NR } from "../gemm/blocking";
import { B_STEP } from "../gemm/pack";
import { channelsOf, groupsOf, kernelHeight, kernelWidth, outputsOf, stepsOf } from "./shape";

/** Panels of a group. */
// @ts-ignore: decorator
@inline
export function panelsOf(shape: usize): i32 {
  return (outputsOf(shape) / groupsOf(shape) + NR - 1) / NR;
}

/**
 * Panels `begin` to `end` of all groups', of alpha W.
 *
 * @param w      the weights, (K L C / G) x O
 * @param shape  of the convolution that takes them
 * @param turned whether that is the gradient of an input: its steps are the outputs of the one that W is of, its outputs the
 * other's channels, and the window is turned around
 */
export function convolvePack(
  packed: usize,
  w: usize,
  shape: usize,
  alpha: f64,
  turned: bool,
  begin: i32,
  end: i32,
): void {
  const groups = groupsOf(shape);
  const panels = panelsOf(shape);
  const steps = stepsOf(shape);
  const taps = kernelHeight(shape) * kernelWidth(shape);
  const channels = channelsOf(shape) / groups, outputs = outputsOf(shape) / groups;
  // Of W as it is stored: a row has all groups' outputs.
  const row = (turned ? channels : outputs) * groups;
  for (let p = begin; p < end; p++) {
    const group = p / panels;
    const first = (p - group * panels) * NR;
    let to = packed + <usize>p * <usize>steps * B_STEP;
    for (let tap = 0; tap < taps; tap++) {
      for (let c = 0; c < channels; c++) {
        for (let j = 0; j < NR; j++) {
          const o = first + j;
          let value: f32 = 0;
          if (o < outputs) {
            const place = turned
              ? ((taps - 1 - tap) * outputs + o) * row + group * channels + c
              : (tap * channels + c) * row + group * outputs + o;
            value = <f32>(alpha * <f64>load<f32>(w + (<usize>place << 2)));
          }
          store<f32>(to + (<usize>j << 2), value);
        }
        to += B_STEP;
      }
    }
  }
}
