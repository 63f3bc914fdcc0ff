/**
 * velocity = momentum velocity + gradient, and then w -= learningRate velocity or, after Nesterov,
 * w -= learningRate (gradient + momentum velocity), compensated as in sgd.ts. See assembly/momentum.ts.
 */
import { PENALISED, type UpdateKernel } from "./update.ts";

export const MOMENTUM: UpdateKernel = {
  name: "momentum",
  slots: ["velocity", "residual"],
  // nesterov is 1 or 0.
  shared: ["learningRate", "momentum", "nesterov"],
  own: ["l1", "l2"],
  body: `${PENALISED}
fn update(old: vec4f, velocity: vec4f, residual: vec4f, dw: vec4f, l1: f32, l2: f32) -> Moved {
  let gradient = penalised(old, dw, l1, l2);
  let speed = p.momentum * velocity + gradient;
  let direction = select(speed, gradient + p.momentum * speed, p.nesterov > 0.5);
  let wanted = residual - p.learningRate * direction;
  let moved = opaque4(old + wanted);
  return Moved(moved, speed, wanted - (moved - old));
}
`,
};
