/** The list of runs: live, sorted, filtered, put together; picked runs are compared. All of that stands in its address. */

import { useMemo, useState } from "preact/hooks";
import { freeSlot } from "../chart/run_colors.ts";
import ColumnChooser from "../components/run/ColumnChooser.tsx";
import RunTable from "../components/run/RunTable.tsx";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import { useLiveEvents } from "../live/event_stream.ts";
import { allColumns, defaultColumns, type Options } from "../live/list_columns.ts";
import { type Filtered, parseFilter } from "../live/list_filter.ts";
import { rowsOf, updatedList } from "../live/list_rows.ts";
import { readView, writeView } from "../live/list_view.ts";
import { rememberBaseline } from "../live/use_baseline.ts";
import { useGroups } from "../live/use_groups.ts";
import { useHidden } from "../live/use_hidden.ts";
import { useNow } from "../live/use_now.ts";
import { useView } from "../live/use_view.ts";
import { compareAddress, liveAddress } from "../shared/positions.ts";
import { type Groups, MAX_FOLLOWED, type RunSummary } from "../shared/types.ts";

interface Props {
  readonly runs: readonly RunSummary[];
  readonly groups: Groups;
  /** Of options that a run does not say. */
  readonly defaults: Options;
  /** Of the page's address. */
  readonly query: string;
  /** The server's time, in milliseconds since 1970. */
  readonly now: number;
}

