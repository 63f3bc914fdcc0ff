/** Checks that pictures are whole and go with a model, in the words of whoever hands them over. */
import type { LabelledImages } from "../dataset/dataset.ts";
import type { PictureSource } from "../dataset/picture_source.ts";
import { WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";

/**
 * Checks that there are as many pixels and labels as the sizes say.
 *
 * @param cannot what cannot be done otherwise, such as "Cannot train on these pictures"
 * @throws {WeftError} where there are not, or a size is no whole number of at least 1
 */
export function requireWhole(images: LabelledImages | PictureSource, cannot: string): void {
  const { rows, height, width, pixels, labels } = images;
  for (const [name, size] of Object.entries({ rows, height, width })) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new WeftError(`${cannot}: ${name} is ${size}; give a whole number of at least 1`);
    }
  }
  const bytes = rows * height * width;
  // A reader's are counted when they come.
  if (typeof pixels !== "function" && pixels.length !== bytes) {
    throw new WeftError(
      `${cannot}: ${rows} rows of ${height} x ${width} pixels are ${bytes} bytes, ` +
        `but there are ${pixels.length}; give a byte a pixel`,
    );
  }
  if (labels.length !== rows) {
    throw new WeftError(
      `${cannot}: there are ${labels.length} labels for ${rows} rows; give a label a row`,
    );
  }
}

/**
 * Checks that a network can be evaluated on `images`.
 *
 * @throws {WeftError} where they are not whole, or the pictures or labels are not the model's
 */
export function requireFits(
  { architecture: { outputs }, height, width }: Pick<Model, "architecture" | "height" | "width">,
  images: LabelledImages,
): void {
  const cannot = "Cannot evaluate the model on these pictures";
  requireWhole(images, cannot);
  if (images.height !== height || images.width !== width) {
    throw new WeftError(
      `${cannot}: they are ${images.height} x ${images.width} pixels, ` +
        `but the model takes ${height} x ${width}`,
    );
  }
  const largest = images.labels.reduce((a, b) => Math.max(a, b), 0);
  if (largest >= outputs) {
    throw new WeftError(
      `${cannot}: a label is ${largest}, but the model knows the classes 0 to ${outputs - 1}`,
    );
  }
}
