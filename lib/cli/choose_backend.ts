/** Which back end trains, where the user left the choice to Weft. */
import { host } from "../host/mod.ts";
import type { Backend } from "../backend/mod.ts";
import { createBackend, defaultThreads, listAdapters } from "../backends/mod.ts";
import type { TrainConfig } from "../config/options.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { UsageError, WeftError } from "../errors.ts";
import { type Calibrated, fastestBackend } from "../measure/calibrate.ts";
import { hasGpuFile } from "./device_files.ts";
import type { CommonOptions } from "./options/common.ts";
import { print, printErrorLine, printJson } from "./output.ts";

/** A step of which threads may cost more than they bring. */
const SMALL_STEP_MS = 1;

/** What computes a run. */
export interface Computing {
  readonly backend: Backend;
  /** What was measured to choose it; absent where there was no choice. */
  readonly calibration?: readonly Calibrated[];
  /** Makes the back end to continue with if its device fails; absent where the user named the back end. */
  readonly fallback?: () => Promise<Backend>;
}

/** Decides once the network is known. */
export type Decision = (
  images: LabeledImages,
  classes: number,
  config: TrainConfig,
) => Promise<Computing>;

/**
 * Starts what takes a while (threads, drivers), so that the data can be read meanwhile.
 *
 * With "auto", a GPU is tried against the processor on the network to be trained; an adapter in software never is, because
 * it runs on the same processor, and slower.
 */
export function startComputing(options: CommonOptions): Decision {
  const starting = createNamedBackend(options);
  starting.catch(() => {}); // Awaited below, unless something else goes wrong first.
  if (wantedBackend(options) !== "auto") return async () => ({ backend: await starting });
  const finding = findGpu();
  finding.catch(() => {});
  return async (images, classes, config) => {
    const wasm = await starting;
    const gpu = await finding;
    if (!gpu) return { backend: wasm };
    const makeWasm = (threads = options.threads) =>
      createBackend({ ...options, backend: "wasm", threads });
    const fallback = () => makeWasm();
    const choice = await fastestBackend([wasm, gpu], images, classes, config);
    const [{ stepMs }] = choice.calibration;
    const free = options.threads === undefined && wasm.description.threads > 1;
    if (!free || stepMs === null || stepMs > SMALL_STEP_MS) return { ...choice, fallback };
    // A small network may not be worth sharing.
    const single = await makeWasm(1);
    const last = await fastestBackend([choice.backend, single], images, classes, config);
    const calibration = [...choice.calibration, last.calibration[1]];
    return { backend: last.backend, calibration, fallback };
  };
}

/** The back end that the user named; where the choice is Weft's and nothing is trained, WebAssembly. */
export async function createNamedBackend(options: CommonOptions): Promise<Backend> {
  const wanted = wantedBackend(options);
  if (wanted === "webgpu") quietDrivers();
  const backend = await createBackend({ ...options, backend: wanted });
  const { backend: kind, threads } = backend.description;
  const asked = options.threads ?? defaultThreads();
  if (kind === "wasm" && threads < asked) {
    printErrorLine(
      `note: ${threads} of ${asked} threads could be started, because a limit of the system is reached ` +
        "(ulimit -u, or a container's); raise it for more speed: results are the same",
    );
  }
  return backend;
}

/** Who names an adapter wants to use it. */
function wantedBackend({ backend, adapter }: CommonOptions): CommonOptions["backend"] {
  if (adapter === undefined) return backend;
  if (backend === "auto" || backend === "webgpu") return "webgpu";
  throw new UsageError(
    `Cannot compute on the adapter "${adapter}" with --backend ${backend}: only webgpu has adapters; ` +
      "leave out one of them",
  );
}

/** `--adapter list`: prints what there is to choose from. */
export async function printAdapters({ json }: Pick<CommonOptions, "json">): Promise<number> {
  quietDrivers();
  const adapters = await listAdapters();
  // Says what was looked for, and what to install.
  if (adapters.length === 0) (await createBackend({ backend: "webgpu" }))[Symbol.dispose]();
  if (json) printJson(adapters);
  else {
    adapters.forEach(({ name, software }, place) => {
      print(`${place}  ${name}${software ? ", software: runs on the processor" : ""}`);
    });
  }
  return 0;
}

/** Mesa's drivers write a line to standard error where this variable is not set, as in a container. */
export function quietDrivers(): void {
  const variable = "XDG_RUNTIME_DIR";
  if (host.build.os !== "linux") return;
  if (host.permissions.querySync({ name: "env", variable }).state !== "granted") return;
  if (!host.env.get(variable)) host.env.set(variable, "/tmp");
}

/**
 * Whether it is worth asking WebGPU. Its drivers load a compiler, some 70 MB, before they say that there is only the
 * processor; on Linux, a GPU is also a file.
 */
async function mayHaveGpu(): Promise<boolean> {
  return host.build.os !== "linux" || await hasGpuFile() !== false;
}

/** A back end on the machine's GPU; null where it has none, or none that works. */
async function findGpu(): Promise<Backend | null> {
  if (!await mayHaveGpu()) return null;
  try {
    quietDrivers();
    const adapters = await listAdapters();
    const place = adapters.findIndex(({ software }) => !software);
    return place < 0 ? null : await createBackend({ backend: "webgpu", adapter: String(place) });
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    printErrorLine(`note: no GPU is tried: ${error.message}`);
    return null;
  }
}
