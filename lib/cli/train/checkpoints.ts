/** The checkpoints of a run, `runs/NAME/checkpoints/`: the last two, so that one is left where the other is damaged. */
import { host } from "../../host/mod.ts";
import { messageOf, UsageError, WeftError } from "../../errors.ts";
import { CHECKPOINTS_DIR } from "../../run_log/shared/file_names.ts";
import type { HeldFolder } from "../../run_log/shared/held_folder.ts";
import { ioFailure } from "../../run_log/shared/io_failure.ts";
import { readOwnFile } from "../../run_log/shared/open_file.ts";
import type { CheckpointEvent } from "../../train/events.ts";
import type { TrainingState } from "../../train/checkpoint/state.ts";
import { decodeState, encodeState } from "../../train/checkpoint/state_file.ts";

const RETAINED = 2;

/** Epochs and batches that are done, so that the order of the names is that of time. */
const NAME = /^epoch-\d{7}-batch-\d{7}\.safetensors$/;

/** What is half-written when a process is killed. */
const PARTIAL = /^epoch-\d{7}-batch-\d{7}\.safetensors\.[0-9a-f]{8}\.partial$/;

export class Checkpoints {
  readonly #run: HeldFolder;
  readonly #folder: string;

  /** @param run the run's folder */
  constructor(run: HeldFolder) {
    this.#run = run;
    this.#folder = `${run.path}/${CHECKPOINTS_DIR}`;
  }

  /**
   * Writes a checkpoint, and then removes all but the last two, what was half-written when a process was killed, and what
   * comes after this one: training went back behind that, and would else continue from there. Files of other names stay.
   *
   * @throws {LostFolderError} where the run's folder is not what it was
   * @throws {WeftError} where it cannot be written; the earlier ones are then untouched
   */
  async write({ epoch, batch, state }: CheckpointEvent): Promise<void> {
    const [epochs, batches] = [epoch, batch].map((count) => String(count).padStart(7, "0"));
    const name = `epoch-${epochs}-batch-${batches}.safetensors`;
    requireFinite(
      state,
      (tensor) => `keep a checkpoint of epoch ${epoch}, batch ${batch}: ${tensor}`,
    );
    this.#requireOwn();
    const folder = this.#run.folder(CHECKPOINTS_DIR);
    await folder.write(name, await encodeState(state));
    const names = this.#names();
    const kept = names.slice(0, names.indexOf(name) + 1).slice(-RETAINED);
    const others = names.filter((name) => !kept.includes(name));
    for (const name of [...others, ...this.#contents().filter((name) => PARTIAL.test(name))]) {
      folder.tryToRemove(name);
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
        const state = await decodeState(readOwnFile(path), path);
        requireFinite(state, (tensor) => `resume from ${path}: ${tensor}`);
        for (const damage of damages) {
          onDamage(`${damage.replace(/\.$/, "")}; the checkpoint before it is used`);
        }
        return state;
      } catch (error) {
        damages.push(messageOf(error));
      }
    }
    if (names.length === 0) return null;
    for (const damage of damages) onDamage(damage);
    throw new UsageError(
      `Cannot resume from ${this.#folder}: no checkpoint in it can be used; ` +
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
      return host.lstatSync(this.#folder).isSymlink;
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
      return Array.from(host.readDirSync(this.#folder), ({ name }) => name);
    } catch (error) {
      if (error instanceof host.errors.NotFound) return []; // No checkpoint has been written yet.
      throw ioFailure(`read the checkpoints in ${this.#folder}`, error);
    }
  }
}

/**
 * Refuses numbers that are NaN or infinite: from there training comes to nothing.
 *
 * @param cannot what to say that cannot be done, of the tensor that has one
 */
function requireFinite({ tensors }: TrainingState, cannot: (tensor: string) => string): void {
  for (const [name, data] of tensors) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const tensor = `tensor ${JSON.stringify(name)} is ${data[at]} at [${at}], and must be finite`;
    throw new WeftError(`Cannot ${cannot(tensor)}`);
  }
}
