/** `data DATA` of images and arrays that have no columns: their shape, classes and parts. */
import { formatText, samplesOf } from "../../dataset/samples.ts";
import { splitRows } from "../../dataset/split_rows.ts";
import { PRESETS } from "../../config/presets.ts";
import { padEnd, printable } from "../../report/display_width.ts";
import { formatCount } from "../../report/format.ts";
import { wrap } from "../../report/table.ts";
import type { TableOptions } from "../options/tables.ts";
import { print, printJson } from "../output.ts";
import { testFraction } from "../tables/test_fraction.ts";
import { presetFor, type ReadSamples, samplesLines } from "./samples_source.ts";

const MOST_SHOWN = 40;

/** @throws {WeftError} if the rows cannot be split as they are to be */
export function dataSamples(
  read: ReadSamples,
  { test, json }: TableOptions & { readonly json?: boolean },
): number {
  const { title: name, train, validation, classNames = [], classCounts, notes, sha256 } = read;
  const preset = presetFor(train);
  const fraction = testFraction(test);
  const { splitSeed: seed } = PRESETS[preset];
  const held = fraction === null
    ? read.test?.rows ?? 0
    : splitRows(train, { fraction, seed }).validation.length;
  const rows = train.rows - (fraction === null ? 0 : held);
  if (json) {
    const { element, shape, targets: { task } } = samplesOf(train);
    const classes = classCounts.map((rows, i) => ({ name: classNames[i], rows }));
    const parts = { train: rows, validation: validation?.rows ?? 0, test: held };
    printJson({ name, sha256, task, preset, element, shape, classes, parts, notes });
    return 0;
  }
  print(samplesLines(read, preset));
  print(
    `${formatCount(rows)} to train on${held > 0 ? `, ${formatCount(held)} to test` : ""}; each is ${
      formatText(samplesOf(train))
    }`,
  );
  if (classCounts.length > 0) {
    print();
    print(`${padEnd("class", 16)}  ${"rows".padStart(8)}`);
    classCounts.slice(0, MOST_SHOWN).forEach((count, i) => {
      print(`${padEnd(printable(classNames[i]), 16)}  ${formatCount(count).padStart(8)}`);
    });
    if (classCounts.length > MOST_SHOWN) print(`and ${classCounts.length - MOST_SHOWN} more`);
  }
  if (notes.length > 0) print();
  for (const note of notes) print(wrap(printable(`note: ${note}`)));
  return 0;
}
