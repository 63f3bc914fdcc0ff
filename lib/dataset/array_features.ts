/** Arrays as features of rows: bytes where they are images, else float32. */
import { isArrayOf, kindOf } from "../checks.ts";
import { UsageError, WeftError } from "../errors.ts";
import { elementCount, type NdArray } from "./formats/element_types.ts";

/** Features of N rows, without what is to be learned. */
export interface ArrayFeatures {
  /** N. */
  readonly rows: number;
  /** N x I, row-major. */
  readonly features: Float32Array | Uint8Array;
  /** [features], [height, width] or [height, width, channels]. */
  readonly shape: readonly number[];
}

const SHAPES = "give rows x features, rows x height x width, or rows x height x width x channels";

/**
 * Features of the rows of an array. uint8 stays bytes from 0 to 255; so do images [N, H, W] and [N, H, W, C] of other whole
 * numbers, if all are from 0 to 255 and one is above 1. Everything else becomes float32, as it is.
 *
 * @param inputs [N], [N, features], [N, height, width] or [N, height, width, channels]
 * @param name   how messages call the array
 * @throws {UsageError} if it is no array, or has another shape
 * @throws {WeftError} if it has no rows, or a number that float32 cannot hold
 */
export function arrayFeatures(
  inputs: NdArray,
  name = "inputs",
  cannot = "Cannot use these arrays",
): ArrayFeatures {
  const { shape, values } = requireArray(inputs, name, cannot);
  if (shape.length < 1 || shape.length > 4) {
    throw new UsageError(
      `${cannot}: ${name} has the shape ${shape.join(" x ") || "of one number"}; ${SHAPES}`,
    );
  }
  const [rows, ...size] = shape;
  if (rows === 0 || size.includes(0)) {
    throw new WeftError(`${cannot}: ${name} has the shape ${shape.join(" x ")}, so it is empty`);
  }
  if (isChannelsFirst(size)) {
    throw new UsageError(
      `${cannot}: ${name} has the shape ${
        shape.join(" x ")
      }, which looks like channels before the height; ` +
        "give channels last, as numpy.moveaxis(x, 1, -1) makes them",
    );
  }
  const own = size.length === 0 ? [1] : size;
  if (areBytes(inputs, own)) {
    const features = values instanceof Uint8Array ? values : Uint8Array.from(values);
    return { rows, features, shape: own };
  }
  const features = values instanceof Float32Array ? values : Float32Array.from(values);
  const wrong = features.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return { rows, features, shape: own };
  const length = elementCount(own);
  throw new WeftError(
    `${cannot}: ${name} has ${values[wrong]} in row ${Math.floor(wrong / length)}, number ${
      wrong % length
    }; give numbers that float32 holds, and fill what is missing`,
  );
}

/** @throws {UsageError} if it is none, or has more or fewer values than its shape says */
function requireArray(inputs: NdArray, name: string, cannot: string): NdArray {
  const isArray = typeof inputs === "object" && inputs !== null && Array.isArray(inputs.shape) &&
    ArrayBuffer.isView(inputs.values) && !(inputs.values instanceof DataView);
  if (!isArray) {
    throw new UsageError(
      `${cannot}: ${name} is ${kindOf(inputs)}; give an array, as readNpy returns it`,
    );
  }
  const { shape, values } = inputs;
  const isWhole = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (isWhole && values.length === elementCount(shape)) return inputs;
  throw new UsageError(
    `${cannot}: ${name} has ${values.length} values for the shape ${shape.join(" x ")}`,
  );
}

/** As PyTorch has images: an array of that shape, channels last, would be of images 1 or 3 pixels high. */
function isChannelsFirst([channels, , width]: readonly number[]): boolean {
  return width !== undefined && (channels === 1 || channels === 3) && width > 4;
}

function areBytes({ values, dtype }: NdArray, shape: readonly number[]): boolean {
  if (dtype === "bool") return false;
  if (isArrayOf("Uint8Array", values)) return true;
  const areWhole = dtype ? !dtype.startsWith("float") : !(values instanceof Float32Array ||
    values instanceof Float64Array);
  if (!areWhole || shape.length < 2) return false;
  let largest = 0;
  for (const value of values) {
    if (value < 0 || value > 255) return false;
    if (value > largest) largest = value;
  }
  return largest > 1;
}
