/**
 * Bind groups: which buffers a kernel works on. A training loop makes the same calls step after
 * step, so a group is made once and then found again among the few of the storage that its kernel
 * writes; no key is built.
 */
import type { Kernel } from "./kernels.ts";
import { PARAMETER_BYTES } from "./shaders/shader.ts";
import type { Storage } from "./storage.ts";

export class Groups {
  /** @param parameters the buffer that holds the parameters of every dispatch */
  constructor(readonly device: GPUDevice, readonly parameters: GPUBuffer) {}

  /** The bind group of `kernel` with these storages, in the order of the shader's bindings. */
  find(
    kernel: Kernel,
    output: Storage,
    s1?: Storage,
    s2?: Storage,
    s3?: Storage,
    s4?: Storage,
    s5?: Storage,
  ): GPUBindGroup {
    for (const group of output.groups) {
      const { storages } = group;
      if (
        group.kernel === kernel && storages[1] === s1 && storages[2] === s2 &&
        storages[3] === s3 && storages[4] === s4 && storages[5] === s5
      ) return group.bindGroup;
    }
    return this.#make(kernel, output, [output, s1, s2, s3, s4, s5]);
  }

  /** The same for a kernel with any number of buffers; the array is the caller's to use again. */
  findAll(kernel: Kernel, storages: readonly Storage[]): GPUBindGroup {
    const [output] = storages;
    for (const group of output.groups) {
      if (
        group.kernel === kernel && storages.every((storage, i) => group.storages[i] === storage)
      ) {
        return group.bindGroup;
      }
    }
    return this.#make(kernel, output, [...storages]);
  }

  #make(
    kernel: Kernel,
    output: Storage,
    storages: readonly (Storage | undefined)[],
  ): GPUBindGroup {
    const used = storages.filter((storage) => storage !== undefined);
    const bindGroup = this.device.createBindGroup({
      layout: kernel.layout,
      entries: [
        { binding: 0, resource: { buffer: this.parameters, size: PARAMETER_BYTES } },
        ...used.map(({ buffer }, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
    output.groups.push({ kernel, storages, bindGroup });
    for (const storage of used) storage.outputs.add(output);
    return bindGroup;
  }
}

/** Lets go of every group with `storage` in it. */
export function forgetGroups(storage: Storage): void {
  for (const { storages } of storage.groups) {
    for (const input of storages) input?.outputs.delete(storage);
  }
  storage.groups = [];
  for (const output of storage.outputs) {
    output.groups = output.groups.filter(({ storages }) => !storages.includes(storage));
  }
  storage.outputs.clear();
}
