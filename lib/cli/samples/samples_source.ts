/** Images and arrays that have no columns as what runs are trained on. */
import type { TrainConfig } from "../../config/options.ts";
import type { Preset } from "../../config/presets.ts";
import type { LabeledImages } from "../../dataset/dataset.ts";
import type { Fold } from "../../dataset/folds.ts";
import { type FeatureSamples, pickSamples } from "../../dataset/pick_samples.ts";
import { formatText, samplesOf } from "../../dataset/samples.ts";
import { foldRows, splitRows } from "../../dataset/split_rows.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount } from "../../report/format.ts";
import { wrap } from "../../report/table.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import { adaptedText, adaptedTo } from "../../config/adapted.ts";
import { chooseRows } from "../../train/rows.ts";
import type { Begun, OpenedData } from "../opened_data.ts";
import { flagOf, TABLE_OPTION_NAMES, type TableOptions } from "../options/tables.ts";
import type { PreparedRun, RunSource } from "../run_source.ts";
import { testFraction } from "../tables/test_fraction.ts";

/** Rows of one shape, in memory, with what is to be learned of them. */
export interface ReadSamples {
  /** As messages call the data, and as logs do. */
  readonly name: string;
  readonly title: string;
  readonly train: FeatureSamples;
  readonly validation?: FeatureSamples;
  readonly test?: FeatureSamples;
  /** Of regression none. */
  readonly classNames?: readonly string[];
  /** Rows of each class to learn from. */
  readonly classCounts: readonly number[];
  /** How the task was found; empty where it is plain. */
  readonly why: string;
  readonly notes: readonly string[];
  readonly sha256: Readonly<Record<string, string>>;
}

/** Images below 8 x 8 pixels are too small for two convolutions with pools. */
const LEAST_SIDE = 8;

/** Images of bytes are learned by convolutions, all else by a perceptron. */
export function presetFor(train: FeatureSamples): Preset {
  const { element, shape: [height, width = 0, channels = 1] } = samplesOf(train);
  const isImage = element === "uint8" && Math.min(height, width) >= LEAST_SIDE && channels <= 3;
  return isImage ? "images" : "tabular";
}

/** @throws {UsageError} if an option is given that says nothing of such data */
export function requireOnly(
  options: TableOptions,
  allowed: readonly (keyof TableOptions)[],
  what: string,
): void {
  const stray = TABLE_OPTION_NAMES.find((name) =>
    options[name] !== undefined && !allowed.includes(name)
  );
  if (stray === undefined) return;
  throw new UsageError(`Cannot use ${flagOf(stray)} with ${what}: leave it out`);
}

export function openSamples(
  read: ReadSamples,
  options: TableOptions,
  said: Readonly<Record<string, ConfigValue>>,
): OpenedData {
  const preset = presetFor(read.train);
  return {
    preset,
    source: (begun) => samplesSource(withTest(read, options, begun), options, said, begun),
  };
}

/** With the part of the rows apart that `--test` asks for. */
function withTest(
  read: ReadSamples,
  { test, splitLast }: TableOptions,
  { config }: Pick<Begun, "config">,
): ReadSamples {
  const fraction = testFraction(test);
  if (fraction === null) return read;
  if (read.test) {
    throw new UsageError(
      `Cannot test on ${fraction} of ${read.name}: it has rows to test with; leave out --test`,
    );
  }
  const split = splitRows(read.train, {
    fraction,
    seed: config.splitSeed,
    last: splitLast !== undefined,
  });
  return {
    ...read,
    train: pickSamples(read.train, split.train),
    test: pickSamples(read.train, split.validation),
  };
}

function samplesSource(
  read: ReadSamples,
  { splitLast }: TableOptions,
  said: Readonly<Record<string, ConfigValue>>,
  { preset, continuing }: Begun,
): RunSource {
  const { train, validation, test = null, classNames, notes, title, sha256 } = read;
  if (continuing.from?.preprocessing) {
    throw new UsageError(
      `Cannot begin with this model on ${read.name}: it was trained on a table; name one`,
    );
  }
  const splitFor = ({ splitSeed: seed }: TrainConfig, fold: Fold | null) => {
    if (fold) return foldRows(train, fold.folds, seed)[fold.fold - 1];
    if (splitLast === undefined) return undefined;
    return splitRows(train, { fraction: splitLast, seed, last: true });
  };
  return {
    name: title,
    sha256,
    config: said,
    images: null,
    prepare(config, fold): PreparedRun {
      const split = splitFor(config, fold);
      const own = validation && !fold ? { validation } : { split };
      const learning = chooseRows({ train, ...own }, config).train.length;
      const adapted = adaptedText(learning, adaptedTo(learning, config));
      return {
        options: {
          train,
          ...own,
          test,
          classNames,
          notes: [...notes, ...adapted === null ? [] : [adapted]],
        },
        report: samplesLines(read, preset),
        testImages: grayImages(test),
      };
    },
    requireParts(config, folds) {
      if (folds !== undefined) foldRows(train, folds, config.splitSeed);
      else chooseRows({ train, split: splitFor(config, null), validation }, config);
    },
  };
}

/** What mistakes are looked for in: images of one channel with a class each. */
function grayImages(test: FeatureSamples | null): LabeledImages | null {
  if (!test || !(test.features instanceof Uint8Array)) return null;
  const { rows, features, shape: [height, width, channels = 1] } = test;
  if (width === undefined || channels !== 1) return null;
  const labels = "labels" in test ? test.labels : null;
  const targets = "targets" in test ? test.targets : null;
  const own = targets?.task === "classification" && targets.known === undefined
    ? targets.labels
    : labels;
  return own && {
    rows,
    height,
    width,
    pixels: features as Uint8Array<ArrayBuffer>,
    labels: own as Uint8Array<ArrayBuffer>,
  };
}

/** `pics: 240 images of 32 x 32 x 3 to learn from, 80 to test; preset images`, and the classes. */
export function samplesLines(read: ReadSamples, preset: string): string {
  const { title, train, validation, test, classNames, why } = read;
  const counts = [
    `${formatCount(train.rows)} rows of ${formatText(samplesOf(train))} to learn from`,
    ...validation ? [`${formatCount(validation.rows)} to validate`] : [],
    ...test ? [`${formatCount(test.rows)} to test`] : [],
  ];
  const task = samplesOf(train).targets.task;
  const names = classNames?.slice(0, 8).join(", ") ?? "";
  const more = (classNames?.length ?? 0) > 8 ? ` and ${classNames!.length - 8} more` : "";
  return [
    `${title}: ${counts.join(", ")}; preset ${preset}`,
    `${task}${why === "" ? "" : ` (${why})`}${names === "" ? "" : `; ${names}${more}`}`,
  ].map((line) => wrap(printable(line))).join("\n");
}
