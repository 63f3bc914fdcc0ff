/** A short piece of a line, as legends and lists show it. */

interface Props {
  /** From 0 to `COLOURS - 1`. */
  readonly colour: number;
  readonly dash?: readonly number[];
}

export default function LineSample({ colour, dash = [] }: Props) {
  return (
    <svg
      class={`line-sample series-${colour}`}
      viewBox="0 0 28 10"
      width="28"
      height="10"
      aria-hidden="true"
    >
      <path d="M0 5H28" stroke-dasharray={dash.join(" ") || undefined} />
    </svg>
  );
}
