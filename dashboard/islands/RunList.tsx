/** The list of runs: live, sorted, filtered; picked runs are compared. */

import { useMemo, useState } from "preact/hooks";
import { freeSlot } from "../chart/run_colors.ts";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import RunTable from "../components/run/RunTable.tsx";
import { useLiveEvents } from "../live/event_stream.ts";
import { filtered, type Order, sorted, updatedList } from "../live/run_list.ts";
import { compareAddress, liveAddress } from "../shared/positions.ts";
import type { RunSummary } from "../shared/types.ts";

function compareAddressOf(chosen: readonly (readonly [name: string, slot: number])[]): string {
  return compareAddress(chosen.map(([name]) => name), chosen.map(([, slot]) => slot));
}

/** Rows that are drawn at once; more come on demand, so that thousands of runs stay quick. */
const ROWS = 200;

export default function RunList({ runs: first }: { readonly runs: readonly RunSummary[] }) {
  const [runs, setRuns] = useState(first);
  const [order, setOrder] = useState<Order>({ key: "startedAt", descending: true });
  const [text, setText] = useState("");
  const [rows, setRows] = useState(ROWS);
  const [picked, setPicked] = useState<ReadonlyMap<string, number>>(new Map());
  const connection = useLiveEvents(liveAddress(), {
    onEvents: (events) => setRuns((before) => updatedList(before, events)),
  });
  const shown = useMemo(() => sorted(filtered(runs, text), order), [runs, text, order]);
  const there = new Set(runs.map(({ name }) => name));
  const chosen = [...picked].filter(([name]) => there.has(name)).sort(([, a], [, b]) => a - b);

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
  const toggle = (name: string, on: boolean) => {
    const next = new Map(picked);
    if (on) next.set(name, freeSlot(picked.values()));
    else next.delete(name);
    setPicked(next);
  };
  return (
    <>
      <LiveNotice connection={connection} />
      <div class="list-tools">
        <label>
          Filter
          <input
            type="search"
            value={text}
            placeholder="name, status, preset, back end"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <p role="status">
          {shown.length === runs.length
            ? `${runs.length} runs`
            : `${shown.length} of ${runs.length} runs`}
        </p>
        {chosen.length >= 2
          ? (
            <a class="button primary" href={compareAddressOf(chosen)}>
              Compare {chosen.length} runs
            </a>
          )
          : <span class="button" aria-disabled="true">Pick two runs or more to compare</span>}
      </div>
      <RunTable
        runs={shown.slice(0, rows)}
        order={order}
        picked={picked}
        onOrder={setOrder}
        onPick={toggle}
      />
      {shown.length === 0 && <p class="note">No run fits the filter.</p>}
      {shown.length > rows && (
        <button type="button" onClick={() => setRows(rows + ROWS)}>
          Show {Math.min(ROWS, shown.length - rows)} more
        </button>
      )}
    </>
  );
}
