/**
 * Records dispatches and hands them to the device, many at a time: a submission costs what several
 * dispatches do. Their parameters are written one after the other into memory of our own, and go to
 * the device in one piece before the submission that they belong to.
 */
import type { DeviceClock } from "./device_clock.ts";
import type { Faults } from "./faults.ts";
import { PARAMETER_BYTES } from "./shaders/shader.ts";

/** Dispatches of a submission: about 16 steps of training, so that the device soon has work. */
const MOST_DISPATCHES = 192;

/** Workgroups that one dimension can have, on every device. */
const MOST_GROUPS = 65535;

export class Recorder {
  /** Parameters, as integers and as float32; a dispatch's begin where `parameters` says. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;
  readonly parameterBuffer: GPUBuffer;
  /** Bytes from one dispatch's parameters to the next's. */
  readonly #slotBytes: number;
  readonly #offset = new Uint32Array(1);
  #dispatches = 0;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;

  /** @param submitted called after every submission, when all that was recorded is part of one */
  constructor(
    readonly device: GPUDevice,
    readonly faults: Faults,
    readonly clock: DeviceClock | null,
    readonly submitted: () => void,
  ) {
    this.#slotBytes = Math.max(PARAMETER_BYTES, device.limits.minUniformBufferOffsetAlignment);
    const size = MOST_DISPATCHES * this.#slotBytes;
    this.words = new Uint32Array(size / 4);
    this.floats = new Float32Array(this.words.buffer);
    this.parameterBuffer = device.createBuffer({
      label: "parameters",
      size,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Index into `words` and `floats` of the next dispatch's parameters, after the first, `zero`. */
  parameters(): number {
    const at = this.#dispatches * this.#slotBytes / 4;
    this.words[at] = 0;
    return at + 1;
  }

  /** Records a dispatch of x times y times z workgroups with the parameters just written. */
  dispatch(pipeline: GPUComputePipeline, group: GPUBindGroup, x: number, y = 1, z = 1): void {
    const pass = this.#pass ??= this.#commands().beginComputePass(this.clock?.nextPass());
    this.#offset[0] = this.#dispatches++ * this.#slotBytes;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, this.#offset, 0, 1);
    pass.dispatchWorkgroups(x, y, z);
    // Here, and not before the next: what that works on may be recorded, or retired, already.
    if (this.#dispatches === MOST_DISPATCHES) this.flush();
  }

  /** The same with `groups` workgroups, which a kernel counts with LINEAR_GROUP. */
  dispatchLinear(pipeline: GPUComputePipeline, group: GPUBindGroup, groups: number): void {
    const y = Math.ceil(groups / MOST_GROUPS);
    this.dispatch(pipeline, group, Math.ceil(groups / y), y);
  }

  copy(from: GPUBuffer, fromAt: number, to: GPUBuffer, toAt: number, bytes: number): void {
    const commands = this.#commands();
    this.#endPass();
    commands.copyBufferToBuffer(from, fromAt, to, toAt, bytes);
  }

  /** Submits what is recorded. */
  flush(): void {
    if (!this.#encoder) return;
    this.#endPass();
    const { queue } = this.device;
    if (this.#dispatches > 0) {
      const words = this.#dispatches * this.#slotBytes / 4;
      queue.writeBuffer(this.parameterBuffer, 0, this.words, 0, words);
    }
    queue.submit([this.#encoder.finish()]);
    this.#encoder = null;
    this.#dispatches = 0;
    this.faults.collect();
    this.submitted();
  }

  /** Frees the buffer; what is recorded is dropped. */
  [Symbol.dispose](): void {
    this.parameterBuffer.destroy();
  }

  #commands(): GPUCommandEncoder {
    return this.#encoder ??= this.device.createCommandEncoder();
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }
}
