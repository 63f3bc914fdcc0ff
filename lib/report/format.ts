/**
 * How numbers and times are written for people: the same everywhere, whatever the language of the
 * machine.
 */

/** Stands where there is no number to show. */
const NOTHING = "-";

/** A loss in nats: `0.4904`; `1.23e+7` where that is shorter. */
export function formatLoss(loss: number | null): string {
  if (loss === null || !Number.isFinite(loss)) return NOTHING;
  return Math.abs(loss) < 1e5 ? loss.toFixed(4) : loss.toExponential(2);
}

/** A fraction as a percentage: `81.51 %`. */
export function formatPercent(fraction: number | null, digits = 2): string {
  if (fraction === null || !Number.isFinite(fraction)) return NOTHING;
  return `${(fraction * 100).toFixed(digits)} %`;
}

/** A whole number with its thousands apart: `48,000`. */
export function formatCount(count: number | null): string {
  if (count === null || !Number.isFinite(count)) return NOTHING;
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A time of `ms` milliseconds: `48 ms`, `0.31 s`, `12.4 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NOTHING;
  if (ms < 99.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A time still to wait, to the second, so that it does not flicker: `0:25`, `1:02:03`. */
export function formatCountdown(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NOTHING;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${twoDigits(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
