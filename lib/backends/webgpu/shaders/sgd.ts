/**
 * w -= learningRate (dw + l1 sign(w) + l2 w) in compensated arithmetic (Kahan, 1965), as in
 * assembly/sgd.ts: what a step is too small to change in w stays in the residual for the next.
 */
import { PENALISED, type UpdateKernel } from "./update.ts";

export const SGD: UpdateKernel = {
  name: "sgd",
  slots: ["residual"],
  shared: ["learningRate"],
  own: ["l1", "l2"],
  body: `${PENALISED}
fn update(old: vec4f, residual: vec4f, dw: vec4f, l1: f32, l2: f32) -> Moved {
  let wanted = residual - p.learningRate * penalised(old, dw, l1, l2);
  let moved = opaque4(old + wanted);
  return Moved(moved, wanted - (moved - old));
}
`,
};
