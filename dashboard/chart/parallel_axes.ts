/**
 * Parallel coordinates of a search's trials: an axis for each option that varies, and one for the metric; a trial is a line
 * from axis to axis. Places are fractions of an axis' length, 0 at its lower end; the metric's better end is the upper one.
 */

import { ownEntry } from "../../lib/run_log/shared/own_entry.ts";
import { measureOf, metricOf } from "../../lib/run_log/search/measure.ts";
import { isRanked } from "../../lib/run_log/search/ranking.ts";
import type { DimensionRecord, Search, TrialRecord } from "../../lib/run_log/search/search.ts";
import { optionText } from "../../lib/run_log/search/trial_command.ts";
import { formatNumber, formatPercentTick } from "../shared/format.ts";
import { isPercent } from "../shared/metrics.ts";
import { logTicks } from "./ticks.ts";

interface Tick {
  readonly place: number;
  readonly text: string;
}

export interface Axis {
  /** Unique: an option's name, or that of the metric. */
  readonly key: string;
  readonly ticks: readonly Tick[];
  /** How far one press of a key moves a bound. */
  readonly step: number;
  /** Null where the trial has nothing to show on this axis. */
  readonly placeOf: (trial: TrialRecord) => number | null;
  /** What is at a place. */
  readonly textAt: (place: number) => string;
}

/** Part of an axis, from the lower place to the upper one. */
export type Range = readonly [low: number, high: number];

/** Ranges by the axes' keys; what is left out filters nothing. */
export type Filters = ReadonlyMap<string, Range>;

export const ALL: Range = [0, 1];

/** How many colors a metric has; the last is that of the best. theme.css says what they look like. */
export const METRIC_COLORS = 5;

/** The steps of a range from the keyboard. */
const STEPS = 20;

/** More than `train` has options that anybody would vary at once. */
const MOST_AXES = 24;

/** More choices than this have no room to be named each. */
const MOST_TICKS = 12;

const WANTED_TICKS = 5;

export function axesOf(search: Search): Axis[] {
  const varied = search.space.filter(({ kind, values }) => kind !== "fixed" && values.length > 0);
  return [...varied.slice(0, MOST_AXES - 1).map(optionAxis), metricAxis(search)];
}

function optionAxis({ option, kind, values }: DimensionRecord): Axis {
  if (kind === "choice") return choiceAxis(option, values.map(optionText));
  const [least, greatest] = values as [number, number];
  // A stranger's file may call a range logarithmic that is none.
  const isLog = kind.startsWith("log") && least > 0;
  const valueOf = ({ options }: TrialRecord) => ownEntry(options, option);
  return numberAxis(option, least, greatest, isLog, valueOf, formatNumber);
}

function choiceAxis(option: string, texts: readonly string[]): Axis {
  const count = texts.length;
  const places = new Map(texts.map((text, i) => [text, (i + 0.5) / count]));
  const every = Math.ceil(count / MOST_TICKS);
  return {
    key: option,
    step: 1 / count,
    ticks: texts.map((text, i) => ({ place: (i + 0.5) / count, text })).filter((_, i) =>
      i % every === 0
    ),
    placeOf: ({ options }) => {
      const value = ownEntry(options, option);
      return value === undefined ? null : places.get(optionText(value)) ?? null;
    },
    textAt: (place) => texts[Math.min(count - 1, Math.floor(place * count))],
  };
}

function metricAxis(search: Search): Axis {
  const { name, higherIsBetter } = measureOf(search);
  const valueOf = (trial: TrialRecord) => isRanked(trial, search) ? metricOf(trial, search) : null;
  const values = search.trials.map(valueOf).filter((value) => value !== null);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const isFlat = !(least < greatest);
  const bounds = values.length === 0
    ? [0, 1]
    : isFlat
    ? [least * 0.9, least * 1.1 || 1]
    : [least, greatest];
  const isLog = !higherIsBetter && bounds[0] > 0 && bounds[1] / bounds[0] > 3;
  const axis = numberAxis(
    search.metric,
    bounds[0],
    bounds[1],
    isLog,
    valueOf,
    isPercent(name) ? formatPercentTick : formatNumber,
  );
  return higherIsBetter ? axis : upsideDown(axis);
}

function numberAxis(
  key: string,
  least: number,
  greatest: number,
  isLog: boolean,
  valueOf: (trial: TrialRecord) => unknown,
  format: (value: number) => string,
): Axis {
  const scale = isLog ? Math.log : (value: number) => value;
  const [low, high] = [scale(least), scale(greatest)];
  // Neighbouring numbers may have the same logarithm.
  const span = high - low || 1;
  const placeAt = (value: number) => (scale(value) - low) / span;
  const ticks = isLog && greatest / least > 3
    ? logTicks(least, greatest, WANTED_TICKS)
    : evenTicks(least, greatest);
  return {
    key,
    step: 1 / STEPS,
    ticks: ticks.map((value) => ({ place: placeAt(value), text: format(value) })),
    placeOf: (trial) => {
      const value = valueOf(trial);
      const place = typeof value === "number" ? placeAt(value) : NaN;
      return place >= -1e-9 && place <= 1 + 1e-9 ? Math.min(1, Math.max(0, place)) : null;
    },
    textAt: (place) => {
      const value = low + place * (high - low);
      return format(isLog ? Math.exp(value) : value);
    },
  };
}

/** Both ends and three between. */
function evenTicks(least: number, greatest: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => least + share * (greatest - least));
}

function upsideDown({ ticks, placeOf, textAt, ...axis }: Axis): Axis {
  return {
    ...axis,
    ticks: ticks.map(({ place, text }) => ({ place: 1 - place, text })),
    placeOf: (trial) => {
      const place = placeOf(trial);
      return place === null ? null : 1 - place;
    },
    textAt: (place) => textAt(1 - place),
  };
}

/** Whether a trial lies in all ranges. */
export function passes(trial: TrialRecord, axes: readonly Axis[], filters: Filters): boolean {
  return axes.every((axis) => {
    const range = filters.get(axis.key);
    if (!range) return true;
    const place = axis.placeOf(trial);
    return place !== null && place >= range[0] - 1e-9 && place <= range[1] + 1e-9;
  });
}

/** The same with another range of one axis; the whole axis filters nothing. */
export function withRange(filters: Filters, key: string, [a, b]: Range): Filters {
  const [low, high] = [Math.min(a, b), Math.max(a, b)].map((it) => Math.min(1, Math.max(0, it)));
  const next = new Map(filters);
  if (low <= 0 && high >= 1) next.delete(key);
  else next.set(key, [low, high]);
  return next;
}

/** The number of a trial's color, by its place on the metric's axis; null where it has none. */
export function metricColor(trial: TrialRecord, metricAxis: Axis): number | null {
  const place = metricAxis.placeOf(trial);
  return place === null ? null : Math.min(METRIC_COLORS - 1, Math.floor(place * METRIC_COLORS));
}

/** An SVG path from axis to axis, broken where a trial has no place. `x` and `y` are pixels. */
export function linePath(
  trial: TrialRecord,
  axes: readonly Axis[],
  x: (axis: number) => number,
  y: (place: number) => number,
): string {
  let path = "";
  let drawing = false;
  axes.forEach((axis, i) => {
    const place = axis.placeOf(trial);
    if (place !== null) {
      path += `${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(place).toFixed(1)}`;
    }
    drawing = place !== null;
  });
  return path;
}
