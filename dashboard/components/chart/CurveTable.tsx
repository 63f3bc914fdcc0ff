/** A chart's numbers in words, made when they are asked for. */

import { useState } from "preact/hooks";
import type { Line, Span } from "../../chart/lines.ts";
import { tableOf } from "../../chart/table.ts";

interface Props {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly Line[];
  readonly view: Span;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
}

/** Rows that a person reads; the CSV file has all. */
const MAX_ROWS = 50;

export default function CurveTable({ title, xLabel, lines, view, formatX, formatY }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Data table<span class="visually-hidden">{` of ${title}`}</span>
      </summary>
      {open && <Rows {...{ title, xLabel, lines, view, formatX, formatY }} />}
    </details>
  );
}

function Rows({ title, xLabel, lines, view, formatX, formatY }: Props) {
  const { head, rows } = tableOf(xLabel, lines, view, MAX_ROWS);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Data table of ${title}`}>
      <table>
        <caption class="visually-hidden">{title}, {MAX_ROWS} rows at most</caption>
        <thead>
          <tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(([x, ...values]) => (
            <tr key={x}>
              <th scope="row">{formatX(x ?? NaN)}</th>
              {values.map((value, i) => (
                <td key={i}>
                  {value === undefined ? "" : value === null ? "not finite" : formatY(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
