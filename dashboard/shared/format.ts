/**
 * How the dashboard writes numbers and times: the same on the server and in every browser, because a page is drawn on one
 * and continues living in the other.
 */

/** Stands where there is no number to show. */
export const NOTHING = "–";

type Maybe = number | null | undefined;

/** A loss in nats: `0.4904`; `1.23e+7` where that is shorter. */
export function formatLoss(loss: Maybe): string {
  if (!isNumber(loss)) return NOTHING;
  return Math.abs(loss) < 1e5 ? loss.toFixed(4) : loss.toExponential(2);
}

/** A fraction as a percentage: `81.51 %`, with a space that does not break. */
export function formatPercent(fraction: Maybe, digits = 2): string {
  return isNumber(fraction) ? `${(fraction * 100).toFixed(digits)}\u00a0%` : NOTHING;
}

/** A fraction at an axis: `80 %`, `79.5 %`. */
export function formatPercentTick(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(4))} %`;
}

/** A whole number with its thousands apart: `48,000`. */
export function formatCount(count: Maybe): string {
  if (!isNumber(count)) return NOTHING;
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Three digits of any number: `0.00123`, `1.5`, `310`, `4.2e+9`. */
export function formatNumber(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return formatCount(value);
  return String(Number(value.toPrecision(3)));
}

/** A time of `ms` milliseconds: `48 ms`, `0.31 s`, `12.4 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(ms: Maybe): string {
  if (!isNumber(ms)) return NOTHING;
  if (ms < 9.95) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 99.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** An ISO 8601 time with a zone of its own, such as `2026-11-23T19:31:07+09:00`, in UTC; other texts stay as they are. */
export function utcTime(iso: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T.*[+-]\d{2}:?\d{2}$/.test(iso)) return iso;
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toISOString();
}

/** `2026-11-23 10:31`, in UTC, of an ISO 8601 time; the text itself where it is none. */
export function formatTime(iso: string | null | undefined): string {
  if (!iso) return NOTHING;
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(utcTime(iso));
  return parts ? `${parts[1]} ${parts[2]}` : iso;
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/**
 * How long ago it was, while that says more than the date: `now`, `3 min ago`, `5 h ago`, `2 days ago`, `2026-11-23`.
 *
 * @param now milliseconds since 1970
 */
export function formatAge(iso: string | null | undefined, now: number): string {
  const ms = iso ? now - Date.parse(iso) : NaN;
  if (Number.isNaN(ms) || ms < -MINUTE) return formatTime(iso);
  if (ms < MINUTE) return "now";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  const days = Math.floor(ms / DAY);
  if (days < 7) return days === 1 ? "1 day ago" : `${days} days ago`;
  return formatTime(iso).slice(0, 10);
}

/** The value of an option as a person would type it. */
export function formatOption(value: unknown): string {
  if (value === null || value === undefined) return NOTHING;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * A heading as an element's id: `card-confusion-matrix`. Not Preact's own ids, because each island counts its own from 0.
 */
export function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function isNumber(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
