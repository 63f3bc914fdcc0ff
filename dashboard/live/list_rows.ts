/** The rows of the list of runs: filtered, put together, sorted. */

import type { LiveEvent, RunGroup, RunSummary } from "../shared/types.ts";
import type { ConfigValue } from "../../lib/run_log/run/records.ts";
import { formatOption } from "../shared/format.ts";
import { type Column, type ColumnKey, type Options, valueOf } from "./list_columns.ts";
import type { Filtered } from "./list_filter.ts";
import type { Grouping, Order } from "./list_view.ts";

/** The list after some events. */
export function updatedList(
  runs: readonly RunSummary[],
  events: readonly LiveEvent[],
): readonly RunSummary[] {
  const byName = new Map(runs.map((run) => [run.name, run]));
  for (const event of events) {
    if (event.type === "summary") byName.set(event.summary.name, event.summary);
    if (event.type === "removed") byName.delete(event.name);
  }
  return [...byName.values()];
}

/** A run, and whether it stands below its group. */
export interface RunRow extends Filtered {
  readonly kind: "run";
  readonly isInGroup: boolean;
}

/** What runs come to that belong together. */
export interface GroupRow {
  readonly kind: "group";
  /** Unique among groups. */
  readonly id: string;
  readonly title: string;
  /** Of a search or series; null for runs that are alike in a column. */
  readonly group: RunGroup | null;
  readonly runs: readonly Filtered[];
  readonly isOpen: boolean;
}

export type Row = RunRow | GroupRow;

/** A group's value in a column: of a search the best, of others the mean and how far apart they are. */
export interface GroupValue {
  /** What the group is sorted by; null where there is nothing. */
  readonly value: ConfigValue;
  /** Of a sample, with count - 1; null where it says nothing. */
  readonly deviation: number | null;
  /** How many runs have the value. */
  readonly count: number;
  readonly isBest: boolean;
}

const NO_VALUE: GroupValue = { value: null, deviation: null, count: 0, isBest: false };

export function groupValue(
  { group, runs }: Pick<GroupRow, "group" | "runs">,
  column: Pick<Column, "key" | "higherIsBetter">,
  defaults: Options,
): GroupValue {
  const values = runs.map(({ run }) => valueOf(run, column.key, defaults))
    .filter((value) => value !== null);
  if (values.length === 0) return NO_VALUE;
  const count = values.length;
  const [first] = values;
  if (column.key === "startedAt") {
    const latest = values.map(String).reduce((a, b) => a > b ? a : b);
    return { value: latest, deviation: null, count, isBest: false };
  }
  const isAlike = new Set(values.map(formatOption)).size === 1;
  const numbers = values.filter((value) => typeof value === "number");
  const isMetric = column.higherIsBetter !== undefined;
  if (!isMetric || numbers.length < count) {
    return isAlike
      ? { value: first, deviation: null, count, isBest: false }
      : { ...NO_VALUE, count };
  }
  if (group?.kind === "search") {
    const value = numbers.reduce((a, b) => (column.higherIsBetter ? a > b : a < b) ? a : b);
    return { value, deviation: null, count, isBest: true };
  }
  const mean = numbers.reduce((a, b) => a + b) / count;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count < 2 ? null : Math.sqrt(squares / (count - 1));
  return { value: mean, deviation, count, isBest: false };
}

interface Wanted {
  readonly order: Order;
  readonly grouping: Grouping;
  readonly open: readonly string[];
  readonly columns: readonly Column[];
  readonly defaults: Options;
  /** What a run belongs to. */
  readonly groupOf: (name: string) => RunGroup | null;
}

/** Rows for runs that have passed the filter. */
export function rowsOf(items: readonly Filtered[], wanted: Wanted): Row[] {
  const { order, open } = wanted;
  const tops = [...clusters(items, wanted)].map(([id, { title, group, runs }]): Row =>
    id === "" || (!group && runs.length < 2)
      ? { kind: "run", isInGroup: false, ...runs[0] }
      : { kind: "group", id, title, group, runs, isOpen: open.includes(id) }
  );
  const valueIn = rowValue(wanted);
  return sortedBy(tops, order, valueIn, rowName).flatMap((row) =>
    row.kind === "group" && row.isOpen
      ? [row, ...sortedBy(row.runs.map(inGroup), order, valueIn, rowName)]
      : [row]
  );
}

const inGroup = (it: Filtered): Row => ({ kind: "run", isInGroup: true, ...it });

interface Cluster {
  readonly title: string;
  readonly group: RunGroup | null;
  readonly runs: Filtered[];
}

/** By id; a run that belongs to nothing is a cluster of its own, whose id is its name behind a space. */
function clusters(
  items: readonly Filtered[],
  { grouping, groupOf, defaults }: Wanted,
): Iterable<readonly [string, Cluster]> {
  const found = new Map<string, Cluster>();
  const alone: (readonly [string, Cluster])[] = [];
  for (const item of items) {
    const place = placeOf(item, grouping, groupOf, defaults);
    if (!place) {
      alone.push(["", { title: "", group: null, runs: [item] }]);
      continue;
    }
    const { id, title, group } = place;
    const cluster = found.get(id);
    if (cluster) cluster.runs.push(item);
    else found.set(id, { title, group, runs: [item] });
  }
  return [...found, ...alone];
}

function placeOf(
  { run }: Filtered,
  grouping: Grouping,
  groupOf: Wanted["groupOf"],
  defaults: Options,
): { readonly id: string; readonly title: string; readonly group: RunGroup | null } | null {
  if (grouping === "none") return null;
  if (grouping === "family") {
    const group = groupOf(run.name);
    return group && { id: `${group.kind}:${group.name}`, title: group.name, group };
  }
  const value = formatOption(valueOf(run, grouping, defaults));
  const name = grouping.replace(/^option\./, "");
  return { id: `${grouping}=${value}`, title: `${name} ${value}`, group: null };
}

const rowName = (row: Row) => row.kind === "run" ? row.run.name : row.title;

function rowValue({ order, columns, defaults }: Wanted): (row: Row) => ConfigValue {
  const { key } = order;
  const column = columns.find((candidate) => candidate.key === key) ?? { key };
  return (row) => {
    if (key === "name") return rowName(row);
    if (key === "state") return row.kind === "run" ? row.state : null;
    return row.kind === "run"
      ? valueOf(row.run, key as ColumnKey, defaults)
      : groupValue(row, column, defaults).value;
  };
}

/** What has no value comes last, whichever way; what is alike stays in the order of its names. */
function sortedBy(
  rows: readonly Row[],
  { descending }: Order,
  valueIn: (row: Row) => ConfigValue,
  nameOf: (row: Row) => string,
): Row[] {
  const sign = descending ? -1 : 1;
  return rows.map((row) => ({ row, value: valueIn(row) })).sort((a, b) => {
    const [x, y] = [a.value, b.value];
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null) || compareTexts(nameOf(a.row), nameOf(b.row));
    }
    const order = typeof x === "number" && typeof y === "number"
      ? x - y
      : compareTexts(formatOption(x), formatOption(y));
    return sign * order || compareTexts(nameOf(a.row), nameOf(b.row));
  }).map(({ row }) => row);
}

/** By code units: the same on the server and in every browser. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
