/** IDX files of every type and number of dimensions, as arrays. Images and labels of bytes have readers of their own: ../idx.ts. */

import { sniffed } from "../../bytes/sniff.ts";
import { WeftError } from "../../errors.ts";
import { idxHeader } from "../idx.ts";
import { type NdArray, readElements } from "./element_types.ts";

/**
 * Reads an array.
 *
 * @param name how messages call the file
 * @throws {WeftError} one line: no IDX, bytes missing or left over
 */
export function readIdx(bytes: Uint8Array, name = "the IDX"): NdArray {
  const header = idxHeader(bytes);
  if (!header) {
    const other = sniffed(bytes, "IDX", "give another file");
    throw new WeftError(
      `Cannot read ${name}: it is no IDX file, or breaks off within its header; ${
        other ?? "give another file"
      }`,
    );
  }
  const { type, sizes, headerBytes, fileBytes } = header;
  if (bytes.length !== fileBytes) {
    throw new WeftError(
      `Cannot read ${name}: an array of ${
        sizes.join(" x ")
      } takes ${fileBytes} bytes, and the file has ${bytes.length}; copy or download it again`,
    );
  }
  const values = readElements(bytes.subarray(headerBytes), type, sizes, { isLittle: false });
  return { shape: sizes, values, dtype: type };
}
