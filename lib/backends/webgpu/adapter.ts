/**
 * GPUs as WebGPU shows them. It has no list of them: it is asked for the fast one, the thrifty one
 * and the one in software, and what comes back more than once is one adapter.
 */
import { UsageError, WeftError } from "../../errors.ts";

/** A device that computes, for a user to choose from. */
export interface AdapterDescription {
  /** What the driver calls it. */
  readonly name: string;
  /** Whether it is a program on the processor; its timings are not a GPU's. */
  readonly software: boolean;
  /** PCI vendor and device, in hexadecimal, where the driver says so. */
  readonly vendor: string;
  /** Likewise. */
  readonly device: string;
  /** Whether it can say for how long it computed. */
  readonly timestamps: boolean;
}

/**
 * An adapter with what is known of it.
 *
 * @internal Its types are WebGPU's, which not all users of the library have.
 */
export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  readonly description: AdapterDescription;
}

const REQUESTS: readonly GPURequestAdapterOptions[] = [
  { powerPreference: "high-performance" },
  { powerPreference: "low-power" },
  { forceFallbackAdapter: true },
];

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|softpipe|\bwarp\b|basic render|software|\bcpu\b/i;

/** Why there is no adapter, and what gives one. */
function noAdapter(): WeftError {
  const missing = globalThis.navigator?.gpu
    ? "no WebGPU adapter was found, neither a GPU with a Vulkan, Metal or Direct3D 12 driver nor one in software"
    : "this program has no navigator.gpu";
  return new WeftError(
    `Cannot compute with webgpu: ${missing}; install the GPU's driver (on Debian ` +
      `"apt-get install mesa-vulkan-drivers libvulkan1" gives an adapter in software), or give ` +
      "--backend wasm",
  );
}

function describe({ info, features }: GPUAdapter): AdapterDescription {
  const name = nameOf(info);
  return {
    name,
    software: Boolean(info.isFallbackAdapter) || SOFTWARE.test(name),
    vendor: hexadecimal(info.vendor),
    device: hexadecimal(info.device),
    timestamps: features.has("timestamp-query"),
  };
}

/** What a masked adapter is called: Firefox tells pages nothing of it. */
const UNNAMED = "unnamed adapter";

/**
 * What the driver calls it. Chromium tells pages the vendor and the architecture alone, each of which may be what a user names:
 * "nvidia hopper", "google swiftshader".
 *
 * @internal
 */
export function nameOf(
  { description, device, vendor, architecture }: Pick<
    GPUAdapterInfo,
    "description" | "device" | "vendor" | "architecture"
  >,
): string {
  const masked = [vendor, architecture].filter(Boolean).join(" ");
  return description || device || masked || UNNAMED;
}

/** Deno gives PCI numbers in decimal. */
function hexadecimal(number: string): string {
  return /^[1-9]\d*$/.test(number) ? `0x${Number(number).toString(16)}` : number;
}

async function findAdapters(): Promise<FoundAdapter[]> {
  const found = new Map<string, FoundAdapter>();
  for (const request of REQUESTS) {
    const adapter = await globalThis.navigator?.gpu?.requestAdapter(request);
    if (!adapter) continue;
    const description = describe(adapter);
    const key = JSON.stringify(description);
    if (!found.has(key)) found.set(key, { adapter, description });
  }
  // Hardware first; otherwise as they came, the fast one before the thrifty.
  return [...found.values()].sort((a, b) => +a.description.software - +b.description.software);
}

/** The adapters that "webgpu" can compute on: hardware first, the fastest first. */
export async function listAdapters(): Promise<AdapterDescription[]> {
  return (await findAdapters()).map(({ description }) => description);
}

/**
 * The adapter that a user names by its place among them (from 0) or by a part of its name. A number
 * that is no place may be a part of a name, as 4090 is; undefined where it is neither.
 */
export function namedAdapter<A extends { readonly name: string }>(
  adapters: readonly A[],
  wanted: string,
): A | undefined {
  if (wanted === "") return undefined;
  const atPlace = /^\d+$/.test(wanted) ? adapters[Number(wanted)] : undefined;
  const part = wanted.toLowerCase();
  return atPlace ?? adapters.find(({ name }) => name.toLowerCase().includes(part));
}

/**
 * The adapter that a user names by its place in `listAdapters` (from 0) or by a part of its name;
 * the first by default.
 *
 * @throws {WeftError} where there is no adapter
 * @throws {UsageError} where there is none of that name
 *
 * @internal
 */
export async function chooseAdapter(wanted?: string): Promise<FoundAdapter> {
  const found = await findAdapters();
  if (found.length === 0) throw noAdapter();
  if (wanted === undefined) return found[0];
  const named = namedAdapter(found.map(({ description }) => description), wanted);
  const chosen = found.find(({ description }) => description === named);
  if (chosen) return chosen;
  const names = found.map(({ description }, i) => `${i} (${description.name})`).join(", ");
  const isMasked = found.some(({ description }) => description.name === UNNAMED);
  throw new UsageError(
    `Cannot compute with the adapter "${wanted}": there is ${names}; give its number or a part of its name${
      isMasked ? ", which this browser does not tell" : ""
    }`,
  );
}
