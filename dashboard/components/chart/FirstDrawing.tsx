/** Curves as the server draws them, before the page's scripts are there: where the chart will be, without its axes. */

import { draw, prepare } from "../../chart/drawing.ts";
import { type Line, type Span, spanOf } from "../../chart/lines.ts";

interface Props {
  readonly lines: readonly Line[];
  readonly view: Span | null;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly smoothing: number;
  readonly clips: boolean;
}

const [WIDTH, HEIGHT] = [600, 300];

/** Stretches of the view that are told apart: a page must stay small. */
const BUCKETS = 60;

export default function FirstDrawing({ lines, view, logX, logY, smoothing, clips }: Props) {
  const shown = view ?? spanOf(lines);
  const prepared = prepare(lines, smoothing).map(({ xs, raw, smooth }) => ({
    xs,
    raw: smooth ?? raw,
    smooth: null,
    edges: [],
  }));
  const { xs, columns, range } = draw(prepared, shown, BUCKETS, logY, clips);
  const along = scale(shown, WIDTH, logX);
  const up = scale(range, HEIGHT, logY);
  return (
    <svg
      class="first-drawing"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {columns.map((ys, i) => (
        <path
          key={lines[i].label}
          class={`series-${lines[i].color}`}
          d={pathOf(xs, ys, along, (y) => HEIGHT - up(y))}
          stroke-dasharray={lines[i].dash.join(" ") || undefined}
          vector-effect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

function scale({ from, to }: Span, size: number, log: boolean): (value: number) => number {
  const place = log ? Math.log : (value: number) => value;
  const [first, last] = [place(from), place(to)];
  return (value) => (place(value) - first) / (last - first) * size;
}

/** Null breaks the line; what is undefined only says that another line has a point there. */
function pathOf(
  xs: readonly number[],
  ys: readonly (number | null | undefined)[],
  along: (x: number) => number,
  up: (y: number) => number,
): string {
  let path = "";
  let isOpen = false;
  ys.forEach((y, i) => {
    if (y === undefined) return;
    if (y !== null) path += `${isOpen ? "L" : "M"}${along(xs[i]).toFixed(1)} ${up(y).toFixed(1)}`;
    isOpen = y !== null;
  });
  return path;
}
