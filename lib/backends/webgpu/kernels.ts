/**
 * Compiled kernels, each compiled when it is first wanted. A kernel has a few variants, by the class
 * of a call's shapes (which tiling, how many threads a row) and by what is done at once, never by
 * the shapes themselves.
 */
import { type Access, PARAMETER_BYTES, type Shader } from "./shaders/shader.ts";

/** A kernel on a device. */
export interface Kernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** How it uses each buffer, in the order of the bindings. */
  readonly access: readonly Access[];
}

/** The variants of one kernel, by a number of at most a few thousand. Finding one makes nothing. */
export class Variants {
  readonly #compiled: (Kernel | undefined)[] = [];

  /** @param make the shader of a variant */
  constructor(readonly device: GPUDevice, readonly make: (variant: number) => Shader) {}

  get(variant: number): Kernel {
    return this.#compiled[variant] ??= compile(this.device, this.make(variant));
  }
}

function compile(device: GPUDevice, { name, access, code }: Shader): Kernel {
  const visibility = GPUShaderStage.COMPUTE;
  const layout = device.createBindGroupLayout({
    label: name,
    entries: [
      {
        binding: 0,
        visibility,
        buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: PARAMETER_BYTES },
      },
      ...access.map((kind, i) => ({
        binding: i + 1,
        visibility,
        buffer: { type: kind === "read" ? "read-only-storage" : "storage" } as const,
      })),
    ],
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ label: name, bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code }), entryPoint: "main" },
  });
  return { pipeline, layout, access };
}
