/** Which columns the list of runs has. */

import type { Column, ColumnKey } from "../../live/list_columns.ts";

interface Props {
  readonly columns: readonly Column[];
  readonly shown: readonly ColumnKey[];
  /** Whether somebody has chosen. */
  readonly isChosen: boolean;
  /** Null: those in which the runs differ. */
  readonly onColumns: (columns: readonly ColumnKey[] | null) => void;
}

export default function ColumnChooser({ columns, shown, isChosen, onColumns }: Props) {
  const toggle = (key: ColumnKey, on: boolean) => {
    const next = on ? [...shown, key] : shown.filter((other) => other !== key);
    // In the order of the table, whichever was chosen first.
    onColumns(columns.map(({ key }) => key).filter((key) => next.includes(key)));
  };
  return (
    <details class="menu">
      <summary>Columns</summary>
      <div class="menu-body">
        <button type="button" disabled={!isChosen} onClick={() => onColumns(null)}>
          Those that differ
        </button>
        <ul>
          {columns.map(({ key, name }) => (
            <li key={key}>
              <label>
                <input
                  type="checkbox"
                  checked={shown.includes(key)}
                  onChange={(event) => toggle(key, event.currentTarget.checked)}
                />
                {name}
              </label>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
