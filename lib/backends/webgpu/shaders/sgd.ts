/**
 * w -= learningRate (dw + l1 sign(w) + l2 w) in compensated arithmetic (Kahan, 1965), as in
 * assembly/sgd.ts: what a step is too small to change in w stays in the residual for the next.
 *
 * One dispatch updates several tensors, one after the other: a network's smaller tensors are less work
 * than a dispatch is.
 */
import {
  type Binding,
  LINEAR_ARGUMENTS,
  LINEAR_GROUP,
  type Shader,
  shader,
  THREADS,
} from "./shader.ts";

/** Words of a tensor's parameters, which follow the learning rate. */
export const SGD_TENSOR_WORDS = 6;

/** @param tensors how many a dispatch updates */
export function sgd(tensors: number): Shader {
  const each = (text: (t: number) => string) => Array.from({ length: tensors }, (_, t) => text(t));
  return shader(
    "sgd",
    `learningRate: f32, ${
      each((t) =>
        `count${t}: u32, wOffset${t}: u32, residualOffset${t}: u32, dwOffset${t}: u32,
  l1${t}: f32, l2${t}: f32`
      ).join(",\n  ")
    }`,
    Array.from({ length: tensors }, (_, t): Binding[] => [
      [`w${t}`, "vec4f", "write"],
      [`residual${t}`, "vec4f", "write"],
      [`dw${t}`, "vec4f", "read"],
    ]).flat(),
    `
struct Moved { w: vec4f, residual: vec4f }

fn update(old: vec4f, residual: vec4f, dw: vec4f, l1: f32, l2: f32) -> Moved {
  let gradient = dw + (l1 * sign(old) + l2 * old);
  let wanted = residual - p.learningRate * gradient;
  let moved = opaque4(old + wanted);
  return Moved(moved, wanted - (moved - old));
}

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  var i = workgroup * ${THREADS}u + thread;
${
      each((t) =>
        `  if (i < p.count${t}) {
    let moved = update(w${t}[p.wOffset${t} + i], residual${t}[p.residualOffset${t} + i],
      dw${t}[p.dwOffset${t} + i], p.l1${t}, p.l2${t});
    w${t}[p.wOffset${t} + i] = moved.w;
    residual${t}[p.residualOffset${t} + i] = moved.residual;
    return;
  }
  i -= p.count${t};`
      ).join("\n")
    }
}`,
  );
}
