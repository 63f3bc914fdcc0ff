/**
 * square += rate (gradient^2 - square); w -= learningRate gradient / (sqrt(square) + epsilon), with
 * gradient^2 as in adam.ts. See assembly/rmsprop.ts.
 */
import { PENALISED, type UpdateKernel } from "./update.ts";

export const RMSPROP: UpdateKernel = {
  name: "rmsprop",
  slots: ["square"],
  shared: ["learningRate", "rate", "epsilon"],
  own: ["l1", "l2"],
  body: `${PENALISED}
fn update(old: vec4f, square: vec4f, dw: vec4f, l1: f32, l2: f32) -> Moved {
  let gradient = penalised(old, dw, l1, l2);
  let newSquare = square + p.rate * (opaque4(gradient * gradient) - square);
  return Moved(old - p.learningRate * gradient / (sqrt(newSquare) + p.epsilon), newSquare);
}
`,
};
