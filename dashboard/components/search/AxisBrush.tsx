/** Picks a range of an axis: drawn with the pointer along the axis, or with a handle at each of its ends, also by keyboard. */

import { useRef } from "preact/hooks";
import { ALL, type Axis, type Range } from "../../chart/parallel_axes.ts";

interface Props {
  readonly axis: Axis;
  readonly range: Range;
  /** Pixels. */
  readonly x: number;
  readonly y: (place: number) => number;
  readonly onRange: (range: Range) => void;
}

/** A finger's breadth; and what a handle must have at least to be hit. */
const BREADTH = 32;
const HANDLE = 24;

/** A range that is shorter was a click, which takes it away. */
const SHORTEST = 0.02;

export default function AxisBrush({ axis, range, x, y, onRange }: Props) {
  /** Where the pointer holds on: the end of the range that stays. */
  const fixed = useRef<number | null>(null);
  const [low, high] = range;
  const isWhole = low <= 0 && high >= 1;

  const placeOf = (event: PointerEvent) => {
    const svg = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    return (event.clientY - svg.top - y(0)) / (y(1) - y(0));
  };
  const onPointerDown = (event: PointerEvent) => {
    const place = placeOf(event);
    const reach = HANDLE / Math.abs(y(1) - y(0));
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    event.preventDefault();
    // A handle stands outside of its end.
    if (place > high && place <= high + reach) fixed.current = low;
    else if (place < low && place >= low - reach) fixed.current = high;
    else fixed.current = place;
  };
  const onPointerMove = (event: PointerEvent) => {
    if (fixed.current === null) return;
    const place = placeOf(event);
    if (Math.abs(place - fixed.current) >= SHORTEST) onRange([fixed.current, place]);
  };
  const onPointerUp = (event: PointerEvent) => {
    const from = fixed.current;
    fixed.current = null;
    if (
      from !== null && from !== low && from !== high && Math.abs(placeOf(event) - from) < SHORTEST
    ) {
      onRange(ALL);
    }
  };
  const onKeyDown = (event: KeyboardEvent, isUpper: boolean) => {
    const own = isUpper ? high : low;
    const [least, most] = isUpper ? [low, 1] : [0, high];
    const to: Record<string, number> = {
      ArrowUp: own + axis.step,
      ArrowRight: own + axis.step,
      ArrowDown: own - axis.step,
      ArrowLeft: own - axis.step,
      Home: least,
      End: most,
      Escape: isUpper ? 1 : 0,
    };
    if (!Object.hasOwn(to, event.key)) return;
    event.preventDefault();
    // Steps of a twentieth add up to 0.9999 otherwise.
    const place = Math.round(Math.min(most, Math.max(least, to[event.key])) * 1e6) / 1e6;
    onRange(isUpper ? [low, place] : [place, high]);
  };
  const handle = (isUpper: boolean) => {
    const place = isUpper ? high : low;
    const at = y(place);
    const sign = isUpper ? -1 : 1;
    return (
      <g
        role="slider"
        tabindex={0}
        class="axis-handle"
        aria-label={`${isUpper ? "Upper" : "Lower"} end of ${axis.key}`}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(place * 100)}
        aria-valuetext={axis.textAt(place)}
        onKeyDown={(event) => onKeyDown(event, isUpper)}
      >
        <rect x={x - HANDLE / 2} y={isUpper ? at - HANDLE : at} width={HANDLE} height={HANDLE} />
        <path d={`M${x} ${at + 2 * sign}l-7 ${11 * sign}h14z`} />
      </g>
    );
  };
  return (
    <>
      <g
        class="axis-brush"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
      >
        <rect
          class="axis-strip"
          x={x - BREADTH / 2}
          y={y(1) - HANDLE}
          width={BREADTH}
          height={y(0) - y(1) + 2 * HANDLE}
        />
        {!isWhole && (
          <rect class="axis-range" x={x - 7} y={y(high)} width={14} height={y(low) - y(high)} />
        )}
        {handle(true)}
        {handle(false)}
      </g>
    </>
  );
}
