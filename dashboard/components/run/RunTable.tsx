/** Runs as a table whose headings sort it; on a narrow screen a run has two lines. */

import { useRef } from "preact/hooks";
import { slotColor } from "../../chart/run_colors.ts";
import { type Column, type Options, valueOf } from "../../live/list_columns.ts";
import { type GroupRow, groupValue, type Row, type RunRow } from "../../live/list_rows.ts";
import type { Order } from "../../live/list_view.ts";
import { useWindow } from "../../live/use_window.ts";
import { formatCount } from "../../shared/format.ts";
import { runAddress, searchAddress, seriesAddress } from "../../shared/positions.ts";
import type { RunGroup, RunSummary } from "../../shared/types.ts";
import SortHeading from "../ui/SortHeading.tsx";
import RunCell from "./RunCell.tsx";
import Sparkline from "./Sparkline.tsx";
import StatusBadge from "./StatusBadge.tsx";

interface Props {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly defaults: Options;
  readonly order: Order;
  /** Slots of those that are picked, by name. */
  readonly picked: ReadonlyMap<string, number>;
  readonly baseline: RunSummary | null;
  readonly now: number;
  readonly onOrder: (order: Order) => void;
  readonly onPick: (names: readonly string[], on: boolean) => void;
  readonly onOpen: (id: string, on: boolean) => void;
}

export default function RunTable(props: Props) {
  const { rows, columns, order, onOrder } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to, rowHeight } = useWindow(body, rows.length);
  const heading = (key: string, name: string, isNumber = false) => (
    <SortHeading key={key} sortKey={key} {...{ name, order, onOrder, isNumber }} />
  );
  const width = columns.length + 4;
  return (
    <div class="scroll runs-scroll" tabIndex={0} role="region" aria-label="Runs">
      <table class="runs" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">Compare</span>
            </th>
            {heading("name", "Run")}
            {heading("state", "Status")}
            <th scope="col">Loss curve</th>
            {columns.map(({ key, name, isNumber }) => heading(key, name, isNumber))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Room rows={from} {...{ rowHeight, width }} />
          {rows.slice(from, to).map((row, i) =>
            row.kind === "run"
              ? <OneRun key={`run ${row.run.name}`} {...props} row={row} index={from + i} />
              : <OneGroup key={`group ${row.id}`} {...props} row={row} index={from + i} />
          )}
          <Room rows={rows.length - to} {...{ rowHeight, width }} />
        </tbody>
      </table>
    </div>
  );
}

/** In place of rows that are far from what is seen. */
function Room(
  { rows, rowHeight, width }: {
    readonly rows: number;
    readonly rowHeight: number;
    readonly width: number;
  },
) {
  if (rows <= 0) return null;
  return (
    <tr class="room" aria-hidden="true">
      <td colSpan={width} height={rows * rowHeight} />
    </tr>
  );
}

/** What a narrow screen has room for: the last metric of the row's own, on the test set where it has one. */
function leadOf(row: Row, columns: readonly Column[], defaults: Options): string | undefined {
  return columns.findLast((column) =>
    column.higherIsBetter !== undefined &&
    (row.kind === "run"
      ? valueOf(row.run, column.key, defaults) !== null
      : groupValue(row, column, defaults).value !== null)
  )?.key;
}

function Cells({ row, columns, defaults, baseline, now }: Props & { readonly row: Row }) {
  const lead = leadOf(row, columns, defaults);
  return (
    <>
      {columns.map((column) => (
        <td
          key={column.key}
          class={[column.isNumber ? "number" : "", column.key === lead ? "lead" : ""].join(" ")
            .trim() ||
            undefined}
          data-name={column.name}
        >
          <RunCell {...{ row, column, defaults, baseline, now }} />
        </td>
      ))}
    </>
  );
}

function OneRun(props: Props & { readonly row: RunRow; readonly index: number }) {
  const { row: { run, state, isInGroup }, index, picked, baseline, onPick } = props;
  const slot = picked.get(run.name);
  return (
    <tr
      data-row
      aria-rowindex={index + 2}
      class={[
        isInGroup ? "in-group" : "",
        slot === undefined ? "" : "picked",
        baseline?.name === run.name ? "baseline" : "",
      ].join(" ").trim() || undefined}
    >
      <td class="pick">
        <label>
          <input
            type="checkbox"
            checked={slot !== undefined}
            onChange={(event) => onPick([run.name], event.currentTarget.checked)}
          />
          <span class="visually-hidden">Compare {run.name}</span>
        </label>
      </td>
      <th scope="row" title={run.name}>
        <a href={runAddress(run.name)}>{run.name}</a>
        {run.problems > 0 && (
          <span class="warning" title={`${run.problems} lines of its log could not be used`}>
            ⚠ <span class="visually-hidden">its log has problems</span>
          </span>
        )}
      </th>
      <td class="state">
        <StatusBadge state={state} useless={run.useless} />
      </td>
      <td class="curve">
        <Sparkline
          values={run.sparkline}
          color={slot === undefined ? null : slotColor(slot).color}
        />
      </td>
      <Cells {...props} />
    </tr>
  );
}

const KINDS: Readonly<Record<RunGroup["kind"], string>> = {
  search: "trials",
  seeds: "seeds",
  folds: "folds",
};

function OneGroup(props: Props & { readonly row: GroupRow; readonly index: number }) {
  const { row: { id, title, group, runs, isOpen }, index, picked, onPick, onOpen } = props;
  const names = runs.map(({ run }) => run.name);
  const isPicked = names.every((name) => picked.has(name));
  const count = `${formatCount(runs.length)} ${group ? KINDS[group.kind] : "runs"}`;
  return (
    <tr data-row aria-rowindex={index + 2} class="group-row">
      <td class="pick">
        <label>
          <input
            type="checkbox"
            checked={isPicked}
            onChange={(event) => onPick(names, event.currentTarget.checked)}
          />
          <span class="visually-hidden">Compare all of {title}</span>
        </label>
      </td>
      <th scope="row" title={title}>
        <button
          type="button"
          class="fold"
          aria-expanded={isOpen ? "true" : "false"}
          aria-label={`Runs of ${title}`}
          onClick={() => onOpen(id, !isOpen)}
        >
          {isOpen ? "▾" : "▸"}
        </button>
        {group
          ? <a href={(group.kind === "search" ? searchAddress : seriesAddress)(title)}>{title}</a>
          : title}
      </th>
      <td class="state">
        <small>{count}</small>
      </td>
      <td class="curve" />
      <Cells {...props} />
    </tr>
  );
}
