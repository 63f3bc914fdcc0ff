/**
 * What goes wrong on a device. WebGPU reports it some time after the call that caused it; from then
 * on every call throws, so that no result of a failed device is taken for one.
 */
import { DeviceError } from "../../errors.ts";

export class Faults {
  #fault: DeviceError | null = null;
  /** Whether the device is given up on purpose. */
  #ended = false;
  #reports: Promise<void> = Promise.resolve();

  constructor(readonly device: GPUDevice, readonly adapter: string) {
    this.#watch();
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#report((event as GPUUncapturedErrorEvent).error);
    });
    device.lost.then(({ message }) => this.lost(message));
  }

  /** Whether the device has failed. */
  get failed(): boolean {
    return this.#fault !== null;
  }

  /** @throws {DeviceError} where the device has failed */
  check(): void {
    if (this.#fault) throw this.#fault;
  }

  /** Asks whether anything failed since it was last asked; `settled` waits for the answer. */
  collect(): void {
    const scopes = [this.device.popErrorScope(), this.device.popErrorScope()];
    this.#watch();
    const reports = this.#reports;
    this.#reports = Promise.all(scopes).then(
      async (errors) => {
        await reports;
        for (const error of errors) if (error) this.#report(error);
      },
      (error) => void this.lost(String(error)),
    );
  }

  /** Throws what `collect` found. */
  async settled(): Promise<void> {
    await this.#reports;
    this.check();
  }

  /** The device is gone. */
  lost(message: string): DeviceError {
    return this.#set(`the device was lost (${message || "no reason was given"})`);
  }

  /** From here on the device may be destroyed. */
  end(): void {
    this.#ended = true;
  }

  #watch(): void {
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
  }

  #report(error: GPUError): void {
    const kind = error instanceof GPUOutOfMemoryError
      ? "its memory is used up"
      : "it refused a command";
    this.#set(`${kind} (${error.message.split("\n")[0]})`);
  }

  /** The first fault is the one that counts: others follow from it. */
  #set(what: string): DeviceError {
    const error = new DeviceError(
      `Cannot continue computing with webgpu on ${this.adapter}: ${what}; try again, or give --backend wasm`,
    );
    if (this.#ended) return error;
    return this.#fault ??= error;
  }
}
