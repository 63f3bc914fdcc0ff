/**
 * The frame of kernels that update tensors by their gradients.
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

/** What one update differs from another in. */
export interface UpdateKernel {
  readonly name: string;
  /** What is kept of a tensor from step to step, besides w. */
  readonly slots: readonly string[];
  /** Float parameters that all tensors of a dispatch share. */
  readonly shared: readonly string[];
  /** Float parameters of each tensor. */
  readonly own: readonly string[];
  /**
   * WGSL: `fn update(w, slots..., dw, own...) -> Moved`, of vec4f but for `own`; Moved has w and the
   * slots as they are afterwards.
   */
  readonly body: string;
}

/** gradient = dw + l1 sign(w) + l2 w, for the bodies of updates. */
export const PENALISED = `
fn penalised(w: vec4f, dw: vec4f, l1: f32, l2: f32) -> vec4f {
  return dw + (l1 * sign(w) + l2 * w);
}
`;

/** Words of the parameters before those of the tensors: the shared ones and where the scale is. */
export function sharedWords({ shared }: UpdateKernel, scaled: boolean): number {
  return shared.length + +scaled;
}

/** Words of a tensor's parameters: how many vec4 it has, where its matrices begin, its own ones. */
export function tensorWords({ slots, own }: UpdateKernel): number {
  return 1 + buffersOf({ slots }) + own.length;
}

/** Buffers of a tensor: w, the slots, and dw. */
export function buffersOf({ slots }: Pick<UpdateKernel, "slots">): number {
  return slots.length + 2;
}

/**
 * @param tensors how many a dispatch updates
 * @param scaled  whether their gradients are multiplied by the number in one more buffer, the last
 */
export function updateShader(kernel: UpdateKernel, tensors: number, scaled: boolean): Shader {
  const { name, slots, shared, own, body } = kernel;
  const written = ["w", ...slots];
  const all = [...written, "dw"];
  const each = <T>(make: (t: number) => T) => Array.from({ length: tensors }, (_, t) => make(t));
  const parameters = [
    ...shared.map((value) => `${value}: f32`),
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
  const elements = (t: number) => all.map((matrix) => `${matrix}${t}[p.${matrix}Offset${t} + i]`);
  return shader(
    name,
    parameters.join(",\n  "),
    scaled ? [...bindings, ["scale", "vec4f", "read"]] : bindings,
    `
struct Moved { ${written.map((matrix) => `${matrix}: vec4f`).join(", ")} }
${body}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  var i = workgroup * ${THREADS}u + thread;
${
      each((t) =>
        `  if (i < p.count${t}) {
    let moved = update(${elements(t).join(", ")}${scale}${
          own.map((value) => `, p.${value}${t}`).join("")
        });
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
