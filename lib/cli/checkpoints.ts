/** The checkpoints of a run, `runs/NAME/checkpoints/`: the last two, so that one is left where the other is damaged. */
import { messageOf } from "../errors.ts";
import { writeFileAtomically } from "../run_log/atomic_file.ts";
import { CHECKPOINTS_DIR } from "../run_log/file_names.ts";
import { ioFailure } from "../run_log/io_failure.ts";
import type { CheckpointEvent } from "../train/events.ts";
import type { TrainingState } from "../train/state.ts";
import { decodeState, encodeState } from "../train/state_file.ts";

const KEPT = 2;

/** Epochs and batches that are done, so that the order of the names is that of time. */
const NAME = /^epoch-\d{7}-batch-\d{7}\.safetensors$/;

export class Checkpoints {
  readonly #folder: string;

  /** @param run the run's folder */
  constructor(run: string) {
    this.#folder = `${run}/${CHECKPOINTS_DIR}`;
  }

  /**
   * Writes a checkpoint, and then removes all but the last two and what was half-written when a process was killed.
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
    await writeFileAtomically(`${this.#folder}/${name}`, await encodeState(state));
    const kept = new Set(this.#names().slice(-KEPT));
    for (const { name } of Deno.readDirSync(this.#folder)) {
      if (!kept.has(name)) await Deno.remove(`${this.#folder}/${name}`).catch(() => {});
    }
  }

  /**
   * The last state that can be used; null where there is none.
   *
   * @param onDamage is told of every later one, in a line
   */
  async latest(onDamage: (message: string) => void): Promise<TrainingState | null> {
    for (const name of this.#names().reverse()) {
      const path = `${this.#folder}/${name}`;
      try {
        return await decodeState(await Deno.readFile(path), path);
      } catch (error) {
        onDamage(messageOf(error));
      }
    }
    return null;
  }

  /** Names of the checkpoints, the last one last. */
  #names(): string[] {
    try {
      return [...Deno.readDirSync(this.#folder)].map(({ name }) => name).filter((name) =>
        NAME.test(name)
      ).sort();
    } catch {
      return []; // There is no such folder yet.
    }
  }
}
