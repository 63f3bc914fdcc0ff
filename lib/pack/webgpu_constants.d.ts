/** WebGPU's constants, which TypeScript's own declarations of WebGPU lack. For `deno task pack` alone. */

declare const GPUBufferUsage: Readonly<
  Record<
    "COPY_DST" | "COPY_SRC" | "MAP_READ" | "QUERY_RESOLVE" | "STORAGE" | "UNIFORM",
    number
  >
>;
declare const GPUMapMode: Readonly<Record<"READ", number>>;
declare const GPUShaderStage: Readonly<Record<"COMPUTE", number>>;
