/**
 * mean += rate1 (gradient - mean); square += rate2 (gradient^2 - square);
 * w -= decay w + stepSize mean / (sqrt(square) correction + epsilon). See assembly/adam.ts.
 *
 * gradient^2 is hidden from the compiler: fused with the difference, square could go below zero.
 */
import { PENALISED, type UpdateKernel } from "./update.ts";

export const ADAM: UpdateKernel = {
  name: "adam",
  slots: ["mean", "square"],
  shared: ["stepSize", "correction", "rate1", "rate2", "epsilon"],
  own: ["l1", "l2", "decay"],
  body: `${PENALISED}
fn update(
  old: vec4f, mean: vec4f, square: vec4f, dw: vec4f, l1: f32, l2: f32, decay: f32
) -> Moved {
  let gradient = penalised(old, dw, l1, l2);
  let newMean = mean + p.rate1 * (gradient - mean);
  let newSquare = square + p.rate2 * (opaque4(gradient * gradient) - square);
  let size = sqrt(newSquare) * p.correction + p.epsilon;
  return Moved(old - (decay * old + p.stepSize * newMean / size), newMean, newSquare);
}
`,
};
