/** Trials as lines over parallel axes; ranges of axes filter them. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { TrialRecord } from "../../../lib/run_log/search/search.ts";
import {
  ALL,
  type Axis,
  type Filters,
  linePath,
  metricColor,
  type Range,
  withRange,
} from "../../chart/parallel_axes.ts";
import AxisBrush from "./AxisBrush.tsx";

interface Props {
  readonly axes: readonly Axis[];
  /** The best first; those that the filters let through. */
  readonly trials: readonly TrialRecord[];
  /** The others. */
  readonly left: readonly TrialRecord[];
  readonly filters: Filters;
  readonly marked: TrialRecord | null;
  readonly describe: (trial: TrialRecord) => string;
  readonly onFilters: (filters: Filters) => void;
  readonly onMark: (trial: TrialRecord | null) => void;
}

const HEIGHT = 380;
/** Room for the names of axes and for the handles, above and below. */
const [TOP, BOTTOM] = [64, 40];
const SIDE = 60;
/** Axes that are nearer to each other leave no room for names. */
const LEAST_GAP = 120;
/** What the server draws, which does not know how wide the page is. */
const FIRST_WIDTH = 900;
const LONGEST_NAME = 16;
const LONGEST_TICK = 10;

export default function ParallelChart(props: Props) {
  const { axes, trials, left, filters, marked, describe, onFilters, onMark } = props;
  const host = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(FIRST_WIDTH);
  useEffect(() => {
    const observer = new ResizeObserver(() => setRoom(host.current!.clientWidth));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);

  const gaps = Math.max(1, axes.length - 1);
  const width = Math.max(room, gaps * LEAST_GAP + 2 * SIDE);
  const x = (axis: number) => SIDE + axis * (width - 2 * SIDE) / gaps;
  const y = (place: number) => TOP + (1 - place) * (HEIGHT - TOP - BOTTOM);
  const metric = axes[axes.length - 1];
  const at = marked ? trials.indexOf(marked) : -1;

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowRight: 1,
      ArrowUp: -1,
      ArrowLeft: -1,
    };
    const last = trials.length - 1;
    const next = event.key === "Home"
      ? 0
      : event.key === "End"
      ? last
      : Object.hasOwn(steps, event.key)
      ? Math.min(last, Math.max(0, at + steps[event.key]))
      : null;
    if (event.key === "Escape") onMark(null);
    if (next === null || last < 0) return;
    event.preventDefault();
    onMark(trials[next]);
  };
  const line = (trial: TrialRecord, look: string) => (
    <path key={trial.trial} class={look} d={linePath(trial, axes, x, y)} />
  );
  const color = (trial: TrialRecord) => `trial-line metric-${metricColor(trial, metric) ?? "none"}`;
  return (
    <div class="scroll parallel" ref={host} tabIndex={0} role="region" aria-label="Parallel axes">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <g aria-hidden="true">
          {left.map((trial) =>
            line(trial, "trial-line trial-left")
          )}
        </g>
        <g
          role="slider"
          tabindex={0}
          class="trial-lines"
          aria-label="Trial"
          aria-valuemin={trials.length > 0 ? 1 : 0}
          aria-valuemax={trials.length}
          aria-valuenow={at + 1}
          aria-valuetext={at < 0 ? "none" : describe(trials[at])}
          onKeyDown={onKeyDown}
          onFocus={() =>
            at < 0 && onMark(trials[0] ?? null)}
          onPointerLeave={() =>
            onMark(null)}
        >
          {/* The best last, so that it lies on top. */}
          {trials.toReversed().map((trial) =>
            line(trial, color(trial))
          )}
          {marked && line(marked, `${color(marked)} trial-marked`)}
          {trials.map((trial) => (
            <path
              key={-trial.trial}
              class="trial-target"
              d={linePath(trial, axes, x, y)}
              onPointerEnter={() => onMark(trial)}
            />
          ))}
        </g>
        {axes.map((axis, i) => (
          <g key={axis.key}>
            <line class="axis-line" x1={x(i)} x2={x(i)} y1={y(0)} y2={y(1)} />
            <text class="axis-name" x={x(i)} y={18}>
              <title>{axis.key}</title>
              {shortened(axis.key, LONGEST_NAME)}
            </text>
            {axis.ticks.map(({ place, text }) => (
              <g key={place} class="axis-tick">
                <line x1={x(i) - 4} x2={x(i) + 4} y1={y(place)} y2={y(place)} />
                <text x={x(i) + 8} y={y(place)}>{shortened(text, LONGEST_TICK)}</text>
              </g>
            ))}
            <AxisBrush
              axis={axis}
              range={filters.get(axis.key) ?? ALL}
              x={x(i)}
              y={y}
              onRange={(range: Range) => onFilters(withRange(filters, axis.key, range))}
            />
          </g>
        ))}
      </svg>
    </div>
  );
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
