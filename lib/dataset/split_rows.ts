/** Splits of data sets of any kind: classes stratified, groups never cut, or the last rows apart. */
import { UsageError, WeftError } from "../errors.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import { requireFolds, stratifiedFolds } from "./folds.ts";
import { type SampleData, targetsOf } from "./samples.ts";
import { randomSplit, type Split, stratifiedSplit } from "./split.ts";
import { isTableDataset, type TableDataset } from "./table_dataset.ts";

export interface SplitOptions {
  /** Of the rows, for the second part (`validation`); above 0 and below 1. */
  readonly fraction: number;
  /** Of the random order, a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Take the last rows, in the table's order, and draw nothing. */
  readonly last?: boolean;
}

/**
 * Splits rows in two. Where a data set has groups, no group is cut; where it has classes, both parts have them in equal
 * proportion. Of a table, a class with a single row is in the first part.
 *
 * @throws {UsageError} if the fraction is out of its range
 * @throws {WeftError} if there are too few rows, or groups, for both parts
 */
export function splitRows(
  data: SampleData | TableDataset,
  { fraction, seed, last = false }: SplitOptions,
): Split {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UsageError(
      `Cannot split off a fraction of ${fraction} of the rows: give a number between 0 and 1, both excluded`,
    );
  }
  const { rows } = data;
  const isTable = isTableDataset(data);
  const groups = isTable ? data.groups : undefined;
  if (last) return lastRows(rows, groups, fraction);
  if (groups) return groupedSplit(groups, seed, fraction);
  const labels = labelsOf(data);
  if (!labels) return randomSplit(rows, seed, fraction);
  return isTable
    ? tableSplit(labels, data.classNames, seed, fraction)
    : stratifiedSplit(labels, seed, fraction);
}

/**
 * Splits for cross-validation by the same rules: every row validates once.
 *
 * @throws as `splitRows`
 */
export function foldRows(data: SampleData | TableDataset, folds: number, seed: number): Split[] {
  requireFolds(folds);
  if (isTableDataset(data) && data.groups) {
    return dealt(groupFolds(data.groups, folds, seed), folds);
  }
  const labels = labelsOf(data);
  if (labels) {
    return stratifiedFolds(labels, folds, seed, isTableDataset(data) ? data.classNames : undefined);
  }
  const { rows } = data;
  if (rows < folds) {
    throw new WeftError(
      `Cannot cross-validate with ${folds} folds: there are ${rows} rows; use fewer folds`,
    );
  }
  const foldOf = new Uint16Array(rows);
  new NumpyRandomState(seed).permutation(rows).forEach((row, i) => foldOf[row] = i % folds);
  return dealt(foldOf, folds);
}

/** Classes of rows; null where a task has none that every part should have. */
function labelsOf(data: SampleData | TableDataset): Uint8Array | null {
  if (isTableDataset(data)) {
    const { targets } = data;
    const hasClasses = targets.task === "classification" || targets.task === "binary";
    return hasClasses ? targets.labels : null;
  }
  const { task, values } = targetsOf(data);
  return task === "classification" || task === "binary" ? values as Uint8Array : null;
}

/** Stratified, but for classes with a single row, which cannot be in both parts. */
function tableSplit(
  labels: Uint8Array,
  classNames: readonly string[],
  seed: number,
  fraction: number,
): Split {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  const isSingle = (row: number) => counts[labels[row]] === 1;
  const all = Uint32Array.from(labels, (_, row) => row);
  const singles = all.filter(isSingle);
  const common = all.filter((row) => !isSingle(row));
  if (singles.length === 0) return stratifiedSplit(labels, seed, fraction, classNames);
  if (common.length === 0) return randomSplit(labels.length, seed, fraction);
  const ofCommon = common.map((row) => labels[row]);
  const split = stratifiedSplit(Uint8Array.from(ofCommon), seed, fraction, classNames);
  const rowsOf = (part: Uint32Array) => part.map((place) => common[place]);
  return {
    train: Uint32Array.from([...rowsOf(split.train), ...singles]),
    validation: rowsOf(split.validation) as Uint32Array<ArrayBuffer>,
  };
}

/** Whole groups in random order, until the second part has its rows: as near to the fraction as they come. */
function groupedSplit(groups: Uint32Array, seed: number, fraction: number): Split {
  const members = membersOf(groups);
  requireGroups(members.length, 2, "split");
  const wanted = fraction * groups.length;
  const order = new NumpyRandomState(seed).permutation(members.length);
  const second = new Set<number>();
  let taken = 0;
  for (const group of order) {
    if (second.size === members.length - 1) break;
    const { length } = members[group];
    const isNearer = Math.abs(taken + length - wanted) < Math.abs(taken - wanted);
    if (!isNearer) continue;
    second.add(group);
    taken += length;
  }
  if (second.size === 0) {
    const sizes = members.map(({ length }) => length);
    second.add(sizes.indexOf(Math.min(...sizes)));
  }
  return parted(members, second);
}

/** The last rows; where there are groups, those that begin last. */
function lastRows(rows: number, groups: Uint32Array | undefined, fraction: number): Split {
  const wanted = Math.ceil(fraction * rows);
  if (!groups) {
    if (wanted >= rows) {
      throw new WeftError(
        `Cannot split off the last ${fraction} of ${rows} rows: none would be left; use more rows`,
      );
    }
    const all = Uint32Array.from({ length: rows }, (_, row) => row);
    return { train: all.slice(0, rows - wanted), validation: all.slice(rows - wanted) };
  }
  const members = membersOf(groups);
  requireGroups(members.length, 2, "split");
  const second = new Set<number>();
  let taken = 0;
  for (let group = members.length - 1; group > 0 && taken < wanted; group--) {
    second.add(group);
    taken += members[group].length;
  }
  return parted(members, second);
}

/** Rows of each group, the groups in the order in which they begin. */
function membersOf(groups: Uint32Array): number[][] {
  const members = new Map<number, number[]>();
  groups.forEach((group, row) => {
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  });
  return [...members.values()];
}

function requireGroups(groups: number, least: number, verb: string): void {
  if (groups >= least) return;
  throw new WeftError(
    `Cannot ${verb} by groups: there ${
      groups === 1 ? "is 1 group" : `are ${groups} groups`
    }, and ${least} are ` +
      "needed; use another column, or more rows",
  );
}

function parted(members: readonly number[][], second: ReadonlySet<number>): Split {
  const part = (isIn: boolean) =>
    Uint32Array.from(members.flatMap((rows, group) => second.has(group) === isIn ? rows : []))
      .sort();
  return { train: part(false), validation: part(true) };
}

/** The largest groups first, each into the fold that has fewest rows; chance decides between equals. */
function groupFolds(groups: Uint32Array, folds: number, seed: number): Uint16Array {
  const members = membersOf(groups);
  requireGroups(members.length, folds, `cross-validate with ${folds} folds`);
  const order = [...new NumpyRandomState(seed).permutation(members.length)]
    .sort((a, b) => members[b].length - members[a].length);
  const sizes = new Array<number>(folds).fill(0);
  const foldOf = new Uint16Array(groups.length);
  for (const group of order) {
    const fold = sizes.indexOf(Math.min(...sizes));
    for (const row of members[group]) foldOf[row] = fold;
    sizes[fold] += members[group].length;
  }
  return foldOf;
}

function dealt(foldOf: Uint16Array, folds: number): Split[] {
  const all = Uint32Array.from(foldOf, (_, row) => row);
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((row) => foldOf[row] !== fold),
    validation: all.filter((row) => foldOf[row] === fold),
  }));
}
