/** A validation loss at a glance. */

interface Props {
  /** Null is a gap. */
  readonly values: readonly (number | null)[];
  /** Null: of no color, as long as the run is not picked. */
  readonly color: number | null;
}

const WIDTH = 80;
const HEIGHT = 24;
const MARGIN = 2;

export default function Sparkline({ values, color }: Props) {
  return (
    <svg
      class={`sparkline series-${color ?? "none"}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path d={sparklinePath(values, WIDTH, HEIGHT, MARGIN)} />
    </svg>
  );
}

/** An SVG path through the values, broken at gaps; a value between two gaps is a dot. */
export function sparklinePath(
  values: readonly (number | null)[],
  width: number,
  height: number,
  margin: number,
): string {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  if (finite.length === 0) return "";
  const lowest = Math.min(...finite);
  const range = Math.max(...finite) - lowest;
  const x = (i: number) =>
    margin + (values.length < 2 ? 0.5 : i / (values.length - 1)) * (width - 2 * margin);
  const y = (value: number) =>
    height - margin - (range === 0 ? 0.5 : (value - lowest) / range) * (height - 2 * margin);
  let path = "";
  let drawing = false;
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    // A line of no length, which round caps make a dot, so that a value alone is seen too.
    const place = `${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    path += drawing ? `L${place}` : `M${place}L${place}`;
    drawing = true;
  });
  return path;
}
