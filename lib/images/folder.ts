/** Folders of images as data sets: a folder a class. */
import { requireObject } from "../checks.ts";
import { classOrder } from "../dataset/targets/distinct_values.ts";
import { MOST_CLASSES } from "../dataset/targets/infer_task.ts";
import { UsageError, WeftError } from "../errors.ts";
import { decodeAll, type ImageFolderOptions, NAMED } from "./decode_files.ts";
import { countsOf, type ImageFolder, partsOf } from "./folder_parts.ts";
import { type ImageFile, type PlacedFile, placeFiles } from "./image_file.ts";

/**
 * Reads a folder of images: CLASS/image, or train/CLASS/image and perhaps test/CLASS/image and validation/CLASS/image. Besides
 * what it returns, one image is in memory at a time, and the files of a few.
 *
 * Images that are made another size keep their proportions: they stand in the middle of black bars; each new pixel is the mean
 * of the area that it covers. So `predict` sees images as training did.
 *
 * @param given files in any order
 * @throws {UsageError} if an option is out of its range
 * @throws {WeftError} one line: no images, one class, sizes that differ, images that cannot be decoded
 */
export async function imageFolder(
  given: Iterable<ImageFile> | AsyncIterable<ImageFile>,
  options: ImageFolderOptions = {},
): Promise<ImageFolder> {
  const { name = "the folder", skipBroken = false } = options;
  const cannot = `Cannot use ${name}`;
  requireOptions(options, cannot);
  const { files, loose, others } = placeFiles(await allOf(given));
  if (loose.length > 0) {
    throw new WeftError(
      `${cannot}: ${listed(loose)} ${
        loose.length === 1 ? "stands" : "stand"
      } in no folder of a class; put each image into a folder that is named after its class`,
    );
  }
  const classNames = classesOf(files, cannot);
  const decoded = await decodeAll(files, options, cannot);
  const { broken } = decoded;
  const notes = others.length === 0
    ? []
    : [`${listed(others)} ${others.length === 1 ? "is" : "are"} left out: no image by the name`];
  if (broken.length > 0) {
    const named = broken.slice(0, NAMED).map(({ path, why }) => `${path} (${why})`).join(", ");
    const more = broken.length > NAMED ? ` and ${broken.length - NAMED} more` : "";
    const what = `${broken.length} of ${files.length} images`;
    if (!skipBroken) {
      throw new WeftError(
        `Cannot read ${what}: ${named}${more}; mend or remove them, or leave them out with --skip-broken`,
      );
    }
    notes.push(`${what} cannot be read, and are left out: ${named}${more}`);
  }
  const classCounts = countsOf(decoded.classes.get("train")!, classNames, cannot);
  const parts = partsOf(decoded, classNames, notes, cannot);
  return { ...parts, classNames, classCounts, notes };
}

function requireOptions(options: ImageFolderOptions, cannot: string): void {
  requireObject(cannot, "options", options, "{ size, channels, skipBroken }");
  const { size, channels } = options;
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    throw new UsageError(`${cannot} with ${channels} channels: give 1 for gray or 3 for colors`);
  }
  if (size === undefined) return;
  for (const side of [size.height, size.width]) {
    if (Number.isSafeInteger(side) && side >= 1 && side <= 4096) continue;
    throw new UsageError(
      `${cannot} with images of ${size.height} x ${size.width} pixels: sides are whole numbers from 1 to 4096`,
    );
  }
}

/** The classes of the training images. */
function classesOf(files: readonly PlacedFile[], cannot: string): string[] {
  const training = files.filter(({ part }) => part === "train");
  const classNames = classOrder(new Set(training.map(({ className }) => className)));
  if (classNames.length === 0) {
    throw new WeftError(
      `${cannot}: it holds no images; give a folder with a folder for each class, and PNG, JPEG or WebP images in these`,
    );
  }
  if (classNames.length === 1) {
    throw new WeftError(
      `${cannot}: all images are of one class, ${JSON.stringify(classNames[0])}; give at least two`,
    );
  }
  if (classNames.length <= MOST_CLASSES) return classNames;
  throw new WeftError(
    `${cannot}: it has folders for ${classNames.length} classes, and ${MOST_CLASSES} are possible`,
  );
}

/** The first names, and how many there are besides. */
function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `${names.slice(0, NAMED).join(", ")}${more}`;
}

/** `Array.fromAsync`, which Node 20 lacks. */
async function allOf(files: Iterable<ImageFile> | AsyncIterable<ImageFile>): Promise<ImageFile[]> {
  const all: ImageFile[] = [];
  for await (const file of files) all.push(file);
  return all;
}
