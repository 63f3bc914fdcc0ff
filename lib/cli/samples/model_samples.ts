/** Images and arrays as rows of a model that takes such: to evaluate it, and to predict from. */
import { basename, resolve } from "node:path";
import { type ArrayDataset, arrayDataset } from "../../dataset/array_dataset.ts";
import { arrayFeatures } from "../../dataset/array_features.ts";
import { formatText, type SampleData, type Targets } from "../../dataset/samples.ts";
import { pixelColumns, pixelsOf } from "../../dataset/table_images.ts";
import { UsageError } from "../../errors.ts";
import type { ImagePart } from "../../images/folder_parts.ts";
import { inputOf, type Model } from "../../model/model.ts";
import { kindOfData } from "../data_kind.ts";
import type { TableOptions } from "../options/tables.ts";
import { readTable } from "../tables/read_table.ts";
import { openArrays } from "./array_file.ts";
import { COLUMNS } from "./array_rows.ts";
import { digestsOf as digestsOfImages, readImageFolder } from "./image_files.ts";
import { labeledPixels } from "./pixel_table.ts";
import { readArrays } from "./read_arrays.ts";

type ModelOptions = Pick<TableOptions, "target" | "inputs" | "skipBroken">;

/** Rows as the model takes them, with what is right for each. */
export interface ModelSamples {
  /** As logs call the data. */
  readonly title: string;
  readonly sha256: Readonly<Record<string, string>>;
  readonly data: SampleData;
  readonly notes: readonly string[];
}

/**
 * @param data a path
 * @throws {UsageError} if the model takes other rows
 * @throws {WeftError} if they cannot be read
 */
export async function samplesForModel(
  data: string,
  { model, path }: { readonly model: Model; readonly path: string },
  options: ModelOptions,
): Promise<ModelSamples> {
  const cannot = `Cannot evaluate ${path} on ${data}`;
  const { classNames } = model;
  switch (await kindOfData(data)) {
    case "arrays": {
      const { train, title, sha256 } = await readArrays(data, options);
      const set = arrayDataset({ ...train, names: COLUMNS, like: likeOf(model) });
      return { title, sha256, data: set, notes: set.notes };
    }
    case "folder": {
      const { height, width, channels } = imageInput(model, cannot);
      const { train, test, classNames: names, notes } = await readImageFolder(data, {
        size: `${height}x${width}`,
        channels: channels === 1 ? "1" : "3",
        skipBroken: options.skipBroken,
      });
      const part = test ?? train;
      return {
        title: basename(resolve(data)),
        sha256: digestsOfImages({ [test ? "test" : "train"]: part }),
        ...knownClasses(part, names, classNames),
        notes,
      };
    }
    case "rows": {
      const file = await readTable(data);
      const pixels = pixelColumns(file.table);
      if (!pixels) throw noRows(cannot, model);
      const { height, width } = imageInput(model, cannot, 1);
      requireSize(pixels, { height, width }, cannot);
      const [target = pixels.others[0]] = options.target ?? [];
      if (target === undefined || (options.target === undefined && pixels.others.length > 1)) {
        throw new UsageError(
          `${cannot}: name the column of the classes, such as --target ${target ?? "label"}`,
        );
      }
      const shape = [height, width];
      const labeled = labeledPixels(file, { target, names: pixels.names, shape, classNames });
      const { title, sha256 } = file;
      return { title, sha256: { [title]: sha256 }, ...labeled };
    }
    case "image":
      throw new UsageError(
        `${cannot}: it is one image; name a folder with a folder of images for each class, or predict from it`,
      );
  }
}

/** Features of rows without targets, N x I. @throws as `samplesForModel` */
export async function featuresForModel(
  data: string,
  model: Model,
  { inputs }: Pick<TableOptions, "inputs">,
): Promise<Uint8Array | Float32Array> {
  const cannot = `Cannot predict from ${data}`;
  if (await kindOfData(data) === "arrays") {
    const { features, shape } = arrayFeatures(
      await (await openArrays(data)).read(inputs),
      "the array",
      cannot,
    );
    const wanted = inputOf(model);
    const element = features instanceof Uint8Array ? "uint8" : "float32";
    const own = { element, shape: shape.length === 2 ? [...shape, 1] : shape } as const;
    if (formatText(own) !== formatText(wanted)) {
      throw new UsageError(
        `${cannot}: its rows are ${formatText(own)}, and the model takes ${formatText(wanted)}`,
      );
    }
    return features;
  }
  const { table } = await readTable(data);
  const pixels = pixelColumns(table);
  if (!pixels) throw noRows(cannot, model);
  requireSize(pixels, imageInput(model, cannot, 1), cannot);
  return pixelsOf(table, pixels.names, cannot);
}

/** Height, width and channels of the images that a model takes. @throws {UsageError} if it takes none */
export function imageInput(model: Model, cannot: string, only?: 1) {
  const input = inputOf(model);
  const [height, width, channels] = input.shape;
  const isFit = input.element === "uint8" && (only === undefined || channels === only);
  if (isFit && (channels === 1 || channels === 3)) {
    return { height, width, channels: channels as 1 | 3 };
  }
  throw new UsageError(
    `${cannot}: the model takes ${formatText(input)}; name another model with --model`,
  );
}

function requireSize(
  own: { readonly height: number; readonly width: number },
  { height, width }: { readonly height: number; readonly width: number },
  cannot: string,
): void {
  if (own.height === height && own.width === width) return;
  throw new UsageError(
    `${cannot}: its images have ${own.height} x ${own.width} pixels, and the model takes ${height} x ${width}`,
  );
}

function noRows(cannot: string, model: Model): UsageError {
  return new UsageError(
    `${cannot}: the model was not trained on a table, and takes ${
      formatText(inputOf(model))
    }; name such data, rows of its test set with --index, an image, or another model with --model`,
  );
}

/** A training set of no rows, as far as its test set asks. */
function likeOf(model: Model): ArrayDataset {
  const { task = "classification", classNames } = model;
  const { element, shape } = inputOf(model);
  const own = shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
  const targets: Targets = task === "regression"
    ? { task, values: new Float32Array(model.targets!.names.length) }
    : { task, labels: new Uint8Array() };
  return {
    rows: 1,
    features: element === "uint8" ? new Uint8Array() : new Float32Array(),
    shape: own,
    targets,
    classNames,
    classCounts: [],
    why: "",
    notes: [],
  };
}

/** Images whose classes are those of a model; others count as errors. */
function knownClasses(
  part: ImagePart,
  names: readonly string[],
  classNames: readonly string[],
): Pick<ModelSamples, "data"> {
  const { rows, features, shape } = part;
  const labels = "labels" in part
    ? part.labels
    : (part.targets as { readonly labels: Uint8Array }).labels;
  const known = classNames.length;
  const own = labels.map((label) => {
    const place = label < names.length ? classNames.indexOf(names[label]) : -1;
    return place < 0 ? known : place;
  });
  const isStrange = own.some((label) => label === known);
  return {
    data: {
      rows,
      features,
      shape,
      targets: { task: "classification", labels: own, ...isStrange ? { known } : {} },
    },
  };
}
