/**
 * Decoded images as a file, so that they are decoded once: a format of its own, which is recognized by its first bytes and
 * verified by a digest of all others.
 *
 * A file is the signature, the SHA-256 of what follows, the length of the header (4 bytes, little-endian), the header (JSON),
 * then the labels of all parts, then their pixels.
 */
import type { ImageFolderOptions } from "./decode_files.ts";
import type { ImageFolder, ImagePart } from "./folder_parts.ts";
import { PARTS } from "./image_file.ts";

const SIGNATURE = new TextEncoder().encode("WEFTIMG\n");
const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;

/** Whatever changes what images become has another number: decoders, how they are resized, this format. */
const VERSION = 1;

/** A file, by what changes if somebody writes it. */
export interface FileState {
  /** From the data set's folder. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** When it was written, and when anything about it changed, in milliseconds. */
  readonly modified: number;
  readonly changed: number | null;
}

interface Header {
  readonly key: string;
  readonly shape: readonly number[];
  readonly classNames: readonly string[];
  readonly classCounts: readonly number[];
  readonly notes: readonly string[];
  /** Rows of each part that there is; `known` if it has classes of its own. */
  readonly parts: Readonly<Record<string, { readonly rows: number; readonly known?: number }>>;
}

/** What names the images that come of those files and options: SHA-256, in hexadecimal. */
export async function imageCacheKey(
  files: readonly FileState[],
  { size, channels, skipBroken = false }: ImageFolderOptions,
): Promise<string> {
  const lines = files.map(({ path, size, modified, changed }) =>
    JSON.stringify([path, size, modified, changed])
  ).sort();
  const options = [VERSION, size?.height, size?.width, channels, skipBroken];
  return hex(
    await sha256(new TextEncoder().encode([JSON.stringify(options), ...lines].join("\n"))),
  );
}

/** The file of a data set's images. */
export async function encodeImageCache(
  folder: ImageFolder,
  key: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { classNames, classCounts, notes } = folder;
  const parts = PARTS.flatMap((part) => folder[part] ? [[part, folder[part]] as const] : []);
  const header: Header = {
    key,
    shape: folder.train.shape,
    classNames,
    classCounts,
    notes,
    parts: Object.fromEntries(parts.map(([name, part]) => {
      const known = "targets" in part && "known" in part.targets ? part.targets.known : undefined;
      return [name, { rows: part.rows, ...known === undefined ? {} : { known } }];
    })),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const pieces = [
    ...parts.map(([, part]) => labelsOf(part)),
    ...parts.map(([, { features }]) => features),
  ];
  const first = SIGNATURE.length + DIGEST_BYTES;
  const length = pieces.reduce((sum, piece) => sum + piece.length, text.length);
  const bytes = new Uint8Array(first + LENGTH_BYTES + length);
  bytes.set(SIGNATURE);
  new DataView(bytes.buffer).setUint32(first, text.length, true);
  let at = first + LENGTH_BYTES;
  for (const piece of [text, ...pieces]) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.set(await sha256(bytes.subarray(first)), SIGNATURE.length);
  return bytes;
}

/**
 * The images of a file.
 *
 * @returns null if it is no such file, damaged, or of other images
 */
export async function decodeImageCache(
  bytes: Uint8Array<ArrayBuffer>,
  key: string,
): Promise<ImageFolder | null> {
  if (!await isImageCache(bytes)) return null;
  const first = SIGNATURE.length + DIGEST_BYTES + LENGTH_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = view.getUint32(first - LENGTH_BYTES, true);
  const text = new TextDecoder().decode(bytes.subarray(first, first + headerBytes));
  // What has its digest was written by `encodeImageCache`, so it is whole.
  const { key: own, shape, parts, ...names }: Header = JSON.parse(text);
  if (own !== key) return null;
  const size = shape.reduce((product, side) => product * side, 1);
  const present = PARTS.filter((part) => parts[part]);
  let labelsAt = first + headerBytes;
  let pixelsAt = labelsAt + present.reduce((sum, part) => sum + parts[part].rows, 0);
  const decoded = present.map((name): [string, ImagePart] => {
    const { rows, known } = parts[name];
    const labels = bytes.subarray(labelsAt, labelsAt += rows);
    const features = bytes.subarray(pixelsAt, pixelsAt += rows * size);
    const base = { rows, features, shape };
    if (known === undefined) return [name, { ...base, labels }];
    return [name, { ...base, targets: { task: "classification", labels, known } }];
  });
  return { ...Object.fromEntries(decoded) as Pick<ImageFolder, "train">, ...names };
}

/** Whether it is a file that `encodeImageCache` wrote, with no byte changed. */
export async function isImageCache(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const first = SIGNATURE.length + DIGEST_BYTES;
  if (bytes.length < first + LENGTH_BYTES) return false;
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) return false;
  const digest = await sha256(bytes.subarray(first));
  return digest.every((byte, i) => bytes[SIGNATURE.length + i] === byte);
}

function labelsOf(part: ImagePart): Uint8Array {
  return "labels" in part ? part.labels : (part.targets as { readonly labels: Uint8Array }).labels;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