export default function RunList(props: Props) {
  const { defaults } = props;
  const [runs, setRuns] = useState(props.runs);
  const [view, change] = useView(props.query, readView, writeView);
  const [hidden, hide] = useHidden();
  const now = useNow(props.now);
  const connection = useLiveEvents(liveAddress(), {
    onEvents: (events) => setRuns((before) => updatedList(before, events)),
  });
  const standing = useMemo(() => runs.map(({ name, state }) => `${name} ${state}`).join("\n"), [
    runs,
  ]);
  const groups = useGroups(props.groups, standing);
  const { filter, order, grouping, open, picked } = view;

  const columns = useMemo(() => allColumns(runs, defaults), [runs, defaults]);
  const items = useMemo(() => itemsOf(runs, groups), [runs, groups]);
  const { passes, problem } = useMemo(
    () => parseFilter(filter, columns.map(({ key }) => key), defaults),
    [filter, columns, defaults],
  );
  const visible = useMemo(
    () => view.showsHidden ? items : items.filter(({ run }) => !hidden.has(run.name)),
    [items, hidden, view.showsHidden],
  );
  const shown = useMemo(() => visible.filter(passes), [visible, passes]);
  const keys = useMemo(
    () => view.columns ?? defaultColumns(visible.map(({ run }) => run), columns, defaults),
    [view.columns, visible, columns, defaults],
  );
  const rows = useMemo(
    () =>
      rowsOf(shown, {
        ...{ order, grouping, open, columns, defaults },
        groupOf: (name) => groups.groups[groups.of[name]] ?? null,
      }),
    [shown, order, grouping, open, columns, defaults, groups],
  );

  if (runs.length === 0) {
    return (
      <>
        <LiveNotice connection={connection} />
        <EmptyState title="No runs yet" command="deno task train">
          Train a network in another terminal; its run appears here as soon as it begins.
        </EmptyState>
      </>
    );
  }
  const pick = (names: readonly string[], on: boolean) => {
    const next = new Map(picked);
    for (const name of names) {
      if (!on) next.delete(name);
      else if (!next.has(name)) next.set(name, freeSlot(next.values()));
    }
    change({ picked: next });
  };
  const chosen = [...picked].filter(([name]) => runs.some((run) => run.name === name))
    .sort(([, a], [, b]) => a - b);
  const names = chosen.map(([name]) => name);
  const areHidden = names.length > 0 && names.every((name) => hidden.has(name));
  const hiddenCount = items.filter(({ run }) => hidden.has(run.name)).length;
  const pin = (baseline: string | null) => {
    rememberBaseline(baseline);
    change({ baseline });
  };
  const baseline = runs.find(({ name }) => name === view.baseline) ?? null;
  return (
    <>
      <LiveNotice connection={connection} />
      <div class="list-tools">
        <label>
          Filter
          <input
            type="search"
            value={filter}
            placeholder="name, lr>0.05, activation:relu, val<0.4, -search:mlp"
            aria-describedby="filter-problem"
            onInput={(event) => change({ filter: event.currentTarget.value })}
          />
        </label>
        <label>
          Group
          <select
            value={grouping}
            onChange={(event) => change({ grouping: event.currentTarget.value, open: [] })}
          >
            <option value="family" selected={grouping === "family"}>searches, series</option>
            <option value="none" selected={grouping === "none"}>nothing</option>
            {columns.filter(({ key }) => /^option\.|^preset$|^backend$/.test(key)).map((column) => (
              <option key={column.key} value={column.key} selected={grouping === column.key}>
                {column.name}
              </option>
            ))}
          </select>
        </label>
        <ColumnChooser
          columns={columns}
          shown={keys}
          isChosen={view.columns !== null}
          onColumns={(columns) => change({ columns })}
        />
        <p role="status">
          {shown.length === runs.length
            ? `${runs.length} runs`
            : `${shown.length} of ${runs.length} runs`}
        </p>
        {hiddenCount > 0 && (
          <label>
            <input
              type="checkbox"
              checked={view.showsHidden}
              onChange={(event) => change({ showsHidden: event.currentTarget.checked })}
            />
            Show {hiddenCount} hidden
          </label>
        )}
      </div>
      <p id="filter-problem" class="note" role="status">{problem}</p>
      <div class="list-tools picked-tools">
        {names.length === 0 && <span class="note">Pick runs to compare, pin or hide them.</span>}
        {names.length >= 2 && <Compare chosen={chosen} />}
        {names.length === 1 && (
          <button
            type="button"
            onClick={() => pin(view.baseline === names[0] ? null : names[0])}
          >
            {view.baseline === names[0] ? "No baseline" : `Pin ${names[0]} as baseline`}
          </button>
        )}
        {names.length > 0 && (
          <>
            <button
              type="button"
              onClick={() => {
                hide(names, !areHidden);
                change({ picked: new Map() });
              }}
            >
              {areHidden ? "Show again" : "Hide"}
            </button>
            <button type="button" onClick={() => change({ picked: new Map() })}>Pick none</button>
          </>
        )}
        {baseline && (
          <span class="note">
            Differences are against {baseline.name}.{" "}
            <button type="button" class="link" onClick={() => pin(null)}>
              Unpin
            </button>
          </span>
        )}
      </div>
      <RunTable
        rows={rows}
        columns={columns.filter(({ key }) => keys.includes(key))}
        {...{ defaults, order, picked, baseline, now }}
        onOrder={(order) => change({ order })}
        onPick={pick}
        onOpen={(id, on) =>
          change({ open: on ? [...open, id] : open.filter((other) => other !== id) })}
      />
      {shown.length === 0 && <p class="note">No run fits the filter.</p>}
    </>
  );
}

function Compare({ chosen }: { readonly chosen: readonly (readonly [string, number])[] }) {
  if (chosen.length > MAX_FOLLOWED) {
    return (
      <span class="button" aria-disabled="true">
        Compare at most {MAX_FOLLOWED} runs; {chosen.length} are picked
      </span>
    );
  }
  const address = compareAddress(chosen.map(([name]) => name), chosen.map(([, slot]) => slot));
  return <a class="button primary" href={address}>Compare {chosen.length} runs</a>;
}

/** Runs with what they belong to, and as what they stand in the list. */
function itemsOf(runs: readonly RunSummary[], { groups, of, dropped }: Groups): Filtered[] {
  const isDropped = new Set(dropped);
  return runs.map((run) => {
    const group = groups[of[run.name]];
    return {
      run,
      state: isDropped.has(run.name) && run.state === "interrupted" ? "dropped" : run.state,
      search: group?.kind === "search" ? group.name : "",
      series: group && group.kind !== "search" ? group.name : "",
    };
  });
}
