/** Unpacks gzip as zcat does: all members of a file, and zeros after them. `DecompressionStream` takes one. */
import { WeftError } from "../../errors.ts";

/**
 * @param name how messages call the file
 * @throws {WeftError} if the gzip is damaged or breaks off
 */
export async function* gunzipped(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  // Most files are not gzip, and commands start faster without.
  const [{ pipeline, Readable }, { createGunzip }] = await Promise.all([
    import("node:stream"),
    import("node:zlib"),
  ]);
  const unpacked = createGunzip({ chunkSize: 1 << 16 });
  // What goes wrong is thrown where the result is read.
  pipeline(Readable.from(pieces), unpacked, () => {});
  try {
    yield* unpacked;
  } catch (error) {
    if (error instanceof WeftError) throw error;
    throw new WeftError(
      `Cannot read ${name}: its gzip is damaged or breaks off; copy or download it again`,
    );
  }
}
