/** Processes that an MPI launcher started, as a group that trains together. */
import type { ProcessGroup, SummedBlock } from "../train/process_group.ts";
import type { MpiLibrary } from "./library.ts";
import { TreeSum } from "./tree_sum.ts";
import { Watchdog } from "./watchdog.ts";

/** The level of threads at which another thread may end all. */
const MULTIPLE = 3;

/** Bytes of one call, whose count is an int. */
const MOST_BYTES = 2 ** 28;

const TAG = 1;

export class MpiGroup implements ProcessGroup {
  readonly rank: number;
  readonly size: number;
  /** Names of the machines, by rank. */
  readonly hosts: readonly string[];
  readonly #sums = new WeakMap<SummedBlock, TreeSum>();
  /** A status that nobody reads, as long as any library's. */
  readonly #status = new Uint8Array(64);
  readonly #isWatchable: boolean;
  /** Called once, before the first sum: by all processes, or another collective takes its place in those that fail. */
  onBegin: () => void = () => {};
  #watchdog: Watchdog | null = null;
  #step = 0;

  /**
   * Starts MPI.
   *
   * @param host the name of this machine
   */
  constructor(readonly library: MpiLibrary, host: string) {
    const { functions, handles: { world } } = library;
    const int = (call: (into: Int32Array) => number) => {
      const into = new Int32Array(1);
      call(into);
      return into[0];
    };
    const level = int((into) => functions.MPI_Init_thread(0n, 0n, MULTIPLE, into));
    this.#isWatchable = level >= MULTIPLE;
    this.rank = int((into) => functions.MPI_Comm_rank(world, into));
    this.size = int((into) => functions.MPI_Comm_size(world, into));
    this.hosts = this.gather(host);
  }

  /** @returns whether this MPI allows it */
  watch(timeoutMs: number): boolean {
    if (this.size === 1 || !this.#isWatchable) return this.size === 1;
    const { rank, hosts } = this;
    this.#watchdog = new Watchdog(this.library, { timeoutMs, rank, hosts });
    return true;
  }

  /** Whether training has begun. */
  get hasBegun(): boolean {
    return this.#step > 0;
  }

  sum(block: SummedBlock): null {
    if (!this.hasBegun) this.onBegin();
    let sum = this.#sums.get(block);
    if (!sum) this.#sums.set(block, sum = new TreeSum(block, this.rank, this.size));
    this.#step++;
    sum.run(this.#exchange);
    return null;
  }

  // deno-lint-ignore require-await -- a group may have to wait
  async merge(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { functions, handles: { byte, bor, world } } = this.library;
    const mine = bytes.slice();
    for (let first = 0; first < bytes.length; first += MOST_BYTES) {
      const count = Math.min(MOST_BYTES, bytes.length - first);
      const [from, to] = [mine, bytes].map((all) => all.subarray(first, first + count));
      this.#watched(-1, () => functions.MPI_Allreduce(from, to, count, byte, bor, world));
    }
  }

  /** The texts of all processes, by rank. */
  gather(text: string): string[] {
    const { functions, handles: { int, max, byte, world } } = this.library;
    const mine = new TextEncoder().encode(text);
    const longest = new Int32Array(1);
    this.#watched(
      -1,
      () => functions.MPI_Allreduce(Int32Array.of(mine.length), longest, 1, int, max, world),
    );
    const [length] = longest;
    const sent = new Uint8Array(length + 4);
    new DataView(sent.buffer).setInt32(0, mine.length, true);
    sent.set(mine, 4);
    const all = new Uint8Array(sent.length * this.size);
    this.#watched(
      -1,
      () => functions.MPI_Allgather(sent, sent.length, byte, all, sent.length, byte, world),
    );
    return Array.from({ length: this.size }, (_, rank) => {
      const start = rank * sent.length;
      const count = new DataView(all.buffer).getInt32(start, true);
      return new TextDecoder().decode(all.subarray(start + 4, start + 4 + count));
    });
  }

  /** Bytes of the first process, for all of them; null where it has none. */
  broadcast(bytes: Uint8Array<ArrayBuffer> | null): Uint8Array<ArrayBuffer> | null {
    const { functions, handles: { byte, world } } = this.library;
    const send = (data: Uint8Array) =>
      this.#watched(-1, () => functions.MPI_Bcast(data, data.length, byte, 0, world));
    const head = new Float64Array([bytes ? bytes.length : -1]);
    send(new Uint8Array(head.buffer));
    const [length] = head;
    if (length < 0) return null;
    const all = this.rank === 0 ? bytes! : new Uint8Array(length);
    for (let first = 0; first < length; first += MOST_BYTES) {
      send(all.subarray(first, Math.min(first + MOST_BYTES, length)));
    }
    return all;
  }

  /** Ends MPI in this process; all processes must come here. */
  finalize(): void {
    this.library.functions.MPI_Finalize();
  }

  /** Ends all processes now. */
  abort(code: number): void {
    this.library.functions.MPI_Abort(this.library.handles.world, code);
  }

  readonly #exchange = (
    partner: number,
    send: Float32Array<ArrayBufferLike>,
    receive: Float32Array<ArrayBufferLike>,
  ): void => {
    const { functions, handles: { float, world } } = this.library;
    this.#watchdog?.enter(this.#step, partner);
    functions.MPI_Sendrecv(
      send,
      send.length,
      float,
      partner,
      TAG,
      receive,
      receive.length,
      float,
      partner,
      TAG,
      world,
      this.#status,
    );
    this.#watchdog?.leave();
  };

  #watched(partner: number, call: () => number): void {
    this.#watchdog?.enter(this.#step, partner);
    call();
    this.#watchdog?.leave();
  }
}
