/** Adds the sums of a product's chunks, in order, and finishes them as gemm would have. */
import {
  type Epilogue,
  EPILOGUE_PARAMETERS,
  epilogueBindings,
  epilogueFunctions,
} from "./gemm_epilogue.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** partial: chunks x M x N, rows as long as C's. */
export function gemmReduce(epilogue: Epilogue, software: boolean): Shader {
  return shader(
    "gemm_reduce",
    `count: u32, chunks: u32, unused2: u32, unused3: u32,
  unused4: u32, unused5: u32, unused6: u32, unused7: u32, ${EPILOGUE_PARAMETERS}`,
    [["c", "vec4f", "write"], ["partial", "vec4f", "read"], ...epilogueBindings(epilogue)],
    `${epilogueFunctions(epilogue, software)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let i = workgroup * ${THREADS}u + thread;
  if (i >= p.count) { return; }
  var sum = vec4f(0.0);
  for (var chunk = 0u; chunk < p.chunks; chunk++) { sum += partial[chunk * p.count + i]; }
  finish(sum, i / p.cStride, i % p.cStride);
}`,
  );
}
