/**
 * The bodies of the kernels that update tensors, as lib/backend/updates.ts defines them. What only rounding does, and what is
 * done against it, is said in assembly/, beside the kernel of the same name.
 */
import type { UpdateRule } from "../../../backend/updates.ts";

/**
 * WGSL: `fn update(w, slots..., gradient, own...) -> Moved`, of vec4f but for `own`, without l1 and l2; Moved has w and the
 * slots as they are afterwards. Numbers that all tensors share are parameters.
 */
export const UPDATE_BODIES: Readonly<Record<UpdateRule, string>> = {
  sgd: `
fn update(old: vec4f, residual: vec4f, gradient: vec4f) -> Moved {
  let wanted = residual - p.learningRate * gradient;
  let moved = opaque4(old + wanted);
  return Moved(moved, wanted - (moved - old));
}
`,

  // nesterov is 1 or 0.
  momentum: `
fn update(old: vec4f, velocity: vec4f, residual: vec4f, gradient: vec4f) -> Moved {
  let speed = p.momentum * velocity + gradient;
  let direction = select(speed, gradient + p.momentum * speed, p.nesterov > 0.5);
  let wanted = residual - p.learningRate * direction;
  let moved = opaque4(old + wanted);
  return Moved(moved, speed, wanted - (moved - old));
}
`,

  // gradient^2 is hidden from the compiler: fused with the difference, square could go below zero.
  adam: `
fn update(old: vec4f, mean: vec4f, square: vec4f, gradient: vec4f, decay: f32) -> Moved {
  let newMean = mean + p.rate1 * (gradient - mean);
  let newSquare = square + p.rate2 * (opaque4(gradient * gradient) - square);
  let size = sqrt(newSquare) * p.correction + p.epsilon;
  return Moved(old - (decay * old + p.stepSize * newMean / size), newMean, newSquare);
}
`,

  rmsprop: `
fn update(old: vec4f, square: vec4f, gradient: vec4f) -> Moved {
  let newSquare = square + p.rate * (opaque4(gradient * gradient) - square);
  return Moved(old - p.learningRate * gradient / (sqrt(newSquare) + p.epsilon), newSquare);
}
`,
};
