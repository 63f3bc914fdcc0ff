/** Predicted against actual values of a regression: a dot is a row of the test set; on the diagonal it is right. */

import type { PredictionsRecord } from "../../../lib/run_log/run/records.ts";
import { evenTicks } from "../../chart/ticks.ts";
import { formatCount, formatNumber } from "../../shared/format.ts";

const SIZE = 360;
const [LEFT, BOTTOM, EDGE] = [56, 40, 10];

export default function PredictedActual({ name, actual, predicted }: PredictionsRecord) {
  const points = actual.flatMap((x, i) => {
    const y = predicted[i];
    return typeof x === "number" && typeof y === "number" ? [[x, y] as const] : [];
  });
  if (points.length === 0) return <p class="note">No finite prediction of {name} was logged.</p>;
  const values = points.flat();
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const margin = (greatest - least) * 0.04 || Math.abs(greatest) * 0.05 || 0.5;
  const [from, to] = [least - margin, greatest + margin];
  const place = (value: number) => (value - from) / (to - from) * (SIZE - LEFT - EDGE);
  const x = (value: number) => LEFT + place(value);
  const y = (value: number) => SIZE - BOTTOM - place(value) * heightRatio;
  const ticks = evenTicks(from, to, 4);
  return (
    <figure class="scatter">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={describe(name, points)}>
        {ticks.map((tick) => (
          <g key={tick} class="scatter-tick">
            <path d={`M${x(tick)} ${EDGE}V${SIZE - BOTTOM}M${LEFT} ${y(tick)}H${SIZE - EDGE}`} />
            <text x={x(tick)} y={SIZE - BOTTOM + 16} text-anchor="middle">
              {formatNumber(tick)}
            </text>
            <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">{formatNumber(tick)}</text>
          </g>
        ))}
        <path class="scatter-right" d={`M${x(from)} ${y(from)}L${x(to)} ${y(to)}`} />
        <g class="scatter-points">
          {points.map(([actual, predicted], i) => (
            <circle key={i} cx={x(actual).toFixed(1)} cy={y(predicted).toFixed(1)} r={3} />
          ))}
        </g>
        <text class="scatter-name" x={(SIZE + LEFT) / 2} y={SIZE - 6} text-anchor="middle">
          actual {name}
        </text>
        <text
          class="scatter-name"
          transform={`translate(12 ${(SIZE - BOTTOM) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          predicted
        </text>
      </svg>
      <figcaption class="note">{describe(name, points)}.</figcaption>
    </figure>
  );
}

const heightRatio = (SIZE - BOTTOM - EDGE) / (SIZE - LEFT - EDGE);

function describe(name: string, points: readonly (readonly [number, number])[]): string {
  const errors = points.map(([actual, predicted]) => Math.abs(predicted - actual))
    .sort((a, b) => a - b);
  const median = errors[errors.length >> 1];
  return `${formatCount(points.length)} rows of the test set: half of the predictions of ${name} ` +
    `are within ${formatNumber(median)} of what is true, the worst is off by ${
      formatNumber(errors[errors.length - 1])
    }`;
}
