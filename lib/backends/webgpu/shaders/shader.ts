/**
 * What a kernel is before a device compiles it.
 *
 * Every kernel has its parameters, at most 128 bytes, as a uniform at binding 0 and its buffers from
 * binding 1 on. Matrices are seen as vec4: their rows are padded to whole ones (see
 * ../storage.ts), and strides and offsets count in them.
 */

/** How a kernel uses a buffer; "write" may read, too. */
export type Access = "write" | "read";

export interface Shader {
  readonly name: string;
  /** Of each buffer, in the order of the bindings. */
  readonly access: readonly Access[];
  /** WGSL whose entry point is `main`. */
  readonly code: string;
}

/** Bytes of a kernel's parameters. */
export const PARAMETER_BYTES = 128;

/** A buffer: the name that the kernel gives it, its elements, and how it is used. */
export type Binding = readonly [name: string, element: string, access: Access];

/**
 * A value that the compiler knows nothing of. It may otherwise calculate as if there were no rounding,
 * take (a + b) - a for b or a b + a c for a (b + c), and what was to be gained is lost. It cannot
 * know that the parameter `zero` is 0.
 */
const OPAQUE = `
fn opaque(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ p.zero); }
fn opaque4(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(p.zero)); }
`;

/**
 * Puts a kernel together.
 *
 * @param parameters members of the uniform `p`, in WGSL; the first of all, `zero`, is the recorder's
 * @param body       functions, with the entry point `main`
 */
export function shader(
  name: string,
  parameters: string,
  bindings: readonly Binding[],
  body: string,
): Shader {
  const declarations = bindings.map(([variable, element, access], i) =>
    `@group(0) @binding(${i + 1}) var<storage, ${access === "read" ? "read" : "read_write"}> ` +
    `${variable}: array<${element}>;`
  );
  const code = `struct Parameters { zero: u32, ${parameters} }
@group(0) @binding(0) var<uniform> p: Parameters;
${OPAQUE}
${declarations.join("\n")}
${body}`;
  return { name, access: bindings.map(([, , access]) => access), code };
}

/** Threads of a workgroup that go by elements or rows. */
export const THREADS = 64;

/**
 * Parameters of an entry point and, in `workgroup`, the number of the workgroup: a dispatch that is
 * too long for one dimension is folded into two.
 */
export const LINEAR_ARGUMENTS = `@builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groupCount: vec3u,
  @builtin(local_invocation_index) thread: u32`;
export const LINEAR_GROUP = "let workgroup = groupId.y * groupCount.x + groupId.x;";
