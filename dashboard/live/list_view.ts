/** How somebody looks at the list of runs, as the query of its address: a view can be copied, and comes back. */

import { formatPositions, parsePositions } from "../shared/positions.ts";
import type { ColumnKey } from "./list_columns.ts";

export interface Order {
  readonly key: ColumnKey;
  readonly descending: boolean;
}

/** What runs are put together by: what they belong to, nothing, or a column in which they are alike. */
export type Grouping = "family" | "none" | ColumnKey;

export interface ListView {
  readonly filter: string;
  readonly order: Order;
  /** Null: those in which the runs differ. */
  readonly columns: readonly ColumnKey[] | null;
  readonly grouping: Grouping;
  /** Groups that are unfolded. */
  readonly open: readonly string[];
  /** Runs to compare, by name: the slots that their colors follow from. */
  readonly picked: ReadonlyMap<string, number>;
  /** The run that others are compared with. */
  readonly baseline: string | null;
  /** Whether runs are shown that somebody has hidden in this browser. */
  readonly showsHidden: boolean;
}

export const FIRST_VIEW: ListView = {
  filter: "",
  order: { key: "startedAt", descending: true },
  columns: null,
  grouping: "family",
  open: [],
  picked: new Map(),
  baseline: null,
  showsHidden: false,
};

/** Longer ones are no view that anybody has chosen. */
const MOST_NAMES = 200;
const MAX_FILTER = 500;

const names = (text: string | null) =>
  parsePositions(text ?? "").map(({ name }) => name).slice(0, MOST_NAMES);
const joined = (all: readonly string[]) =>
  formatPositions(all.map((name) => ({ name, offset: null })));

/** @param query of the address; what cannot be used in it is left out */
export function readView(query: string): ListView {
  const params = new URLSearchParams(query);
  const sort = params.get("sort");
  const slots = (params.get("slots") ?? "").split(",").map(Number);
  const picked = names(params.get("runs"));
  const hasSlots = slots.length === picked.length && new Set(slots).size === slots.length &&
    slots.every((slot) => Number.isSafeInteger(slot) && slot >= 0 && slot < 1000);
  return {
    filter: (params.get("filter") ?? "").slice(0, MAX_FILTER),
    order: sort
      ? { key: sort.replace(/^-/, ""), descending: sort.startsWith("-") }
      : FIRST_VIEW.order,
    columns: params.has("columns") ? names(params.get("columns")) : null,
    grouping: params.get("group") ?? FIRST_VIEW.grouping,
    open: names(params.get("open")),
    picked: new Map(picked.map((name, i) => [name, hasSlots ? slots[i] : i])),
    baseline: params.get("baseline"),
    showsHidden: params.get("hidden") === "shown",
  };
}

/** The query that `readView` makes the view of; empty for the first view. */
export function writeView(view: ListView): string {
  const params = new URLSearchParams();
  const set = (name: string, value: string, byDefault = "") => {
    if (value !== byDefault) params.set(name, value);
  };
  const sort = ({ key, descending }: Order) => `${descending ? "-" : ""}${key}`;
  set("filter", view.filter);
  set("sort", sort(view.order), sort(FIRST_VIEW.order));
  if (view.columns) params.set("columns", joined(view.columns));
  set("group", view.grouping, FIRST_VIEW.grouping);
  set("open", joined(view.open));
  set("runs", joined([...view.picked.keys()]));
  const slots = [...view.picked.values()];
  if (slots.some((slot, i) => slot !== i)) params.set("slots", slots.join());
  set("baseline", view.baseline ?? "");
  if (view.showsHidden) params.set("hidden", "shown");
  // Commas and percent signs of names are easier to read as they are.
  return params.toString().replaceAll("%2C", ",");
}
