/** Files of images, wherever they come from: a disk, an archive, a form of a browser. */
import { compareTexts } from "../dataset/preprocessing/column_facts.ts";

/** A file of a folder, as `imageFolder` takes it. */
export interface ImageFile {
  /** From the data set's folder, with slashes: "train/cat/001.jpg". */
  readonly path: string;
  /** The contents; asked for once, or not at all. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

/** Parts that folders are named after. */
export const PARTS = ["train", "validation", "test"] as const;
export type Part = typeof PARTS[number];

const PART_OF_FOLDER: Readonly<Record<string, Part>> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  test: "test",
  testing: "test",
};

/** A file, with what its folders say of it. */
export interface PlacedFile {
  readonly file: ImageFile;
  readonly part: Part;
  /** The name of the folder of its class. */
  readonly className: string;
}

export interface PlacedFiles {
  /** By path: part, class, name. */
  readonly files: readonly PlacedFile[];
  /** Images that stand in no folder of a class. */
  readonly loose: readonly string[];
  /** Files that are no images by their names; hidden ones are not among them. */
  readonly others: readonly string[];
}

/** Names of files that may be images; those of kinds that are not decoded are refused one by one. */
const IMAGE_NAME = /\.(?:png|jpe?g|webp|gif|bmp|tiff?|heic|avif|ico|jp2)$/i;

/** What systems leave in folders. */
const HIDDEN = /(?:^|\/)(?:\.|__MACOSX(?:\/|$)|Thumbs\.db$|desktop\.ini$)/i;

/** The images among files, by path. */
export function imageFiles<F extends ImageFile>(given: readonly F[]): F[] {
  return given.filter(({ path }) => !HIDDEN.test(path) && IMAGE_NAME.test(path))
    .sort((a, b) => compareTexts(a.path, b.path));
}

/**
 * Sorts files into classes: CLASS/name, or train/CLASS/name and, if there are any, test/CLASS/name and validation/CLASS/name.
 * Folders in that of a class belong to it.
 */
export function placeFiles(given: readonly ImageFile[]): PlacedFiles {
  const seen = given.filter(({ path }) => !HIDDEN.test(path));
  const images = seen.filter(({ path }) => IMAGE_NAME.test(path));
  const others = seen.filter(({ path }) => !IMAGE_NAME.test(path)).map(({ path }) => path);
  const tops = new Set(
    images.filter(({ path }) => path.includes("/")).map(({ path }) => path.split("/")[0]),
  );
  const parts = new Set([...tops].map((top) => PART_OF_FOLDER[top.toLowerCase()]));
  const hasParts = parts.has("train") && !parts.has(undefined as never) &&
    images.some(({ path }) => path.split("/").length > 2);
  const files: PlacedFile[] = [];
  const loose: string[] = [];
  for (const file of images) {
    const folders = file.path.split("/").slice(0, -1);
    const part = hasParts ? PART_OF_FOLDER[folders[0]?.toLowerCase()] : "train";
    const className = folders[hasParts ? 1 : 0];
    if (className === undefined) loose.push(file.path);
    else files.push({ file, part, className });
  }
  const place = ({ part }: PlacedFile) => PARTS.indexOf(part);
  files.sort((a, b) => place(a) - place(b) || compareTexts(a.file.path, b.file.path));
  return { files, loose: loose.sort(compareTexts), others: others.sort(compareTexts) };
}
