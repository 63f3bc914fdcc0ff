/** Decodes many files, one after the other, to images of one size. */
import { WeftError } from "../errors.ts";
import type { DecodedImage } from "../image/decoded_image.ts";
import { resizeImage } from "../image/resize.ts";
import { decodeImage } from "./decode.ts";
import { type Part, PARTS, type PlacedFile } from "./image_file.ts";
import { ImageStore } from "./image_store.ts";

/** A size that images have, or become. */
export interface ImageSize {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
}

/** How `imageFolder` reads a folder. */
export interface ImageFolderOptions {
  /** How messages call the folder; "the folder" by default. */
  readonly name?: string;
  /** What all images become; by default the size that they have, which must be the same for all. */
  readonly size?: ImageSize;
  /** 1 for gray, 3 for colors; by default 3 if any image has a pixel that is not gray. */
  readonly channels?: 1 | 3;
  /** Leaves out images that cannot be decoded, and notes them; else they are refused. */
  readonly skipBroken?: boolean;
  /** Called now and then. */
  readonly onProgress?: (progress: ImageProgress) => void;
}

/** How far `imageFolder` has come. */
export interface ImageProgress {
  /** Images that are decoded. */
  readonly done: number;
  /** Images in all. */
  readonly total: number;
}

/** An image that cannot be decoded. */
export interface Broken {
  readonly path: string;
  readonly why: string;
}

/** Files that are read before their turn. */
const READ_AHEAD = 8;
/** Images between two calls of `onProgress`. */
const PROGRESS_EVERY = 64;
/** Files or sizes that a message names. */
export const NAMED = 3;

/** What was decoded: images of the parts one after the other, and how many of each. */
export interface Decoded {
  readonly images: ImageStore;
  /** Names of the images' classes, in the images' order. */
  readonly classes: ReadonlyMap<Part, readonly string[]>;
  readonly broken: readonly Broken[];
}

/**
 * @throws {WeftError} one line: sizes that differ, if nobody says what they become; too many bytes
 */
export async function decodeAll(
  files: readonly PlacedFile[],
  { size, channels, onProgress }: ImageFolderOptions,
  cannot: string,
): Promise<Decoded> {
  const broken: Broken[] = [];
  const classes = new Map<Part, string[]>(PARTS.map((part) => [part, []]));
  /** How many images have each size. */
  const sizes = new Map<string, number>();
  let images: ImageStore | null = null;
  let done = 0;
  for await (const { placed: { file: { path }, part, className }, read } of readAhead(files)) {
    if (done++ % PROGRESS_EVERY === 0) onProgress?.({ done: done - 1, total: files.length });
    const image = await decodedOr(read, path, channels);
    if ("why" in image) {
      broken.push(image);
      continue;
    }
    const text = `${image.height}x${image.width}`;
    sizes.set(text, (sizes.get(text) ?? 0) + 1);
    // Images of other sizes are only counted from now on.
    if (!size && sizes.size > 1) continue;
    const { height, width } = size ?? image;
    images ??= new ImageStore(files.length, height, width, channels);
    images.add(resizeImage(image, height, width));
    classes.get(part)!.push(className);
  }
  onProgress?.({ done: files.length, total: files.length });
  if (!size && sizes.size > 1) refuseSizes(sizes, cannot);
  return { images: images ?? new ImageStore(0, 1, 1, channels), classes, broken };
}

/** The contents of the next files are on their way while one is decoded. */
async function* readAhead(files: readonly PlacedFile[]) {
  const reading: { readonly placed: PlacedFile; readonly read: Promise<Uint8Array> }[] = [];
  for (const placed of files) {
    const read = (async () => await placed.file.bytes())();
    // It is awaited in its turn; till then nobody hears of its failure.
    read.catch(() => {});
    reading.push({ placed, read });
    if (reading.length > READ_AHEAD) yield reading.shift()!;
  }
  yield* reading;
}

async function decodedOr(
  read: Promise<Uint8Array>,
  path: string,
  channels: 1 | 3 | undefined,
): Promise<DecodedImage | Broken> {
  try {
    return await decodeImage(await read, path, { channels });
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    const why = error.message.replace(
      /^Cannot read .* as an? (?:PNG image|PNG image|image): /,
      "",
    )
      .replace(/\.$/, "");
    return { path, why };
  }
}

function refuseSizes(sizes: ReadonlyMap<string, number>, cannot: string): never {
  const byCount = [...sizes].sort(([, a], [, b]) => b - a);
  const shown = byCount.slice(0, NAMED).map(([size, count]) =>
    `${size.replace("x", " x ")} (${count})`
  );
  const more = byCount.length > NAMED ? ` and ${byCount.length - NAMED} more` : "";
  throw new WeftError(
    `${cannot}: its images have ${byCount.length} sizes, height x width: ${
      shown.join(", ")
    }${more}; make them alike, with --size ${byCount[0][0]} for instance`,
  );
}
