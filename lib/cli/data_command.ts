/** `data`: says what would be trained on: the data that is named, or the data set, which it finds. */
import { type Language, translateClassNames } from "../dataset/class_names.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { padEnd, printable } from "../report/display_width.ts";
import { formatCount } from "../report/format.ts";
import { readData } from "./open_data.ts";
import { dataSamples } from "./samples/data_samples.ts";
import { loadData } from "./load_data.ts";
import type { TableOptions } from "./options/tables.ts";
import { print, printJson } from "./output.ts";

export interface DataCommandOptions extends TableOptions {
  /** "-", or a path that can be read, and is no folder of IDX files. */
  readonly data?: string;
  readonly dataDir?: string;
  readonly language: Language;
  readonly json?: boolean;
}

export async function dataCommand(options: DataCommandOptions): Promise<number> {
  if (options.data !== undefined) {
    const read = await readData(options.data, options);
    if ("samples" in read) return dataSamples(read.samples, options);
    const { dataTable } = await import("./tables/data_table.ts");
    return dataTable(read.files, options.json);
  }
  const { dataset, origin } = await loadData(options.dataDir);
  const { name, train, test, sha256 } = dataset;
  const names = translateClassNames(dataset.classNames, options.language);
  const counts = {
    train: countByClass(train, names.length),
    test: test && countByClass(test, names.length),
  };
  if (options.json) {
    printJson({
      name,
      origin,
      height: train.height,
      width: train.width,
      train: train.rows,
      test: test?.rows ?? 0,
      classes: names.map((className, i) => ({
        name: className,
        train: counts.train[i],
        test: counts.test?.[i] ?? 0,
      })),
      sha256,
    });
    return 0;
  }
  print(`${printable(name)}, found in ${printable(origin)}`);
  print(
    `${formatCount(train.rows)} training and ${formatCount(test?.rows ?? 0)} test images of ` +
      `${train.height} x ${train.width} pixels`,
  );
  print();
  print(`${padEnd("class", 16)}  ${"training".padStart(8)}  ${"test".padStart(8)}`);
  names.forEach((className, i) => {
    const cells = [counts.train[i], counts.test?.[i] ?? 0].map((n) => formatCount(n).padStart(8));
    print(`${padEnd(printable(className), 16)}  ${cells.join("  ")}`);
  });
  print();
  for (const [file, digest] of Object.entries(sha256)) print(`${digest.slice(0, 16)}...  ${file}`);
  return 0;
}

function countByClass({ labels }: LabeledImages, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}
