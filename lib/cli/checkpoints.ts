/** The checkpoints of a run, `runs/NAME/checkpoints/`: the last two, so that one is left where the other is damaged. */
import { MOST_BYTES, readWholeFile } from "../bytes/read_file.ts";
import { messageOf, UsageError, WeftError } from "../errors.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import { CHECKPOINTS_DIR } from "../run_log/file_names.ts";
import { ioFailure } from "../run_log/io_failure.ts";
import type { CheckpointEvent } from "../train/events.ts";
import type { TrainingState } from "../train/state.ts";
import { decodeState, encodeState } from "../train/state_file.ts";

const KEPT = 2;

/** Epochs and batches that are done, so that the order of the names is that of time. */
const NAME = /^epoch-\d{7}-batch-\d{7}\.safetensors$/;

/** What is half-written when a process is killed. */
const PARTIAL = /^epoch-\d{7}-batch-\d{7}\.safetensors\.[0-9a-f]{8}\.partial$/;

export class Checkpoints {
  readonly #folder: string;

  /** @param run the run's folder */
  constructor(run: string) {
    this.#folder = `${run}/${CHECKPOINTS_DIR}`;
  }

  /**
   * Writes a checkpoint, and then removes all but the last two, what was half-written when a process was killed, and what
   * comes after this one: training went back behind that, and would else go on from there. Files of other names stay.
   *
   * @throws {WeftError} where it cannot be written; the earlier ones are then untouched
   */
  async write({ epoch, batch, state }: CheckpointEvent): Promise<void> {
    const [epochs, batches] = [epoch, batch].map((count) => String(count).padStart(7, "0"));
    const name = `epoch-${epochs}-batch-${batches}.safetensors`;
    try {
      Deno.mkdirSync(this.#folder, { recursive: true });
    } catch (error) {
      throw ioFailure(`make the folder of checkpoints ${this.#folder}`, error);
    }
    this.#requireOwn();
    await writeFileAtomically(`${this.#folder}/${name}`, await encodeState(state));
    const names = this.#names();
    const kept = names.slice(0, names.indexOf(name) + 1).slice(-KEPT);
    const others = names.filter((name) => !kept.includes(name));
    for (const name of [...others, ...this.#contents().filter((name) => PARTIAL.test(name))]) {
      await Deno.remove(`${this.#folder}/${name}`).catch(() => {});
    }
  }

  /**
   * The last state that can be used; null where there is no checkpoint.
   *
   * @param onDamage is told of every later one, in a line
   * @throws {UsageError} where there are checkpoints and none can be used
   * @throws {WeftError} where the folder cannot be read, or is a link
   */
  async latest(onDamage: (message: string) => void): Promise<TrainingState | null> {
    this.#requireOwn();
    const names = this.#names().reverse();
    const damages: string[] = [];
    for (const name of names) {
      const path = `${this.#folder}/${name}`;
      try {
        const state = await decodeState(await readWholeFile(path, MOST_BYTES), path);
        for (const damage of damages) onDamage(`${damage}; the checkpoint before it is used`);
        return state;
      } catch (error) {
        damages.push(messageOf(error));
      }
    }
    if (names.length === 0) return null;
    for (const damage of damages) onDamage(damage);
    throw new UsageError(
      `Cannot go on from ${this.#folder}: no checkpoint in it can be used; ` +
        "remove that folder to begin the run again, or start another",
    );
  }

  /** Refuses a link: what it leads to is not the run's, and nothing there is to be written or removed. */
  #requireOwn(): void {
    if (!this.#isLink()) return;
    throw new WeftError(
      `Cannot keep checkpoints in ${this.#folder}: it is a link; put a folder in its place`,
    );
  }

  #isLink(): boolean {
    try {
      return Deno.lstatSync(this.#folder).isSymlink;
    } catch {
      return false; // What is wrong is said by who reads it.
    }
  }

  /** Names of the checkpoints, the last one last. */
  #names(): string[] {
    return this.#contents().filter((name) => NAME.test(name)).sort();
  }

  #contents(): string[] {
    try {
      return Array.from(Deno.readDirSync(this.#folder), ({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return []; // No checkpoint has been written yet.
      throw ioFailure(`read the checkpoints in ${this.#folder}`, error);
    }
  }
}
