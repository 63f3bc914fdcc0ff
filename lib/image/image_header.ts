/**
 * How large a JPEG or WebP image is, by its header alone: so that one too large for memory is refused before it is decoded.
 *
 * Sources: ITU-T T.81 (JPEG), annex B; RFC 9649 (WebP).
 */

export interface ImageHeader {
  /** Of the image as it is stored, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Of JPEG: 1 is gray, 3 are colors, 4 are those of print. Of WebP 3. */
  readonly components: number;
  /** Whether there are several images, one after the other. */
  readonly isAnimated: boolean;
}

/** @returns null where the header is damaged */
export function readImageHeader(bytes: Uint8Array, kind: "JPEG" | "WebP"): ImageHeader | null {
  const header = kind === "JPEG" ? jpegHeader(bytes) : webpHeader(bytes);
  return header && header.height > 0 && header.width > 0 ? header : null;
}

/** What the first frame's header says. */
function jpegHeader(bytes: Uint8Array): ImageHeader | null {
  const word = (at: number) => bytes[at] << 8 | bytes[at + 1];
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    // Bytes of 0xff may fill the space before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const components = bytes[at + 9];
      return { height: word(at + 5), width: word(at + 7), components, isAnimated: false };
    }
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + Math.max(2, word(at + 2));
  }
  return null;
}

function webpHeader(bytes: Uint8Array): ImageHeader | null {
  if (bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = String.fromCharCode(...bytes.subarray(12, 16));
  const color = { components: 3, isAnimated: false };
  if (kind === "VP8 ") {
    const [height, width] = [view.getUint16(28, true) & 0x3fff, view.getUint16(26, true) & 0x3fff];
    return { ...color, height, width };
  }
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { ...color, width: 1 + (bits & 0x3fff), height: 1 + (bits >>> 14 & 0x3fff) };
  }
  if (kind !== "VP8X") return null;
  const sizeAt = (at: number) => 1 + (view.getUint16(at, true) | bytes[at + 2] << 16);
  const isAnimated = (bytes[20] & 2) !== 0;
  return { ...color, width: sizeAt(24), height: sizeAt(27), isAnimated };
}
