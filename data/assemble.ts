/** From files in memory to a data set. */

import { numberedClassNames } from "../lib/dataset/class_names.ts";
import type { Dataset, LabeledImages } from "../lib/dataset/dataset.ts";
import {
  checkTestSet,
  countClasses,
  type FilePair,
  parseLabeledImages,
} from "../lib/dataset/labeled_images.ts";
import { WeftError } from "../lib/errors.ts";
import type { DataFiles, FileName } from "./files.ts";

/**
 * @param place that the files are from, for messages
 * @param identity what the data set is called; without class names, its classes are called by their
 * numbers
 * @throws {WeftError} where a file is missing or none, or two do not go together
 */
export function assembleDataset(
  place: string,
  files: DataFiles,
  { name, classNames }: { name: string; classNames?: readonly string[] },
): Dataset {
  const trainFiles = pairOf(files, place, "train");
  if (!trainFiles) {
    throw new WeftError(
      `Cannot find a data set in ${place}: it holds neither train-images-idx3-ubyte nor ` +
        "train-labels-idx1-ubyte (plain or .gz); name a folder that has both",
    );
  }
  const testFiles = pairOf(files, place, "t10k");
  const train = parseLabeledImages(trainFiles);
  const test = testFiles && parseLabeledImages(testFiles);
  const classes = countClasses(train, trainFiles.labels.path);
  if (test) checkTestSet(train, test, classes, trainFiles, testFiles);
  return {
    name,
    train,
    test,
    classNames: classNames ?? numberedClassNames(classes),
    sha256: Object.fromEntries([...files].map(([file, { sha256 }]) => [file, sha256])),
  };
}

/**
 * @param place that the files are from, for messages
 * @returns null where there are no test files
 * @throws {WeftError} where one of them is missing or none
 */
export function assembleTestSet(place: string, files: DataFiles): LabeledImages | null {
  const testFiles = pairOf(files, place, "t10k");
  return testFiles && parseLabeledImages(testFiles);
}

/** Images and labels of one part, or null where there are neither. */
function pairOf(files: DataFiles, place: string, part: "train" | "t10k"): FilePair | null {
  const names = [
    `${part}-images-idx3-ubyte`,
    `${part}-labels-idx1-ubyte`,
  ] as const satisfies FileName[];
  const [images, labels] = names.map((name) => files.get(name));
  if (images && labels) return { images, labels };
  if (!images && !labels) return null;
  const [present, missing] = images ? names : names.toReversed();
  throw new WeftError(
    `Cannot use the data in ${place}: it has ${present} but not ${missing} (plain or .gz); ` +
      "add the file that is missing",
  );
}
