/** The heading of a column that sorts its table. */

interface Props<Key extends string> {
  readonly sortKey: Key;
  readonly name: string;
  /** Numbers stand at the right, and their heading above them. */
  readonly isNumber?: boolean;
  readonly order: { readonly key: Key; readonly descending: boolean };
  readonly onOrder: (order: { readonly key: Key; readonly descending: boolean }) => void;
}

export default function SortHeading<Key extends string>(
  { sortKey, name, isNumber, order, onOrder }: Props<Key>,
) {
  const active = order.key === sortKey;
  const direction = order.descending ? "descending" : "ascending";
  return (
    <th
      scope="col"
      class={isNumber ? "number" : undefined}
      aria-sort={active ? direction : undefined}
    >
      <button
        type="button"
        class="sort"
        onClick={() => onOrder({ key: sortKey, descending: active && !order.descending })}
      >
        {name}
        <span class="sort-sign" aria-hidden="true">
          {active ? order.descending ? "▼" : "▲" : "▲"}
        </span>
      </button>
    </th>
  );
}
