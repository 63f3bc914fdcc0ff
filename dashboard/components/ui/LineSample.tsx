/** A short piece of a line, as legends and lists show it. */

interface Props {
  /** From 0 to `COLORS - 1`. */
  readonly color: number;
  readonly dash?: readonly number[];
}

export default function LineSample({ color, dash = [] }: Props) {
  return (
    <svg
      class={`line-sample series-${color}`}
      viewBox="0 0 28 10"
      width="28"
      height="10"
      aria-hidden="true"
    >
      <path d="M0 5H28" stroke-dasharray={dash.join(" ") || undefined} />
    </svg>
  );
}
