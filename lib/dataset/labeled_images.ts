/**
 * From the four files of a data set to samples with their labels: whether the files go together is
 * checked here.
 *
 * Glossary: N rows (samples), O classes.
 */

import { WeftError } from "../errors.ts";
import type { LabeledImages } from "./dataset.ts";
import { type NamedBytes, parseIdxImages, parseIdxLabels } from "./idx.ts";

/** A file of images and the file of their labels. */
export interface FilePair {
  readonly images: NamedBytes;
  readonly labels: NamedBytes;
}

/**
 * @returns views of the files' bytes
 * @throws {WeftError} where one of them is not IDX, or they differ in their number of rows
 */
export function parseLabeledImages({ images, labels }: FilePair): LabeledImages {
  const parsed = parseIdxImages(images);
  const labelBytes = parseIdxLabels(labels);
  if (parsed.rows !== labelBytes.length) {
    throw new WeftError(
      `Cannot use ${images.path} with ${labels.path}: ${parsed.rows} images, but ` +
        `${labelBytes.length} labels; give files that belong together`,
    );
  }
  return { ...parsed, labels: labelBytes };
}

/**
 * @returns O, one more than the largest label; classes that no row has count too
 * @throws {WeftError} where that is one, so that there is nothing to learn
 */
export function countClasses(train: LabeledImages, path: string): number {
  const classes = largest(train.labels) + 1;
  if (classes < 2) {
    throw new WeftError(
      `Cannot use ${path}: every label is 0; give labels of at least two classes`,
    );
  }
  return classes;
}

/**
 * Checks that a test set fits a training set.
 *
 * @throws {WeftError} where its images have another size, or a label is of no class of the
 * training set
 */
export function checkTestSet(
  train: LabeledImages,
  test: LabeledImages,
  classes: number,
  trainFiles: FilePair,
  testFiles: FilePair,
): void {
  if (train.height !== test.height || train.width !== test.width) {
    throw new WeftError(
      `Cannot use ${testFiles.images.path} with ${trainFiles.images.path}: ` +
        `images of ${test.height} x ${test.width} pixels, but ${train.height} x ${train.width} ` +
        "to train on; give images of one size",
    );
  }
  const largestLabel = largest(test.labels);
  if (largestLabel >= classes) {
    throw new WeftError(
      `Cannot use ${testFiles.labels.path} with ${trainFiles.labels.path}: ` +
        `it has label ${largestLabel}, but the largest to train on is ${classes - 1}; ` +
        "give labels of the same classes",
    );
  }
}

function largest(labels: Uint8Array): number {
  return labels.reduce((max, label) => label > max ? label : max, 0);
}
