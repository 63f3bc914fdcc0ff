/** Decoded images as data sets, one a part, with numbers of classes. */
import type { LabeledFeatures, TargetedFeatures } from "../dataset/samples.ts";
import { classOrder } from "../dataset/targets/distinct_values.ts";
import { MOST_CLASSES } from "../dataset/targets/infer_task.ts";
import { WeftError } from "../errors.ts";
import type { Decoded } from "./decode_files.ts";
import { type Part, PARTS } from "./image_file.ts";

/** Images with a class each, N x height x width (x 3). */
export type ImagePart = (LabeledFeatures | TargetedFeatures) & { readonly features: Uint8Array };

/** What `train` takes, and what was decided. */
export interface ImageFolder {
  /** The images to train on. */
  readonly train: ImagePart;
  /** Those of a folder "validation". */
  readonly validation?: ImagePart;
  /** Those of a folder "test". */
  readonly test?: ImagePart;
  /** Of the training images: numbers by value, texts by code unit. */
  readonly classNames: readonly string[];
  /** Training images of each class. */
  readonly classCounts: readonly number[];
  /** A line each. */
  readonly notes: readonly string[];
}

/** @param notes to which those on classes without training images are added */
export function partsOf(
  { images, classes }: Decoded,
  classNames: readonly string[],
  notes: string[],
  cannot: string,
): Omit<ImageFolder, "classNames" | "classCounts" | "notes"> {
  const { channels, pixels } = images.take();
  const { height, width } = images;
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  const size = height * width * channels;
  const places = new Map(classNames.map((name, place) => [name, place]));
  const known = classNames.length;
  let first = 0;
  const partOf = (part: Part): ImagePart | undefined => {
    const own = classes.get(part)!;
    if (own.length === 0) return undefined;
    const others = classOrder(new Set(own.filter((name) => !places.has(name))));
    if (known + others.length > MOST_CLASSES) {
      throw new WeftError(`${cannot}: its ${part} images have too many classes of their own`);
    }
    const labels = Uint8Array.from(own, (name) => places.get(name) ?? known + others.indexOf(name));
    for (const name of others) {
      const count = own.filter((it) => it === name).length;
      notes.push(
        `the class ${JSON.stringify(name)} has no training images: its ${count} ${part} ${
          count === 1 ? "image counts as an error" : "images count as errors"
        }`,
      );
    }
    const features = pixels.subarray(first * size, (first + own.length) * size);
    first += own.length;
    const base = { rows: own.length, features, shape };
    return others.length === 0
      ? { ...base, labels }
      : { ...base, targets: { task: "classification", labels, known } };
  };
  const [train, validation, test] = PARTS.map(partOf);
  if (!train) throw new WeftError(`${cannot}: none of its training images can be read`);
  return { train, ...validation ? { validation } : {}, ...test ? { test } : {} };
}

/** Training images of each class. @throws {WeftError} if a class has none */
export function countsOf(
  classes: readonly string[],
  classNames: readonly string[],
  cannot: string,
) {
  const counts = new Map<string, number>();
  for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
  const lost = classNames.find((name) => !counts.has(name));
  if (lost === undefined) return classNames.map((name) => counts.get(name)!);
  throw new WeftError(
    `${cannot}: no training image of the class ${
      JSON.stringify(lost)
    } can be read; mend them, or remove the class`,
  );
}
