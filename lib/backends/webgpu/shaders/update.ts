/**
 * The frame of kernels that update tensors by their gradients.
 *
 * One dispatch updates several tensors, one after the other: a network's smaller tensors are less work
 * than a dispatch is.
 */
import { sharedNumbersOf, type UpdateRule, UPDATES } from "../../../backend/updates.ts";
import {
  type Binding,
  LINEAR_ARGUMENTS,
  LINEAR_GROUP,
  type Shader,
  shader,
  THREADS,
} from "./shader.ts";
import { UPDATE_BODIES } from "./updates.ts";

function slotsOf(rule: UpdateRule): readonly string[] {
  return Object.keys(UPDATES[rule].slots);
}

/** dw + l1 sign(w) + l2 w. */
const PENALIZED = `
fn penalized(w: vec4f, dw: vec4f, l1: f32, l2: f32) -> vec4f {
  return dw + (l1 * sign(w) + l2 * w);
}
`;

/** Words of the parameters before those of the tensors: the shared ones and where the scale is. */
export function sharedWords(rule: UpdateRule, scaled: boolean): number {
  return sharedNumbersOf(rule).length + +scaled;
}

/** Words of a tensor's parameters: how many vec4 it has, where its matrices begin, its own ones. */
export function tensorWords(rule: UpdateRule): number {
  return 1 + buffersOf(rule) + UPDATES[rule].own.length;
}

/** Buffers of a tensor: w, the slots, and dw. */
export function buffersOf(rule: UpdateRule): number {
  return slotsOf(rule).length + 2;
}

/**
 * @param tensors how many a dispatch updates
 * @param scaled  whether their gradients are multiplied by the number in one more buffer, the last
 */
export function updateShader(rule: UpdateRule, tensors: number, scaled: boolean): Shader {
  const own: readonly string[] = UPDATES[rule].own;
  const written = ["w", ...slotsOf(rule)];
  const all = [...written, "dw"];
  const each = <T>(make: (t: number) => T) => Array.from({ length: tensors }, (_, t) => make(t));
  const parameters = [
    ...sharedNumbersOf(rule).map((value) => `${value}: f32`),
    ...(scaled ? ["scaleOffset: u32"] : []),
    ...each((t) => [
      `count${t}: u32`,
      ...all.map((matrix) => `${matrix}Offset${t}: u32`),
      ...own.map((value) => `${value}${t}: f32`),
    ]).flat(),
  ];
  const bindings = each((t): Binding[] => [
    ...written.map((matrix): Binding => [`${matrix}${t}`, "vec4f", "write"]),
    [`dw${t}`, "vec4f", "read"],
  ]).flat();
  const scale = scaled ? " * scale[p.scaleOffset].x" : "";
  const element = (matrix: string, t: number) => `${matrix}${t}[p.${matrix}Offset${t} + i]`;
  const values = (t: number) => [
    ...written.map((matrix) => element(matrix, t)),
    `penalized(${element("w", t)}, ${element("dw", t)}${scale}, p.l1${t}, p.l2${t})`,
    ...own.filter((value) => value !== "l1" && value !== "l2").map((value) => `p.${value}${t}`),
  ];
  return shader(
    rule,
    parameters.join(",\n  "),
    scaled ? [...bindings, ["scale", "vec4f", "read"]] : bindings,
    `
struct Moved { ${written.map((matrix) => `${matrix}: vec4f`).join(", ")} }
${PENALIZED}${UPDATE_BODIES[rule]}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  var i = workgroup * ${THREADS}u + thread;
${
      each((t) =>
        `  if (i < p.count${t}) {
    let moved = update(${values(t).join(", ")});
${
          written.map((matrix) => `    ${matrix}${t}[p.${matrix}Offset${t} + i] = moved.${matrix};`)
            .join("\n")
        }
    return;
  }
  i -= p.count${t};`
      ).join("\n")
    }
}`,
  );
}
