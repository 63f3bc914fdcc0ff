/** NPZ, NumPy's archive of named arrays: a zip whose entries are NPY files. */

import { didYouMean } from "../../did_you_mean.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { type NdArray, type NdTexts, readNpy, readNpyLabels } from "./npy.ts";
import { zipEntries, type ZipEntry } from "./zip.ts";

/** Arrays by name, each unpacked when it is asked for. */
export class Npz {
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  /**
   * Reads what the archive holds, and unpacks nothing yet.
   *
   * @param name how messages call the file
   * @throws {WeftError} one line, if it is no zip archive of NPY files
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, readonly name = "the NPZ") {
    const arrays = zipEntries(bytes, name).filter((entry) => entry.name.endsWith(".npy"));
    if (arrays.length === 0) {
      throw new WeftError(
        `Cannot read ${name}: the archive holds no array; save it with numpy.savez`,
      );
    }
    this.#entries = new Map(arrays.map((entry) => [entry.name.slice(0, -".npy".length), entry]));
  }

  /** Names of the arrays, in the file's order. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Reads an array of numbers.
   *
   * @throws {UsageError} if there is no array of that name
   * @throws {WeftError} if it is damaged, or no array of numbers
   */
  async read(array: string): Promise<NdArray> {
    return readNpy(await this.#bytesOf(array), `${array} in ${this.name}`);
  }

  /** The same for an array that says what rows are, and may have texts. */
  async readLabels(array: string): Promise<NdArray | NdTexts> {
    return readNpyLabels(await this.#bytesOf(array), `${array} in ${this.name}`);
  }

  async #bytesOf(array: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(array);
    if (entry === undefined) {
      const meant = didYouMean(array, this.names);
      throw new UsageError(
        `Cannot find the array ${JSON.stringify(array)} in ${this.name}: it has ${
          this.names.join(", ")
        }${meant === null ? "" : `; did you mean ${JSON.stringify(meant)}?`}`,
      );
    }
    return await entry.read();
  }
}

/** Reads all arrays of an archive, by name. */
export async function readNpz(
  bytes: Uint8Array<ArrayBuffer>,
  name?: string,
): Promise<Map<string, NdArray>> {
  const archive = new Npz(bytes, name);
  const arrays = new Map<string, NdArray>();
  for (const array of archive.names) arrays.set(array, await archive.read(array));
  return arrays;
}
