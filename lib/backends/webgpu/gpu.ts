/** What the families of kernels share: a device, its memory, and what records and dispatches. */
import type { Dispatcher } from "./dispatcher.ts";
import type { Memory } from "./memory.ts";
import type { Recorder } from "./recorder.ts";

export interface Gpu {
  readonly device: GPUDevice;
  readonly memory: Memory;
  readonly recorder: Recorder;
  readonly dispatcher: Dispatcher;
  /** Whether the adapter is in software. */
  readonly software: boolean;
  /** Whether products go through tiles in workgroup memory. */
  readonly tiles: boolean;
}
