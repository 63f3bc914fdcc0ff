/** Opens a device, with the adapter's own limits instead of the small ones that WebGPU guarantees. */
import { WeftError } from "../../errors.ts";
import { type AdapterDescription, chooseAdapter } from "./adapter.ts";
import { Faults } from "./faults.ts";

export interface DeviceOptions {
  /** Which adapter: its place in `listAdapters` or a part of its name; the first by default. */
  readonly adapter?: string;
  /**
   * Bytes of the largest binding, where it is to be less than the adapter's. For tests: what is
   * larger is split, and no machine of a test has so large a data set.
   */
  readonly largestBinding?: number;
  /**
   * Whether products go through tiles in software, too. For tests: what GPUs do is to be tested where
   * there is none.
   */
  readonly tiles?: boolean;
}

export interface OpenDevice {
  readonly device: GPUDevice;
  readonly description: AdapterDescription;
  readonly faults: Faults;
  /** Bytes of the largest buffer that a kernel can see all of; a multiple of 16. */
  readonly largestBinding: number;
  /** Whether products go through tiles in workgroup memory. */
  readonly tiles: boolean;
}

/**
 * @throws {UsageError} where there is no adapter of that name
 * @throws {WeftError} where there is no adapter, or it gives no device
 */
export async function openDevice(
  { adapter: wanted, largestBinding = Infinity, tiles }: DeviceOptions,
): Promise<OpenDevice> {
  const { adapter, description } = await chooseAdapter(wanted);
  const {
    maxBufferSize,
    maxStorageBufferBindingSize,
    maxStorageBuffersPerShaderStage,
    minUniformBufferOffsetAlignment,
  } = adapter.limits;
  const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize, largestBinding);
  let device;
  try {
    device = await adapter.requestDevice({
      requiredFeatures: description.timestamps ? ["timestamp-query"] : [],
      requiredLimits: {
        maxBufferSize,
        maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage,
        minUniformBufferOffsetAlignment,
      },
    });
  } catch (error) {
    throw new WeftError(
      `Cannot compute with webgpu: ${description.name} gives no device (${
        (error as Error).message
      }); ` +
        "close what else computes on it, or give --backend wasm",
    );
  }
  return {
    device,
    description,
    faults: new Faults(device, description.name),
    largestBinding: Math.floor(largest / 16) * 16,
    tiles: tiles ?? !description.software,
  };
}
