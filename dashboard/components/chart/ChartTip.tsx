/** The values at the crosshair, beside it: the highest first. */

import { type Line, valueAt } from "../../chart/lines.ts";
import LineSample from "../ui/LineSample.tsx";

interface Props {
  /** As they are drawn. */
  readonly lines: readonly Line[];
  readonly x: number;
  /** Such as "Epoch 8". */
  readonly head: string;
  /** Pixels from the left edge of the chart, which is `width` wide. */
  readonly left: number;
  readonly width: number;
  readonly format: (y: number) => string;
  /** The label of the line that is brought out. */
  readonly focus: string | null;
}

/** More would cover the chart. */
const MOST_LINES = 12;

/** Pixels between the crosshair and the tip. */
const GAP = 12;

export default function ChartTip({ lines, x, head, left, width, format, focus }: Props) {
  const values = lines.flatMap((line) => {
    const value = valueAt(line, x);
    return value === null ? [] : [{ line, value }];
  }).sort((a, b) => b.value - a.value);
  const isLeft = left > width / 2;
  return (
    <div
      class="chart-tip"
      aria-hidden="true"
      style={isLeft ? { right: `${width - left + GAP}px` } : { left: `${left + GAP}px` }}
    >
      <p>{head}</p>
      <ul>
        {values.slice(0, MOST_LINES).map(({ line, value }) => (
          <li key={line.label} class={line.label === focus ? "brought-out" : undefined}>
            <LineSample color={line.color} dash={line.dash} />
            <span class="legend-label">{line.label}</span>
            <b>{format(value)}</b>
          </li>
        ))}
        {values.length === 0 && <li>no values here</li>}
        {values.length > MOST_LINES && <li>and {values.length - MOST_LINES} more</li>}
      </ul>
    </div>
  );
}
