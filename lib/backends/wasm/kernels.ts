/**
 * The compiled kernels: which build runs here, and its exports with their types. What each kernel does is said beside its
 * source in assembly/, under the same name.
 */
import { decodeBase64 } from "../../bytes/base64.ts";
import { messageOf, WeftError } from "../../errors.ts";
import { fingerprintOf, JOBS } from "./job_table.ts";

/** Builds of the kernels: without and with fused multiply-add. */
export type Simd = "strict" | "relaxed";

/**
 * Sizes that the host must know, in bytes (KC, MR, NC and NR: in elements), which build it is, and of which list of jobs
 * (fingerprintOf).
 */
const CONSTANTS = [
  "GEMM_PACKED_B",
  "GEMM_SCRATCH",
  "JOBS",
  "JOB_ARGUMENTS",
  "JOB_BYTES",
  "JOB_WORK",
  "KC",
  "MR",
  "NC",
  "NR",
  "RELAXED",
] as const;

export type Constants = Readonly<Record<typeof CONSTANTS[number], number>>;

/** Functions of assembly/index.ts. */
export interface Exports {
  /** Runs the job at an address, alone (`members` 1) or with the whole team. */
  fork(job: number, members: number): void;
  /** Serves as a member of the team until a job says QUIT. */
  serve(job: number, member: number, members: number): void;
}

export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  /** Whether the module takes a shared memory, which threads need; else a private one. */
  readonly shared: boolean;
}

/**
 * Compiles the kernels.
 *
 * @param simd "auto" takes the relaxed build where the engine accepts it
 * @throws {WeftError} where a build was asked for that the engine cannot run, or none has been made
 */
export async function compileKernels(simd: Simd | "auto"): Promise<CompiledKernels> {
  const wanted: Simd = simd === "strict" ? "strict" : "relaxed";
  const bytes = await kernelBytes(wanted);
  const shared = hasSharedMemory();
  if (!shared) importPrivateMemory(bytes);
  if (WebAssembly.validate(bytes)) return { module: await compiled(bytes, wanted), shared };
  if (simd === "auto") return compileKernels("strict");
  const missing = WebAssembly.validate(SIMD_PROBE)
    ? "this engine does not accept their instructions"
    : "this engine or processor has no WebAssembly SIMD (x86-64 needs SSE4.1; browsers have it since 2021, Safari since 2023)";
  throw new WeftError(
    `Cannot run the ${wanted} kernels: ${missing}; use --simd auto, or --backend reference`,
  );
}

/** A module of one function, which fills 16 bytes: what accepts it has SIMD of 128 bits. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

/** Hosts refuse by their own rules what they could compile: a page's content security policy, Cloudflare Workers. */
async function compiled(bytes: Uint8Array<ArrayBuffer>, simd: Simd): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new WeftError(
      `Cannot compile the ${simd} kernels: ${
        messageOf(error)
      }; give createBackend a module that the host has ` +
        "compiled (kernels), or allow 'wasm-unsafe-eval' in the page's content security policy",
      { cause: error },
    );
  }
}

/**
 * The bytes of the kernels for hosts that compile none at run time, such as Cloudflare Workers: write them to a `.wasm` file
 * that the program imports, and give the module to `createBackend`. They take a private memory, so they compute on one
 * thread.
 *
 * @throws {WeftError} where the kernels cannot be loaded, with the reason
 */
export async function kernelsToImport(simd: Simd): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await kernelBytes(simd);
  importPrivateMemory(bytes);
  return bytes;
}

/**
 * The numbers that an instance exports.
 *
 * @throws {WeftError} where it is of another version
 */
export function constantsOf(instance: WebAssembly.Instance): Constants {
  const entries = CONSTANTS.map((name) => [
    name,
    (instance.exports[name] as WebAssembly.Global | undefined)?.value,
  ]);
  const constants: Constants = Object.fromEntries(entries);
  if (constants.JOBS === fingerprintOf(JOBS)) return constants;
  throw new WeftError(
    "Cannot use these kernels: another version of Weft made them. " +
      'Run "deno task build", or write them again with kernelsToImport.',
  );
}

/** Pages of the kernels' smallest and largest memory, as build_kernels.ts asks for them. */
export const MEMORY_PAGES = { initial: 2, maximum: 65536 };

function hasSharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ ...MEMORY_PAGES, maximum: 2, shared: true }).buffer instanceof
      SharedArrayBuffer;
  } catch {
    return false;
  }
}

/**
 * Makes a module import a private memory instead of a shared one: the same code for hosts without shared memory. The
 * limits of the imported memory, after the name "memory", are a flags byte (1: has a maximum, 2: is shared).
 */
function importPrivateMemory(bytes: Uint8Array): void {
  const marker = [...new TextEncoder().encode("memory"), 2, 3];
  const at = bytes.findIndex((_, i) => marker.every((byte, j) => bytes[i + j] === byte));
  if (at < 0) throw new Error("The kernels do not import a shared memory");
  bytes[at + marker.length - 1] = 1;
}

async function kernelBytes(simd: Simd): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Literal paths: only what the module graph names can be imported without permission.
    const module = simd === "strict"
      ? await import("../../../assembly/build/strict.js")
      : await import("../../../assembly/build/relaxed.js");
    return decodeBase64(module.default);
  } catch (error) {
    throw new WeftError(
      `Cannot load the ${simd} kernels: ${
        messageOf(error)
      }; "deno task build" makes them in a checkout, and a ` +
        "package has them beside its modules: install it again, or copy all of its files",
      { cause: error },
    );
  }
}
