/**
 * Kernels compiled from assembly/ to WebAssembly SIMD, over one linear memory, each run as a job of a team of threads. All
 * but the product follow from the kernel table.
 */
import type { ActivationKind } from "../../backend/activations.ts";
import type { Backend, Kernels } from "../../backend/backend.ts";
import { ACTIVATION_KINDS, identifierOf } from "../../backend/activations.ts";
import { collected, type Values } from "../../backend/calls.ts";
import { KERNELS } from "../../backend/table.ts";
import { numbersOf, UPDATE_RULES } from "../../backend/updates.ts";
import type { WasmBuffers } from "./buffers.ts";
import { Convolutions } from "./convolutions.ts";
import { JOBS } from "./job_table.ts";
import { Jobs, numberOf } from "./jobs.ts";
import { compileKernels, MEMORY_PAGES, type Simd } from "./kernels.ts";
import { LinearMemory } from "./linear_memory.ts";
import { wasmMemory } from "./memory.ts";
import { Products } from "./products.ts";
import { Team } from "./team.ts";

export interface WasmOptions {
  readonly simd?: Simd | "auto";
  /** Threads; as many as there are processors, up to eight, by default. */
  readonly threads?: number;
  /** What `kernelsToImport` wrote, compiled: in place of compiling the kernels now. */
  readonly kernels?: WebAssembly.Module;
}

/** Compiles the kernels, starts the threads and makes a back end. */
export async function createWasm(
  { simd = "auto", threads, kernels: module }: WasmOptions = {},
): Promise<Backend> {
  const compiled = module ? { module, shared: false } : await compileKernels(simd);
  const memory = new LinearMemory(MEMORY_PAGES.initial * 65536, compiled.shared);
  const team = await Team.create(compiled, memory, threads);
  const kernels = kernelsOf(new Jobs(memory, team));
  return { ...wasmMemory(memory, team), ...kernels as unknown as Kernels };
}

function kernelsOf(jobs: Jobs): Kernels<WasmBuffers> {
  const runnerOf = (name: string) => jobs.runner(JOBS[numberOf(name)], numberOf(name));
  const products = new Products(jobs);
  const convolutions = new Convolutions(jobs);
  const fromTable = Object.keys(KERNELS).map((name) => [name, collected(runnerOf(name))]);
  const runners = (suffix: string) =>
    Object.fromEntries(
      ACTIVATION_KINDS.map((kind) => [kind, runnerOf(identifierOf(kind) + suffix)]),
    ) as Record<ActivationKind, (given: Values) => void>;
  const [forward, backward] = [runners("Forward"), runners("Backward")];
  const rules = Object.fromEntries(
    UPDATE_RULES.map((rule) => [rule, { run: runnerOf(rule), names: numbersOf(rule) }]),
  );
  /** Arguments of a call in the order of its row, used anew for each. */
  const given: unknown[] = [];
  return {
    ...Object.fromEntries(fromTable) as Pick<Kernels<WasmBuffers>, keyof typeof KERNELS>,
    gemm: (c, a, b, options) => products.gemm(c, a, b, options),
    convolve: (y, x, w, bias, shape, alpha) => convolutions.convolve(y, x, w, bias, shape, alpha),
    convolveWeightGradient: (dw, dbias, x, dy, shape, alpha) =>
      convolutions.convolveWeightGradient(dw, dbias, x, dy, shape, alpha),
    convolveInputGradient: (dx, dy, w, shape) =>
      convolutions.convolveInputGradient(dx, dy, w, shape),
    activation(kind, y, x) {
      given[0] = y;
      given[1] = x;
      forward[kind](given);
    },
    activationGradient(kind, dx, dy, saved) {
      given[0] = dx;
      given[1] = dy;
      given[2] = saved;
      backward[kind](given);
    },
    update(rule, w, slots, dw, numbers, scale) {
      const { run, names } = rules[rule];
      let at = 0;
      given[at++] = w;
      for (let s = 0; s < slots.length; s++) given[at++] = slots[s];
      given[at++] = dw;
      given[at++] = scale;
      const values = numbers as Readonly<Record<string, unknown>>;
      for (let n = 0; n < names.length; n++) given[at++] = values[names[n]];
      run(given);
    },
  };
}
