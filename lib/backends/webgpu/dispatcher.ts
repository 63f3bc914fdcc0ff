/**
 * Dispatches of kernels on their buffers.
 *
 * A bind group says which buffers a kernel works on. A training loop makes the same calls step after step, so a group is
 * made once and then found again among the few of the storage that its kernel writes; no key is built.
 *
 * A kernel cannot have one buffer twice where it writes it, even if it means other rows of it. The second of two such
 * operands becomes a copy and, where it is written, is copied back. Only unusual programs need that.
 */
import type { Kernel } from "./kernels.ts";
import type { Memory } from "./memory.ts";
import type { Recorder } from "./recorder.ts";
import { PARAMETER_BYTES } from "./shaders/shader.ts";
import type { Storage } from "./storage.ts";

/** What a kernel works on: a storage and, where it is a part of one, which part. */
export interface Operand {
  readonly storage: Storage;
  /** Bytes before it, and in it; 0 and all of them by default. */
  readonly at?: number;
  readonly bytes?: number;
}

export class Dispatcher {
  /** Of the dispatch that is being made: storages to bind and, by their place, those that stand in for another. */
  readonly #storages: Storage[] = [];
  readonly #copies: {
    readonly operand: Operand;
    readonly copy: Storage;
    readonly back: boolean;
  }[] = [];
  #number = 0;

  constructor(readonly recorder: Recorder, readonly memory: Memory) {}

  /**
   * Records a dispatch of x times y times z workgroups with the parameters just written.
   *
   * @param operands in the order of the shader's bindings, those that are undefined left out; the first is written
   */
  run(kernel: Kernel, operands: readonly (Operand | undefined)[], x: number, y = 1, z = 1): void {
    const group = this.#bind(kernel, operands);
    this.recorder.dispatch(kernel.pipeline, group, x, y, z);
    if (this.#copies.length > 0) this.#copyBack();
  }

  /** The same with `groups` workgroups, which a kernel counts with LINEAR_GROUP. */
  runLinear(kernel: Kernel, operands: readonly (Operand | undefined)[], groups: number): void {
    const group = this.#bind(kernel, operands);
    this.recorder.dispatchLinear(kernel.pipeline, group, groups);
    if (this.#copies.length > 0) this.#copyBack();
  }

  #bind(kernel: Kernel, operands: readonly (Operand | undefined)[]): GPUBindGroup {
    const storages = this.#storages;
    const number = ++this.#number;
    let count = 0;
    for (let i = 0; i < operands.length; i++) {
      const operand = operands[i];
      if (operand === undefined) continue;
      const { storage } = operand;
      const isWritten = kernel.access[count] === "write";
      const isBound = storage.boundBy === number;
      storages[count++] = isBound && (isWritten || storage.boundToWrite)
        ? this.#copy(operand, isWritten)
        : storage;
      storage.boundBy = number;
      storage.boundToWrite = isWritten || isBound && storage.boundToWrite;
    }
    storages.length = count;
    return this.#groupOf(kernel, storages);
  }

  #copy(operand: Operand, back: boolean): Storage {
    const { buffer, bytes } = operand.storage;
    const copy = this.memory.storage(bytes);
    this.recorder.copy(buffer, 0, copy.buffer, 0, bytes);
    this.#copies.push({ operand, copy, back });
    return copy;
  }

  #copyBack(): void {
    for (
      const { operand: { storage, at = 0, bytes = storage.bytes }, copy, back } of this.#copies
    ) {
      if (back) this.recorder.copy(copy.buffer, at, storage.buffer, at, bytes);
      this.memory.retire(copy);
    }
    this.#copies.length = 0;
  }

  /** The bind group of `kernel` with these storages, in the order of the shader's bindings. */
  #groupOf(kernel: Kernel, storages: readonly Storage[]): GPUBindGroup {
    for (const group of storages[0].groups) {
      if (group.kernel === kernel && areSame(group.storages, storages)) return group.bindGroup;
    }
    return this.#make(kernel, [...storages]);
  }

  #make(kernel: Kernel, storages: readonly Storage[]): GPUBindGroup {
    const { device, parameterBuffer } = this.recorder;
    const bindGroup = device.createBindGroup({
      layout: kernel.layout,
      entries: [
        { binding: 0, resource: { buffer: parameterBuffer, size: PARAMETER_BYTES } },
        ...storages.map(({ buffer }, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
    const [output] = storages;
    output.groups.push({ kernel, storages, bindGroup });
    for (const storage of storages) storage.outputs.add(output);
    return bindGroup;
  }
}

function areSame(a: readonly Storage[], b: readonly Storage[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
