/**
 * How an image must be turned to stand upright, as cameras write it down: Exif's tag 0x0112, in a segment of JPEG, or a chunk
 * of WebP or PNG. What is damaged there does not make an image unreadable.
 *
 * Source: Exif 2.32; TIFF 6.0.
 */

const ORIENTATION = 0x0112;
const SHORT = 3;

/** 1 to 8, 1 being upright; 1 where nothing is said. */
export function orientationOf(bytes: Uint8Array, kind: "PNG" | "JPEG" | "WebP"): number {
  const block = kind === "JPEG"
    ? jpegExif(bytes)
    : kind === "WebP"
    ? chunkOf(bytes, 12, "EXIF", true)
    : chunkOf(bytes, 8, "eXIf", false);
  return block ? orientationIn(block) : 1;
}

/** The block of TIFF in the first segment APP1 that is one of Exif. */
function jpegExif(bytes: Uint8Array): Uint8Array | null {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    // Image data begin; before them stands what is about all.
    if (marker === 0xda || marker === 0xd9) return null;
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xe1 && textAt(segment, 0, 6) === "Exif\0\0") return segment.subarray(6);
    at += 2 + Math.max(2, length);
  }
  return null;
}

/** The contents of a chunk: of RIFF, whose name stands before its length, or of PNG, where it stands after it. */
function chunkOf(
  bytes: Uint8Array,
  first: number,
  name: string,
  isRiff: boolean,
): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = first; at + 8 <= bytes.length;) {
    const length = view.getUint32(isRiff ? at + 4 : at, isRiff);
    if (textAt(bytes, isRiff ? at : at + 4, 4) === name) {
      const block = bytes.subarray(at + 8, at + 8 + length);
      return textAt(block, 0, 6) === "Exif\0\0" ? block.subarray(6) : block;
    }
    at += isRiff ? 8 + length + length % 2 : 12 + length;
  }
  return null;
}

function orientationIn(tiff: Uint8Array): number {
  const order = textAt(tiff, 0, 2);
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return 1;
  const isLittle = order === "II";
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const entries = view.getUint32(4, isLittle);
  if (entries + 2 > tiff.length) return 1;
  const count = view.getUint16(entries, isLittle);
  for (let i = 0; i < count; i++) {
    const entry = entries + 2 + 12 * i;
    if (entry + 12 > tiff.length) return 1;
    const isIt = view.getUint16(entry, isLittle) === ORIENTATION &&
      view.getUint16(entry + 2, isLittle) === SHORT;
    if (!isIt) continue;
    const value = view.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
