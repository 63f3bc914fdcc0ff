/** Zooming and panning along an x axis, linear or logarithmic. */

import type { Span } from "./lines.ts";

/** The narrowest view, as a part of the whole. */
const MIN_PART = 1e-7;

/**
 * The view made wider or narrower.
 *
 * @param about Stays where it is on the screen.
 * @param factor Below 1 looks closer.
 * @returns Null: the whole.
 */
export function zoomed(
  view: Span,
  whole: Span,
  about: number,
  factor: number,
  log: boolean,
): Span | null {
  const [from, to, center] = [view.from, view.to, about].map((x) => toAxis(x, log));
  return fitted(center + (from - center) * factor, center + (to - center) * factor, whole, log);
}

/** The view moved by a part of its width. */
export function panned(view: Span, whole: Span, part: number, log: boolean): Span | null {
  const [from, to] = [view.from, view.to].map((x) => toAxis(x, log));
  const distance = part * (to - from);
  return fitted(from + distance, to + distance, whole, log);
}

/** The view moved, where needed, so that it shows `x`. */
export function showing(view: Span, whole: Span, x: number, log: boolean): Span | null {
  if (x >= view.from && x <= view.to) return view;
  const [from, to, wanted] = [view.from, view.to, x].map((value) => toAxis(value, log));
  return panned(view, whole, (wanted - (from + to) / 2) / (to - from), log);
}

/** Pushes a view back into the whole. */
function fitted(from: number, to: number, whole: Span, log: boolean): Span | null {
  const [first, last] = [whole.from, whole.to].map((x) => toAxis(x, log));
  const width = Math.max(to - from, MIN_PART * (last - first));
  if (!(width < last - first)) return null;
  const start = Math.min(Math.max(from, first), last - width);
  return { from: fromAxis(start, log), to: fromAxis(start + width, log) };
}

function toAxis(x: number, log: boolean): number {
  return log ? Math.log(x) : x;
}

function fromAxis(x: number, log: boolean): number {
  return log ? Math.exp(x) : x;
}
