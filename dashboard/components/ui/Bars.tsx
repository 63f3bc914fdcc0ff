/** A list of bars from a common zero. Drawn as SVG, because a page must not carry styles in attributes. */

import type { ComponentChildren } from "preact";

interface Bar {
  readonly label: string;
  /** Null: there is nothing to draw. */
  readonly value: number | null;
  /** The value in words. */
  readonly text: string;
  readonly color: number;
  /** Drawn hatched: a number of another kind than the others, as of a GPU that is a program. */
  readonly hatched?: boolean;
  readonly extra?: ComponentChildren;
}

interface Props {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What fills the width; the highest value without it. */
  readonly full?: number;
}

export default function Bars({ label, bars, full }: Props) {
  const highest = full ?? Math.max(0, ...bars.map(({ value }) => value ?? 0));
  const part = (value: number | null) =>
    highest > 0 && value !== null && value > 0 ? Math.min(1, value / highest) : 0;
  return (
    <ul class="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.label}>
          <span class="bar-label">{bar.label}{bar.extra}</span>
          <svg class={`bar series-${bar.color}`} width="100%" height="14" aria-hidden="true">
            <rect class="bar-track" width="100%" height="14" rx="3" />
            <rect
              class={bar.hatched ? "bar-hatched" : "bar-fill"}
              width={`${(100 * part(bar.value)).toFixed(2)}%`}
              height="14"
              rx="3"
            />
          </svg>
          <span class="bar-value">{bar.text}</span>
        </li>
      ))}
    </ul>
  );
}
