/**
 * Adds up for how long the device computed, from the timestamps that it writes when a compute pass
 * begins and when it ends. They stay on the device until somebody asks.
 */
/** Passes whose timestamps there is room for: some 30,000 steps of training. */
const MOST_PASSES = 2048;

const TIMESTAMP_BYTES = 8;

export class DeviceClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #timestamps: GPUBuffer;
  /** Passes begun since the timestamps were last taken, and when that was. */
  #passes = 0;
  #takenAt = performance.now();

  constructor(device: GPUDevice) {
    const count = 2 * MOST_PASSES;
    this.#device = device;
    this.#queries = device.createQuerySet({ label: "passes", type: "timestamp", count });
    this.#timestamps = device.createBuffer({
      label: "timestamps",
      size: count * TIMESTAMP_BYTES,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
  }

  /** What the next pass is to be begun with. */
  nextPass(): GPUComputePassDescriptor | undefined {
    const pass = this.#passes++;
    if (pass >= MOST_PASSES) return undefined;
    return {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 2 * pass,
        endOfPassWriteIndex: 2 * pass + 1,
      },
    };
  }

  /**
   * Milliseconds of the passes submitted since the last call; null where there were too many, or
   * where the device's clock cannot be right. The caller has submitted what it recorded.
   *
   * @param read copies bytes of a buffer, from where on and how many
   */
  async take(
    read: (source: GPUBuffer, at: number, bytes: number) => Promise<ArrayBuffer>,
  ): Promise<number | null> {
    const [passes, since] = [this.#passes, this.#takenAt];
    this.#passes = 0;
    this.#takenAt = performance.now();
    if (passes === 0) return 0;
    if (passes > MOST_PASSES) return null;
    const commands = this.#device.createCommandEncoder();
    commands.resolveQuerySet(this.#queries, 0, 2 * passes, this.#timestamps, 0);
    this.#device.queue.submit([commands.finish()]);
    const bytes = 2 * passes * TIMESTAMP_BYTES;
    const nanoseconds = new BigUint64Array(await read(this.#timestamps, 0, bytes));
    let total = 0;
    for (let i = 0; i < nanoseconds.length; i += 2) {
      // A clock that was set back in between measured nothing.
      total += Math.max(0, Number(nanoseconds[i + 1] - nanoseconds[i]));
    }
    return credibleMs(total / 1e6, performance.now() - since);
  }

  /** Frees the timestamps. */
  [Symbol.dispose](): void {
    this.#queries.destroy();
    this.#timestamps.destroy();
  }
}

/**
 * What a device says that it computed within `wallMs` milliseconds; null where that is more than
 * there were. Some drivers write the raw ticks of their clock, which are not nanoseconds. A little
 * more is allowed: two clocks never run quite alike.
 */
export function credibleMs(deviceMs: number, wallMs: number): number | null {
  return deviceMs <= wallMs * 1.02 + 1 ? deviceMs : null;
}
