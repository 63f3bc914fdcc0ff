/** Reads whole files, none of them longer than it may be: also one that says nothing of its length, such as a pipe or /dev/zero. */
import { host } from "../host/mod.ts";
import { WeftError } from "../errors.ts";
import { resized } from "./resized.ts";

/** What is read of a file that says nothing of its length before its buffer grows. */
const FIRST_BYTES = 1 << 16;

/**
 * Files of weights or data: an array of bytes holds no more on every machine.
 */
export const MOST_BYTES = 2 ** 31 - 1;

/** Images: more than the largest that is read takes. */
export const MOST_IMAGE_BYTES = 2 ** 29;

/** JSON that people write, such as a space of options; a text of brackets takes dozens of times its length. */
export const MOST_JSON_BYTES = 2 ** 20;

/**
 * A whole file, read into a buffer of its size: `Deno.readFile` takes twice as long for 47 MB.
 *
 * @param mostBytes a longer file is not read
 * @throws {WeftError} where it is longer: a sentence's end, without the file's name
 * @throws as `Deno.open` does
 */
export async function readWholeFile(
  path: string,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  using file = await host.open(path);
  const { size, isFile } = await file.stat();
  if (size > mostBytes) throw tooLong(`it has ${size} bytes`, mostBytes);
  let bytes = new Uint8Array(isFile && size > 0 ? size : FIRST_BYTES);
  let length = 0;
  while (true) {
    // A file whose end has been reached is asked once more, because it may have grown, and those below /proc say 0.
    if (length === bytes.length) {
      const next = new Uint8Array(1);
      const count = await file.read(next);
      if (count === null) break;
      bytes = resized(bytes, Math.max(FIRST_BYTES, 2 * length));
      bytes.set(next, length++);
    }
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
    if (length > mostBytes) throw tooLong("it continues", mostBytes);
  }
  return bytes.subarray(0, length);
}

/** Why a file is not read: a sentence's end. */
export function tooLong(found: string, mostBytes: number): WeftError {
  return new WeftError(`${found}, and at most ${mostBytes} are read`);
}
