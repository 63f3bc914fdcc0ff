/** Arrays of images, series or volumes as rows to learn from. */
import { arrayDataset, type ArrayOptions } from "../../dataset/array_dataset.ts";
import type { TableOptions } from "../options/tables.ts";
import { COLUMNS } from "./array_rows.ts";
import type { ReadArrays } from "./read_arrays.ts";
import type { ReadSamples } from "./samples_source.ts";

/** @throws as `arrayDataset` */
export function arraySamples(
  { name, title, train: own, test: tested, sha256 }: ReadArrays,
  { task, positive }: TableOptions,
): ReadSamples {
  const of = (part: typeof own, more: Partial<ArrayOptions>) =>
    arrayDataset({ ...part, ...more, names: COLUMNS });
  const train = of(own, { task, positive });
  const test = tested && of(tested, { like: train });
  const { classNames, classCounts, why, notes } = train;
  return {
    name,
    title,
    train,
    ...test ? { test } : {},
    classNames,
    classCounts,
    why,
    notes: [...notes, ...test?.notes ?? []],
    sha256,
  };
}
