/** The list of runs: live, sorted, filtered; picked runs are compared. */

import { useMemo, useState } from "preact/hooks";
import EmptyState from "../components/ui/EmptyState.tsx";
import LiveNotice from "../components/ui/LiveNotice.tsx";
import RunTable from "../components/run/RunTable.tsx";
import { useLiveEvents } from "../live/event_stream.ts";
import { filtered, type Order, sorted, updatedList } from "../live/run_list.ts";
import { compareAddress, liveAddress } from "../shared/positions.ts";
import type { RunSummary } from "../shared/types.ts";

/** Rows that are drawn at once; more come on demand, so that thousands of runs stay quick. */
const ROWS = 200;

export default function RunList({ runs: first }: { readonly runs: readonly RunSummary[] }) {
  const [runs, setRuns] = useState(first);
  const [order, setOrder] = useState<Order>({ key: "startedAt", descending: true });
  const [text, setText] = useState("");
  const [rows, setRows] = useState(ROWS);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const connection = useLiveEvents(liveAddress(), {
    onEvents: (events) => setRuns((before) => updatedList(before, events)),
  });
  const shown = useMemo(() => sorted(filtered(runs, text), order), [runs, text, order]);
  const names = runs.filter(({ name }) => picked.has(name)).map(({ name }) => name);

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
    const next = new Set(picked);
    if (on) next.add(name);
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
        {names.length >= 2
          ? <a class="button primary" href={compareAddress(names)}>Compare {names.length} runs</a>
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
