/**
 * Zip archives, as NumPy writes them: the directory at the end, entries stored or deflated. The platform inflates; no more
 * is unpacked than the directory promises.
 */

import { streamPieces } from "../../bytes/stream_pieces.ts";
import { WeftError } from "../../errors.ts";

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

/** More than this is not unpacked from one entry. */
const MOST_BYTES = 2 ** 32;

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /**
   * The entry's contents.
   *
   * @throws {WeftError} one line, if they are damaged
   */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * What an archive holds.
 *
 * @param archive how messages call it
 * @throws {WeftError} one line: no zip, encrypted entries, another method than deflate
 */
export function zipEntries(bytes: Uint8Array<ArrayBuffer>, archive: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const damaged = (what: string) =>
    new WeftError(`Cannot read ${archive}: ${what}; copy or save it again`);
  const end = findEnd(view);
  if (end < 0) throw damaged("it is no zip archive, or its end is missing");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) {
      throw damaged("its directory is damaged");
    }
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const localAt = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + lengths[0]));
    const entry = `${name} in ${archive}`;
    const read = async () => {
      if ((flags & 1) !== 0) {
        throw new WeftError(`Cannot read ${entry}: it is encrypted; save it without a password`);
      }
      if (method !== 0 && method !== 8) {
        throw new WeftError(
          `Cannot read ${entry}: it is packed by method ${method}; save it stored or deflated`,
        );
      }
      if (packed === 0xffffffff || size === 0xffffffff) {
        throw new WeftError(`Cannot read ${entry}: it takes 4 GiB or more; save it in parts`);
      }
      if (localAt + 30 > bytes.length || view.getUint32(localAt, true) !== LOCAL) {
        throw damaged(`the entry ${name} is damaged`);
      }
      const from = localAt + 30 + view.getUint16(localAt + 26, true) +
        view.getUint16(localAt + 28, true);
      if (from + packed > bytes.length) throw damaged(`the entry ${name} breaks off`);
      const contents = bytes.subarray(from, from + packed);
      const unpacked = method === 0
        ? contents.slice()
        : await inflate(contents, Math.min(size, MOST_BYTES));
      if (unpacked === null || unpacked.length !== size || crc32(unpacked) !== crc) {
        throw damaged(`the entry ${name} is damaged`);
      }
      return unpacked;
    };
    entries.push({ name, size, read });
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

/** Inflates exactly `size` bytes; null where there are more or fewer, or the stream is damaged. */
async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const unpacked = new Uint8Array(size);
  let at = 0;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    for await (const piece of streamPieces(stream)) {
      if (at + piece.length > size) return null;
      unpacked.set(piece, at);
      at += piece.length;
    }
  } catch {
    return null;
  }
  return at === size ? unpacked : null;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
